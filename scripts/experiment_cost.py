"""Area and energy per operation of the LUT tensor core at M2N64K4 beside its baselines, from the calibrated technologies:
the publication's Table 2 (conventional tables, re-interpretation, negation folded offline, fusion; 28 nm, Design Compiler)
and which core is smallest at which weight width.

A product of one row block by all lanes is counted, K = 2048, one block of partial sums; events as the cores count them."""
import pathlib

import yaml

from cost_expression import evaluate, with_names
from experiment_rows import Row

TECHNOLOGIES = pathlib.Path(__file__).resolve().parent.parent / "configs/technology"
NAMES = ("asap7", "sg13g2")
CORE = {"Rows": 2, "Lanes": 64, "GroupLength": 4, "ActBits": 8, "PsumBlocks": 1, "PsumBits": 24, "EpilogueLanes": 8, "EpilogueRows": 1}
TABLES = {"MaxPlanes": 2, "TableGenerators": 1, "Symmetric": 1, "Fold": 1, "FusedTables": 0, "ActFormat": 0, "QuantizedTables": 0,
          "TernaryTables": 0, "SegmentGroups": 16}
K = 2048

ABLATION = [  # name, parameters of lut_core, published um2 and mW (W2A8, 28 nm)
    ("conventional: full tables", {"Symmetric": 0, "Fold": 0}, 17271.71, 23.39),
    ("+ re-interpretation: half tables", {"Fold": 0}, 13116.60, 17.98),
    ("+ negation folded offline", {}, 12780.05, 17.37),
    ("+ fusion: tables arrive", {"FusedTables": 1, "TableGenerators": 2}, 11991.29, 16.22),
]
LUT_PARTS = ("tables", "lookups")  # where the four differ


def sum_of(terms, values):
    return sum(coefficient * evaluate(term, values) for term, coefficient in terms.items())


def load(name):
    file = TECHNOLOGIES / f"{name}.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else None


class Core:
    """A unit at given parameters: areas in um2 and fJ per MAC by component."""

    def __init__(self, technology, unit, parameters, bits):
        block = technology["units"][unit]
        values = with_names(block["names"], parameters)
        serial = unit != "mac_core"
        groups, chunks = K // parameters["GroupLength"], parameters["Lanes"] // parameters["EpilogueLanes"]
        fires = groups * (bits if serial else 1)
        outs = parameters["Rows"] * chunks
        counts = {"cycle": fires, "fire": fires, "weight": fires, "act": groups, "out": outs, "scale": chunks, "cmd": 1,
                  "word_switch": 1}
        macs = parameters["Rows"] * parameters["Lanes"] * K
        self.area, self.energy = {}, {}
        for name, component in block["components"].items():
            self.area[name] = sum_of(component["area_um2"], values)
            energy = counts["cycle"] * sum_of(component["clock_fj"], values)
            for kind in ("combinational_fj", "register_fj"):
                energy += sum(counts.get(event, 0) * sum_of(terms, values) for event, terms in component[kind].items())
            self.energy[name] = energy / macs
        self.rate = macs / fires  # MACs a cycle

    def of(self, what, parts=None):
        found = getattr(self, what)
        return sum(value for name, value in found.items() if (parts is None and name != "frame") or (parts and name in parts))


def text(parts, digits=0):
    return ", ".join(f"{name} {value:,.{digits}f}" for name, value in parts.items())


def ablation(technology):
    rows = []
    cores = [Core(technology, "lut_core", {**CORE, **TABLES, **settings}, 2) for _, settings, _, _ in ABLATION]
    for what, column, unit in (("area", 2, "um2"), ("energy", 3, "fJ per MAC")):
        for account, parts in ((f"{what}, tables and lookups alone", LUT_PARTS), (f"{what}, array without frame", None)):
            first = cores[0].of(what, parts)
            for case, core in zip(ABLATION, cores):
                whole, theirs = core.of(what, parts), ABLATION[0][column] / case[column]
                rows.append(Row(f"{account}: {case[0]}" if core is cores[0] else case[0], f"{first / whole:.3f}x", f"{theirs:.3f}x",
                                first / whole / theirs, f"{whole:,.1f} {unit}: {text(getattr(core, what), 1)}", core is not cores[0]))
    full, half, folded, fused = cores
    rows.append(Row("why", "", "", None, explanation(full, half, folded, fused)))
    return rows


def explanation(full, half, folded, fused):
    """What our cores have that the publication does not count, from the figures."""
    same = {what: 1 - full.of(what, LUT_PARTS) / full.of(what) for what in ("area", "energy")}
    return (f"partial sums, weight FIFO and their clock are {100 * same['area']:.0f} % of the conventional array's area and "
            f"{100 * same['energy']:.0f} % of its energy, and no step of the ablation touches them: two banks of words a lane, where "
            "the released Verilog has one word. Half tables halve the table's registers and multiplexer "
            f"({full.area['tables']:,.0f} to {half.area['tables']:,.0f} um2, {full.area['lookups']:,.0f} to "
            f"{half.area['lookups']:,.0f}), and add a negation with its carry chain in each lane; folding offline takes "
            f"{half.area['lookups'] - folded.area['lookups']:,.0f} um2 of exclusive ors; ready-made tables need "
            f"{fused.area['tables']:,.0f} um2 of FIFO and registers here against {folded.area['tables']:,.0f} with a generator")


def crossing(technology):
    rows = []
    for bits in (1, 2, 4):
        serial = {**CORE, "MaxPlanes": max(bits, 1)}
        cores = {"lut_core": Core(technology, "lut_core", {**CORE, **TABLES, "MaxPlanes": bits}, bits),
                 "adder_core": Core(technology, "adder_core", serial, bits),
                 # As a tensor core has them: low-bit weights on multipliers of 8 bits.
                 "mac_core W8": Core(technology, "mac_core", {**CORE, "ActFormat": 0, "WeightBits": 8}, bits),
                 "conventional": Core(technology, "lut_core", {**CORE, **TABLES, "MaxPlanes": bits, "Symmetric": 0, "Fold": 0}, bits)}
        published = "mac" if bits == 4 else "lut"
        for what, unit in (("area", "um2 per MAC/cycle"), ("energy", "fJ per MAC")):
            cost = {name: core.of(what) / (core.rate if what == "area" else 1) for name, core in cores.items()}
            best = min(cost, key=cost.get)
            rows.append(Row(f"W{bits}A8: smallest {what}", best.split("_")[0], published, None,
                            "; ".join(f"{name} {value:,.2f} ({value / cost['lut_core']:.2f})" for name, value in cost.items())
                            + f" {unit} without frame (over lut_core)"))
            per = {name: {part: value / (core.rate if what == "area" else 1) for part, value in getattr(core, what).items()
                          if part != "frame"} for name, core in cores.items()}
            rows.append(Row("parts", "", "", None, "; ".join(f"{name}: {text(parts, 2)}" for name, parts in per.items()), True))
            native = Core(technology, "mac_core", {**CORE, "ActFormat": 0, "WeightBits": max(bits, 2)}, bits)
            value = native.of(what) / (native.rate if what == "area" else 1)
            rows.append(Row(f"multipliers of {max(bits, 2)} bits instead", f"{value / cost['lut_core']:.2f}x", "-", None,
                            f"{value:,.2f} {unit}, over lut_core: a fixed width, which the publication does not compare with; a "
                            "serial core repeats its partial sums' cycle for each plane", True))
    wide = Core(technology, "mac_core", {**CORE, "ActFormat": 0, "WeightBits": 8}, 8)
    lut = Core(technology, "lut_core", {**CORE, **TABLES, "MaxPlanes": 1}, 1)
    for what, scale in (("area", lambda core: core.rate), ("energy", lambda core: 1)):
        ratio = wide.of(what) / scale(wide) / (lut.of(what) / scale(lut))
        rows.append(Row(f"INT8 multipliers over lut_core at W1, {what}", f"{ratio:.2f}x", "4..6x", ratio / 5,
                        f"{wide.of(what) / scale(wide):,.2f} against {lut.of(what) / scale(lut):,.2f}"))
    return rows


def tables():
    """(title, rows) of each technology that is calibrated."""
    for name in NAMES:
        technology = load(name)
        if technology is not None:
            yield f"Table 2, M2N64K4, W2A8, {name}", ablation(technology)
            yield f"Cores at M2N64K4, A8, {name}", crossing(technology)
