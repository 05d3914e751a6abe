"""Area and energy per operation of the LUT tensor core at M2N64K4 beside its baselines: the publication's Table 2 (conventional
tables, re-interpretation, negation folded offline, fusion; 28 nm, Design Compiler) and which core is smallest at which weight
width. From the prices of the calibrated technologies, or from netlists of exactly these cores (cost_cores.py)."""
import cost_cores
import interpolate
from experiment_rows import Row

NAMES = ("asap7", "sg13g2")
CORE = {"Rows": 2, "Lanes": 64, "GroupLength": 4, "ActBits": 8, "PsumBlocks": 1, "PsumBits": 24, "EpilogueLanes": 8, "EpilogueRows": 1}
TABLES = {"MaxPlanes": 2, "TableGenerators": 1, "Symmetric": 1, "Fold": 1, "FusedTables": 0, "ActFormat": 0, "QuantizedTables": 0,
          "TernaryTables": 0, "SegmentGroups": 16}
CONVENTIONAL = {"Symmetric": 0, "Fold": 0}

ABLATION = [  # name, parameters of lut_core, published um2 and mW (W2A8, 28 nm)
    ("conventional: full tables", CONVENTIONAL, 17271.71, 23.39),
    ("+ re-interpretation: half tables", {"Fold": 0}, 13116.60, 17.98),
    ("+ negation folded offline", {}, 12780.05, 17.37),
    ("+ fusion: tables arrive", {"FusedTables": 1, "TableGenerators": 2}, 11991.29, 16.22),
]
WIDTHS = (1, 2, 4)
LUT_PARTS = ("tables", "lookups")  # where the four differ


def lut_core(cores, bits, **settings):
    generators = max(1, CORE["Rows"] // bits)  # a table of each row in as many cycles as there are planes: no stalls
    return cores.core("lut_core", {**CORE, **TABLES, "MaxPlanes": bits, "TableGenerators": generators, **settings}, bits)


def adder_core(cores, bits):
    return cores.core("adder_core", {**CORE, "MaxPlanes": bits}, bits)


def mac_core(cores, bits, weight_bits):
    return cores.core("mac_core", {**CORE, "ActFormat": 0, "WeightBits": weight_bits}, bits)


def text(parts, digits=0):
    return ", ".join(f"{name} {value:,.{digits}f}" for name, value in parts.items())


def ablation_cores(source):
    return [lut_core(source, 2, **settings) for _, settings, _, _ in ABLATION]


def crossing_cores(source, bits):
    """The multipliers are those of a tensor core: of 8 bits, for low-bit weights as well."""
    return {"lut_core": lut_core(source, bits), "adder_core": adder_core(source, bits), "mac_core W8": mac_core(source, bits, 8),
            "conventional": lut_core(source, bits, **CONVENTIONAL), "native": mac_core(source, bits, max(bits, 2))}


def ablation(source):
    rows = []
    cores = ablation_cores(source)
    for what, column, unit in (("area", 2, "um2"), ("energy", 3, "fJ per MAC")):
        for account, parts in ((f"{what}, tables and lookups alone", LUT_PARTS), (f"{what}, array without frame", None)):
            first = cores[0].of(what, parts)
            for case, core in zip(ABLATION, cores):
                whole, theirs = core.of(what, parts), ABLATION[0][column] / case[column]
                rows.append(Row(f"{account}: {case[0]}" if core is cores[0] else case[0], f"{first / whole:.3f}x", f"{theirs:.3f}x",
                                first / whole / theirs, f"{whole:,.1f} {unit}: {text(getattr(core, what), 1)}", core is not cores[0]))
    rows.append(Row("why", "", "", None, explanation(*cores)))
    return rows


def at_28_nm(source):
    """Absolute areas, asap7 scaled (scripts/interpolate.py): right to 20 % at best."""
    scale, rows = interpolate.factors(28)["area"], []
    for case, core in zip(ABLATION, ablation_cores(source)):
        alone, array = scale * core.of("area", LUT_PARTS), scale * core.of("area")
        rows.append(Row(f"tables and lookups: {case[0]}", f"{alone:,.0f}", f"{case[2]:,.0f}", alone / case[2],
                        f"um2; with partial sums and weight FIFO {array:,.0f}. Not known of the published figure: clock, whether partial "
                        "sums are in it" if case is ABLATION[0] else f"with partial sums and weight FIFO {array:,.0f}"))
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


def crossing(source):
    rows = []
    for bits in WIDTHS:
        cores = crossing_cores(source, bits)
        native = cores.pop("native")
        for what, unit in (("area", "um2 per MAC/cycle"), ("energy", "fJ per MAC")):
            cost = {name: core.cost(what)[0] for name, core in cores.items()}
            rows.append(Row(f"W{bits}A8: smallest {what}", min(cost, key=cost.get).split("_")[0], "mac" if bits == 4 else "lut", None,
                            "; ".join(f"{name} {value:,.2f} ({value / cost['lut_core']:.2f})" for name, value in cost.items())
                            + f" {unit} without frame (over lut_core)"))
            rows.append(Row("parts", "", "", None, "; ".join(f"{name}: {text(core.cost(what)[1], 2)}" for name, core in cores.items()),
                            True))
            value = native.cost(what)[0]
            rows.append(Row(f"multipliers of {max(bits, 2)} bits instead", f"{value / cost['lut_core']:.2f}x", "-", None,
                            f"{value:,.2f} {unit}, over lut_core: a fixed width, which the publication does not compare with; a "
                            "serial core repeats its partial sums' cycle for each plane", True))
    wide, lut = mac_core(source, 8, 8), lut_core(source, 1)
    for what in ("area", "energy"):
        ours, theirs = wide.cost(what)[0], lut.cost(what)[0]
        rows.append(Row(f"INT8 multipliers over lut_core at W1, {what}", f"{ours / theirs:.2f}x", "4..6x", ours / theirs / 5,
                        f"{ours:,.2f} against {theirs:,.2f}"))
    return rows


class Wanted(list):
    """(unit, parameters, bits) of the cores that were asked for."""

    def core(self, *job):
        if job not in self:
            self.append(job)


def wanted():
    jobs = Wanted()
    ablation_cores(jobs)
    for bits in WIDTHS:
        crossing_cores(jobs, bits)
    mac_core(jobs, 8, 8)
    return jobs


def extrapolation(source, name):
    """The prices against the netlists, for the same events."""
    rows = []
    prices = cost_cores.Priced(name)
    for unit, parameters, bits in wanted():
        area, energy = source.errors(prices, unit, parameters, bits)
        settings = " ".join(f"{n}={v}" for n, v in parameters.items() if n not in CORE and TABLES.get(n) != v)
        rows.append(Row(f"{unit} W{bits} {settings}", f"{area:+.1%}", "area", None, f"energy {energy:+.1%}"))
    return rows


def tables(netlists):
    """(title, heading, rows) of each technology."""
    for name in NAMES:
        if netlists and not cost_cores.is_there(name):
            print(f"{name}: skipped, {cost_cores.LIBERTY[name]} is not in ../shared/data/liberty")
            continue
        source = cost_cores.Measured(name) if netlists else cost_cores.Priced(name)
        how = "netlists" if netlists else "prices"
        if netlists:
            source.prepare(wanted())
        yield f"Table 2, M2N64K4, W2A8, {name}, {how}", "published", ablation(source)
        if name == interpolate.BASE:
            yield f"Table 2, area at 28 nm, {name} scaled, {how}", "published", at_28_nm(source)
        yield f"Cores at M2N64K4, A8, {name}, {how}", "published", crossing(source)
        if netlists:
            yield f"Prices of {name} against these netlists", "of", extrapolation(source, name)
