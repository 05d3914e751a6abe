"""Parameters at which units are synthesized: points that a fit is made of, and points held out to check it, the last of
them larger than the others. Parameters vary independently; what a column does not name has the default of the Verilog."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def table(columns, rows):
    columns = columns.split()
    return [dict(zip(columns, map(int, row.split()))) for row in rows.strip().splitlines()]


CORE = "Rows Lanes GroupLength ActBits PsumBlocks PsumBits EpilogueLanes EpilogueRows"
LUT_CORE = CORE + " MaxPlanes TableGenerators Symmetric Fold FusedTables"
ATTENTION = ("Keys Dims Contexts MaxChunks Format KvBits KvScales OutputFormat ScoreFifo ProbabilityFifo OutputFifo "
             "KeyFifo ValueFifo")

FIT = {
    "lut_core": table(LUT_CORE, """
        1  6 4  8 1 24 1 1  4 1 1 1 0
        2 12 4  8 2 32 2 1  4 1 1 1 0
        1 24 4  8 1 32 1 1  1 1 1 1 0
        3 12 3  8 1 32 1 1  3 1 1 1 0
        1 12 4 16 2 40 1 1  4 1 1 1 0
        1 12 5  8 4 40 2 1  4 1 1 1 0
        2 12 4  8 1 32 1 1  4 2 0 0 0
        2  8 4  8 2 32 1 1  2 2 1 1 1
        1 16 4  8 4 32 1 1  3 1 1 0 0
        2  8 4  8 4 24 1 1  2 2 1 1 0
        2  6 2 16 1 32 1 1  2 1 1 1 0
        3  8 2  8 2 28 1 1  1 3 1 1 0
        1 18 3 16 3 32 1 1  1 1 1 1 0
        2 12 5  8 1 28 1 2  2 2 1 1 0"""),
    "adder_core": table(CORE + " MaxPlanes", """
        1  6 4  8 1 24 1 1  4
        2 12 4  8 2 32 2 1  4
        1 24 4  8 1 32 1 1  1
        2  8 4  8 4 24 1 1  2
        3 12 3  8 1 32 1 1  3
        1 12 4 16 2 40 1 1  4
        2  6 2 16 1 32 1 1  2
        1 12 5  8 4 40 2 1  4
        3  8 2  8 2 28 1 1  1
        1 18 3 16 3 32 1 1  1
        2 12 5  8 1 28 1 2  2
        1 16 2  8 3 36 1 1  3"""),
    "mac_core": table(CORE + " WeightBits", """
        1  6 4  8 1 24 1 1  4
        2 12 4  8 2 32 2 1  4
        1 24 4  8 1 32 1 1  2
        2  8 4  8 4 24 1 1  2
        3  6 3  8 1 32 1 1  8
        1 12 4 16 2 40 1 1  4
        2  6 2 16 1 32 1 1  8
        1 12 5  8 4 40 2 1  2
        3  8 2  8 2 28 1 1  4
        1 12 3 16 3 32 1 1  2
        2  6 5  8 1 28 1 2  4
        1  8 2  8 3 36 1 1  8"""),
    "weight_decoder": table("Lanes Code Blocks", """
        6 0 1
        7 1 2
        8 2 1
        6 2 4
        9 0 3
        6 1 1
        12 2 2
        8 0 4
        12 1 4
        16 2 1
        16 1 3
        20 0 2
        24 2 3
        32 0 1"""),
    "attention": table(ATTENTION, """
        1 2 1 1  0 8 0 0  8 6 4 2 2
        2 4 2 2  0 8 0 1  4 3 2 1 2
        1 4 4 1  0 8 1 0  2 6 1 2 1
        4 2 1 3  0 8 0 0  1 2 4 1 3
        2 2 3 4  0 4 0 0  8 4 2 3 2
        3 4 1 1  0 4 1 1  6 1 4 2 4
        1 6 2 2  0 4 1 0  3 6 3 1 1
        4 4 2 1  0 8 1 1  4 2 1 2 2
        1 2 2 1  1 8 0 0  8 2 4 2 1
        2 2 1 3  1 8 0 0  2 6 1 1 2
        1 4 1 2  1 8 0 0  4 4 2 3 2
        2 3 3 1  1 8 0 0  3 3 3 2 3"""),
    "fp32_fma": [{}],  # has no parameters
}

HELD_OUT = {
    "lut_core": table(LUT_CORE, """
        2 10 3 16 2 36 1 1  3 2 1 1 0
        2 32 4  8 4 32 4 1  4 1 1 1 0"""),
    "adder_core": table(CORE + " MaxPlanes", """
        2 10 3 16 2 36 1 1  3
        2 32 4  8 4 32 4 1  4"""),
    "mac_core": table(CORE + " WeightBits", """
        2  8 3 16 2 36 1 1  2
        2 32 4  8 4 32 4 1  4"""),
    "weight_decoder": table("Lanes Code Blocks", """
        10 2 2
        64 1 4"""),
    "attention": table(ATTENTION, """
        3 2 2 2  0 8 1 0  4 4 2 2 2
        4 6 3 2  0 8 0 0  6 4 3 2 2"""),
    "fp32_fma": [],
}

UNITS = list(FIT)

# Of the points of a unit: the one on which glitches are simulated with delays, and the one whose whole tile is held against
# the sum of its events.
GLITCHES, TILE = 0, 1


def defaults(unit):
    """{parameter: value} of the unit's Verilog."""
    file = next(ROOT.glob(f"rtl/*/{unit}.sv"), None) or ROOT / f"rtl/units/{unit}/{unit}.sv"
    return {name: int(value) for name, value in
            re.findall(r"^\s*parameter int unsigned (\w+)[^=\n]*= (\d+)", file.read_text(encoding="utf-8"), re.M)}


def point(unit, settings):
    """All parameters of the unit."""
    found = defaults(unit)
    if settings.keys() - found.keys():
        raise ValueError(f"{unit} has no parameter {', '.join(settings.keys() - found.keys())}")
    return {**found, **settings}


def points(unit, count=None):
    """(role, parameters): the first `count` to be fitted, and those held out."""
    return ([("fit", point(unit, settings)) for settings in FIT[unit][:count]] +
            [("held out", point(unit, settings)) for settings in HELD_OUT[unit]])


def bit_length(number):
    return number.bit_length()


def core_is_legal(p, term_bits):
    return (p["ActBits"] in (8, 16) and p["Rows"] % p["EpilogueRows"] == 0 and p["Lanes"] % p["EpilogueLanes"] == 0
            and p["Lanes"] // p["EpilogueLanes"] >= 6 and 1 <= p["PsumBlocks"] <= 255 and term_bits <= p["PsumBits"] <= 47)


def is_legal(unit, p):
    """The ASSERT_PARAMETERs of the Verilog, for the parameters that vary here."""
    if unit == "weight_decoder":
        return p["Lanes"] >= 1 and p["Code"] <= 2 and 1 <= p["Blocks"] <= 255
    if unit == "attention":
        return (1 <= p["Keys"] <= 256 and 2 <= p["Dims"] <= 256 and 1 <= p["Contexts"] <= 64 and 1 <= p["MaxChunks"] <= 64
                and (p["KvBits"] in (4, 8) if p["Format"] == 0 else
                     (p["Format"], p["KvBits"], p["KvScales"], p["OutputFormat"]) == (1, 8, 0, 0))
                and all(p[name] >= 1 for name in p if name.endswith("Fifo")))
    if unit not in ("lut_core", "adder_core", "mac_core"):
        return True
    sum_bits = p["ActBits"] + bit_length(p["GroupLength"])
    if unit == "mac_core":
        return (core_is_legal(p, sum_bits + p["WeightBits"] - 1) and 2 <= p["WeightBits"] <= 8 and p["ActFormat"] == 0
                and 1 <= p["GroupLength"] <= 16)
    if not core_is_legal(p, sum_bits) or not 1 <= p["MaxPlanes"] <= 15:
        return False
    return unit == "adder_core" and 1 <= p["GroupLength"] <= 16 or unit == "lut_core" and (
        2 <= p["GroupLength"] <= 6 and p["Rows"] % p["TableGenerators"] == 0 and p["Fold"] <= p["Symmetric"] <= 1
        and p["ActFormat"] == 0 and p["TernaryTables"] == 0 and (p["FusedTables"] == 0 or p["TableGenerators"] == p["Rows"]))
