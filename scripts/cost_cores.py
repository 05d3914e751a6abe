"""Area and energy of a matrix core by component, for a product of one row block by all lanes (K = 2048, one block of partial
sums), two ways: by the prices of a technology file, events counted as the cores count them; or measured, that is, the netlist at
exactly these parameters under recorded operands."""
import concurrent.futures
import os
import pathlib

import yaml

import calibrate
import cost_fit
from cost_expression import with_names
from measure import MeasureError
from operands import PRODUCT_K as K

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_CYCLES = 1.25  # for a fire: fill and drain are in it, stalls are not
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


def variation_of(unit, bits):
    """Of the operands; multipliers take two bits at least."""
    return f"product_int{max(bits, 2) if unit == 'mac_core' else bits}"


def counts_of(unit, parameters, bits):
    """{event: count} of the product, cycles without fill and drain."""
    chunks, groups = parameters["Lanes"] // parameters["EpilogueLanes"], K // parameters["GroupLength"]
    fires = groups * planes_of(unit, bits)
    return {"cycle": fires, "fire": fires, "weight": fires, "act": groups, "cmd": 1, "scale": chunks, "word_switch": 1,
            "row_fire": fires * parameters["Rows"],
            "out": chunks * parameters["Rows"] // parameters["EpilogueRows"]}


class Priced:
    """Cores by the prices of a technology file."""

    def __init__(self, name):
        self.units = yaml.safe_load((ROOT / f"configs/technology/{name}.yaml").read_text(encoding="utf-8"))["units"]

    def core(self, unit, parameters, bits):
        values = with_names(self.units[unit]["names"], parameters)
        counts, area, energy = counts_of(unit, parameters, bits), {}, {}
        for name, component in self.units[unit]["components"].items():
            area[name] = cost_fit.sum_of(component["area_um2"], values)
            energy[name] = cost_fit.predicted_energy({name: component}, values, counts)
        return Core(parameters, planes_of(unit, bits), area, energy)


class Measured:
    """Cores by synthesis and gate-level simulation; what there is of a core stays in build."""

    def __init__(self, name):
        self.calibration = calibrate.Calibration(ROOT / "../shared/data/liberty" / LIBERTY[name], None, None, os.cpu_count() or 1, None)

    def prepare(self, jobs):
        """All of (unit, parameters, bits), several at a time: first the netlists, which serve several widths, each once."""
        netlists = {(unit, tuple(parameters.items())) for unit, parameters, _ in jobs}
        measurements = {(unit, tuple(parameters.items()), variation_of(unit, bits)) for unit, parameters, bits in jobs}
        with concurrent.futures.ThreadPoolExecutor(self.calibration.jobs) as pool:
            list(pool.map(lambda job: self.calibration.points.record(job[0], dict(job[1])), netlists))
            list(pool.map(lambda job: self.calibration.measured(job[0], dict(job[1]), job[2]), measurements))

    def point(self, unit, parameters, bits):
        return self.calibration.point(unit, parameters, variation_of(unit, bits))

    def errors(self, prices, unit, parameters, bits):
        """Relative errors of prices, of area and energy, frame included, for the events of the measurement."""
        point, fitted = self.point(unit, parameters, bits), prices.units[unit]["components"]
        return cost_fit.area_error(fitted, point), cost_fit.energy_error(fitted, point)

    def core(self, unit, parameters, bits):
        point = self.point(unit, parameters, bits)
        counts, energy = point.counts(), {}
        if counts["cycle"] > MOST_CYCLES * counts["fire"]:
            raise MeasureError(f"{point.name}: {counts['cycle']:.0f} cycles for {counts['fire']:.0f} fires: it stalls, and its rate is another")
        for (name, _), windows in point.energy.items():
            energy[name] = energy.get(name, 0) + sum(windows)
        return Core(parameters, planes_of(unit, bits), point.area, energy)


def is_there(name):
    return (ROOT / "../shared/data/liberty" / LIBERTY[name]).exists()
