"""Area and energy of a matrix core by component, for a product of one row block by all lanes (K = 2048, one block of partial
sums), two ways: by the prices of a technology file, events counted as the cores count them; or measured, that is, the netlist at
exactly these parameters under recorded operands."""
import concurrent.futures
import os
import pathlib

import yaml

import calibrate
import cost_fit
from cost_expression import evaluate, with_names
from operands import PRODUCT_K as K

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBERTY = {"asap7": "asap7_rvt_tt.lib.xz", "sg13g2": "sg13g2_stdcell_typ_1p20V_25C.lib.xz"}


class Core:
    """Areas in um2 and fJ per multiply-accumulate, by component."""

    def __init__(self, parameters, planes, area, energy):
        macs = parameters["Rows"] * parameters["Lanes"] * K
        self.area, self.energy = area, {name: value / macs for name, value in energy.items()}
        self.rate = parameters["Rows"] * parameters["Lanes"] * parameters["GroupLength"] / planes  # MACs a cycle

    def of(self, what, parts=None):
        """Of the parts; default: of all but the frame."""
        found = getattr(self, what)
        return sum(value for name, value in found.items() if (parts is None and name != "frame") or (parts and name in parts))

    def cost(self, what):
        """um2 per MAC and cycle, or fJ per MAC, without frame; by component as well."""
        scale = self.rate if what == "area" else 1
        return self.of(what) / scale, {name: value / scale for name, value in getattr(self, what).items() if name != "frame"}


def planes_of(unit, bits):
    return 1 if unit == "mac_core" else bits


class Priced:
    """Cores by the prices of a technology file."""

    def __init__(self, name):
        self.units = yaml.safe_load((ROOT / f"configs/technology/{name}.yaml").read_text(encoding="utf-8"))["units"]

    def core(self, unit, parameters, bits):
        values = with_names(self.units[unit]["names"], parameters)
        planes, chunks = planes_of(unit, bits), parameters["Lanes"] // parameters["EpilogueLanes"]
        groups = K // parameters["GroupLength"]
        fires = groups * planes
        counts = {"cycle": fires, "fire": fires, "weight": fires, "act": groups, "cmd": 1, "scale": chunks, "word_switch": 1,
                  "out": chunks * parameters["Rows"] // parameters["EpilogueRows"]}
        area, energy = {}, {}
        for name, component in self.units[unit]["components"].items():
            area[name] = cost_fit.sum_of(component["area_um2"], values)
            energy[name] = cost_fit.predicted_energy({name: component}, values, counts)
        return Core(parameters, planes, area, energy)


class Measured:
    """Cores by synthesis and gate-level simulation; what there is of a core stays in build."""

    def __init__(self, name):
        self.calibration = calibrate.Calibration(ROOT / "../shared/data/liberty" / LIBERTY[name], None, None, os.cpu_count() or 1, None)
        self.seen = {}

    def prepare(self, jobs):
        """All of (unit, parameters, bits), two at a time."""
        with concurrent.futures.ThreadPoolExecutor(self.calibration.jobs) as pool:
            list(pool.map(lambda job: self.point(*job), jobs))

    def point(self, unit, parameters, bits):
        key = (unit, tuple(parameters.items()), bits)
        if key not in self.seen:
            weight = f"int{max(bits, 2) if unit == 'mac_core' else bits}"  # multipliers take two bits at least
            self.seen[key] = self.calibration.point(unit, parameters, f"product_{weight}")
        return self.seen[key]

    def errors(self, prices, unit, parameters, bits):
        """Relative errors of prices, of area and energy, frame included, for the events of the measurement."""
        point, fitted = self.point(unit, parameters, bits), prices.units[unit]["components"]
        return cost_fit.area_error(fitted, point), cost_fit.energy_error(fitted, point)

    def core(self, unit, parameters, bits):
        point = self.point(unit, parameters, bits)
        energy = {}
        for (name, _), windows in point.energy.items():
            energy[name] = energy.get(name, 0) + sum(windows)
        return Core(parameters, planes_of(unit, bits), point.area, energy)


def is_there(name):
    return (ROOT / "../shared/data/liberty" / LIBERTY[name]).exists()
