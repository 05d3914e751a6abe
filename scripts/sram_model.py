#!/usr/bin/python3
"""Area, energy and leakage of SRAM macros for the technology files: scripts/sram_model.py TECHNOLOGY [NODE_NM]

Prints the `sram:` block of configs/technology/TECHNOLOGY.yaml; block(TECHNOLOGY, NODE_NM) gives it to other scripts.
sg13g2 is fitted to foundry macros. From 22 to 32 nm: fitted to a table of CACTI 7, below 65 nm scaled from its 32 nm.
Other nodes are scaled from sg13g2. What is scaled says so, and has a spread.
"""
import json
import math
import pathlib
import re
import sys

import numpy

# The ten macros of IHP's open 130 nm process (RM_IHPSG13_1P_*, typical, 1.2 V, 25 C; Apache-2.0): words, width, area um2,
# energy of a read and of a write in pJ, leakage nW, as read_macro() reads them from the liberty files. They are kept here
# so that nobody needs those files; a test compares where they are.
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "../shared/data/liberty/sg13g2_sram"
MACROS = (
    (64, 64, 50489.1, 39.348, 56.163, 49.5),
    (1024, 8, 49419.2, 15.643, 20.049, 99.0),
    (256, 48, 70849.9, 37.847, 51.472, 148.5),
    (256, 64, 93180.5, 49.658, 68.795, 198.0),
    (1024, 16, 79673.7, 26.532, 33.299, 198.0),
    (512, 64, 150102.4, 68.930, 85.310, 396.0),
    (4096, 8, 146413.4, 33.745, 42.327, 396.0),
    (1024, 64, 263946.1, 91.868, 116.299, 792.1),
    (4096, 16, 257608.5, 58.672, 72.868, 792.1),
    (2048, 64, 491633.6, 122.422, 160.943, 1584.1),
)

# CACTI 7, plain RAM with one read-write port, words of 256 bits, 350 K, "itrs-hp" cells (which leak far more than compiled
# SRAM of today): KiB, and for 32 nm then for 22 nm: area mm2, read pJ, write pJ, leakage mW.
CACTI_WIDTH = 256
CACTI = (
    (1, 0.0054, 3.67, 4.34, 0.38, 0.0025, 1.83, 2.18, 0.20),
    (2, 0.0068, 3.86, 5.35, 0.72, 0.0032, 1.94, 2.71, 0.36),
    (4, 0.0098, 4.26, 7.41, 1.38, 0.0046, 2.17, 3.78, 0.69),
    (8, 0.0156, 4.97, 11.44, 2.71, 0.0074, 2.59, 5.89, 1.35),
    (16, 0.0272, 6.51, 19.63, 5.34, 0.0142, 4.88, 7.32, 2.43),
    (32, 0.0523, 12.24, 22.46, 10.0, 0.0247, 6.62, 11.59, 4.79),
    (64, 0.1007, 23.66, 28.09, 18.1, 0.0476, 12.88, 14.46, 8.77),
    (128, 0.1863, 35.27, 44.36, 36.0, 0.1134, 17.09, 18.66, 17.5),
)

# Node in nm and supply in V of the technologies that have a file or may get one.
NODES = {"sg13g2": (130, 1.2), "osu018": (180, 1.8), "osu035": (350, 3.3), "osu050": (500, 5.0), "sky130": (130, 1.8),
         "gf180": (180, 1.8), "nangate45": (45, 1.1), "asap7": (7, 0.7), "gt2n": (2, 0.7)}

# Bit cells stop shrinking with the square of the node: high-density cells in um2 as vendors published them (Intel from 90
# to 22 nm, TSMC below), recalled and not checked again; the spread has to cover that too.
BIT_CELLS = {350: 16.0, 250: 7.6, 180: 4.4, 130: 2.43, 90: 1.0, 65: 0.57, 45: 0.346, 32: 0.171, 22: 0.092, 16: 0.07, 10: 0.042,
             7: 0.027, 5: 0.021, 3: 0.02}
# Both ways, for whole octaves of the node between source and target; measured scaling of logic was off by up to 3.4.
SPREAD_AREA, SPREAD_ENERGY = 1.25, 1.35


class SramError(Exception):
    pass


# ---- fits ----

def fit(points, terms, value):
    """Relative least squares: coefficients of the terms, functions of a point."""
    weighted = numpy.array([[term(p) / value(p) for term in terms] for p in points])
    found, _, rank, _ = numpy.linalg.lstsq(weighted, numpy.ones(len(points)), rcond=None)
    if rank < len(terms):
        raise SramError("the fit has no unique solution")
    return [float(coefficient) for coefficient in found]


def predict(coefficients, terms, point):
    return sum(c * t(point) for c, t in zip(coefficients, terms))


def left_out(points, terms, value):
    """Mean and largest relative error of each point predicted from the others."""
    errors = []
    for i, point in enumerate(points):
        coefficients = fit(points[:i] + points[i + 1:], terms, value)
        errors.append(abs(predict(coefficients, terms, point) / value(point) - 1))
    return sum(errors) / len(errors), max(errors)


TERMS = {"1": lambda p: 1.0, "bits": lambda p: p["words"] * p["width"], "width": lambda p: p["width"],
         "words": lambda p: p["words"]}


def model(points, names, value):
    terms = [TERMS[name] for name in names]
    return dict(zip(names, fit(points, terms, value))), left_out(points, terms, value)


# ---- liberty ----

def groups(text, head):
    """Bodies of the groups that begin with the head, at any depth."""
    for match in re.finditer(head + r"\s*\{", text):
        depth, at = 1, match.end()
        while depth > 0 and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        yield text[match.end():at - 1]


def number(text, pattern, what):
    match = re.search(pattern, text)
    if not match:
        raise SramError(f"no {what}")
    return float(match.group(1))


def mean_power(body):
    """Of rise and fall: energy in pJ of a toggle, averaged."""
    rise = number(body, r"rise_power[^{]*\{\s*values\s*\(\s*\"?([-0-9.eE+]+)", "rise_power")
    fall = number(body, r"fall_power[^{]*\{\s*values\s*\(\s*\"?([-0-9.eE+]+)", "fall_power")
    return (rise + fall) / 2


def read_macro(path):
    """Area um2, read and write energy in pJ, leakage nW of one macro.

    An access is the clock's rising edge with the memory enabled, and inputs of which half change: addresses, and data of
    writes, each at the mean of its rise and fall. Outputs have no energy of their own in these files.
    """
    text = re.sub(r"/\*.*?\*/", " ", pathlib.Path(path).read_text(), flags=re.S)
    size = re.search(r"_(\d+)x(\d+)_", pathlib.Path(path).name)
    words, width = int(size.group(1)), int(size.group(2))
    area = number(text, r"\barea\s*:\s*([0-9.eE+]+)", "area")
    clock = next(groups(text, r"pin\s*\(\s*A_CLK\s*\)"))

    def clock_energy(write, read):
        wanted = re.compile(r"^A_MEN\s*&\s*" + ("" if write else "!") + r"A_WEN\s*&\s*" + ("" if read else "!") + "A_REN$")
        for body in groups(clock, r"internal_power\s*\(\s*\)"):
            when = re.search(r"when\s*:\s*\"([^\"]*)\"", body)
            if when and wanted.match(when.group(1).strip()):
                return number(body, r"rise_power[^{]*\{\s*values\s*\(\s*\"?([-0-9.eE+]+)", "rise_power")
        raise SramError("no energy of an access")

    def pin_energy(bus):
        """Of a toggle of one pin while enabled; 0 if the file says nothing."""
        for body in groups(text, r"bus\s*\(\s*" + bus + r"\s*\)"):
            for power in groups(body, r"internal_power\s*\(\s*\)"):
                when = re.search(r"when\s*:\s*\"([^\"]*)\"", power)
                if when is None or when.group(1).strip() == "A_MEN":
                    return mean_power(power)
        return 0.0

    address = 0.5 * (words.bit_length() - 1) * pin_energy("A_ADDR")
    read = clock_energy(False, True) + address
    write = clock_energy(True, False) + address + 0.5 * width * pin_energy("A_DIN")
    leakage = number(text, r"\n\s*cell_leakage_power\s*:\s*\"?([0-9.eE+-]+)", "leakage")
    return {"words": words, "width": width, "area": area, "read": read, "write": write, "leakage": leakage}


# ---- blocks ----

def block_of_points(points, names, source, kind, words, width):
    """The block of a fit; `names` by quantity. Errors are those of points that were left out."""
    out = {"source": source, "kind": kind}
    errors = {}
    for key, quantity, factor in (("area_um2", "area", 1), ("read_fj", "read", 1000), ("write_fj", "write", 1000),
                                  ("leakage_nw", "leakage", 1)):
        coefficients, errors[quantity] = model(points, names[quantity], lambda p, q=quantity: p[q])
        out[key] = {term: c * factor for term, c in coefficients.items()}
    out["error"] = max(errors["read"][0], errors["write"][0])
    out["area_error"] = errors["area"][0]
    out["range"] = {"words": list(words), "width": list(width)}
    return out


def macro_points():
    return [dict(zip(("words", "width", "area", "read", "write", "leakage"), row)) for row in MACROS]


def foundry_block():
    names = {"area": ("1", "bits", "width", "words"), "read": ("1", "width", "bits"), "write": ("1", "width", "bits"),
             "leakage": ("bits",)}
    return block_of_points(macro_points(), names, "fit of the ten foundry macros of IHP SG13G2, typical, 1.2 V, 25 C; "
                           "an access toggles half of the address and data pins", "macros", (64, 2048), (8, 64))


def cacti_block(node):
    """From 22 to 32 nm, between them by logarithms. Only one width is known: what does not grow with the size is taken as
    proportional to the width."""
    share = math.log(node / 22) / math.log(32 / 22)
    points = []
    for row in CACTI:
        area, read, write, leak = (math.exp(share * math.log(a) + (1 - share) * math.log(b))
                                   for a, b in zip(row[1:5], row[5:9]))
        points.append({"words": row[0] * 8192 // CACTI_WIDTH, "width": CACTI_WIDTH, "area": area * 1e6, "read": read,
                       "write": write, "leakage": leak * 1e6})
    names = dict.fromkeys(("area", "read", "write", "leakage"), ("width", "bits"))
    source = f"fit of CACTI 7 at {node:g} nm, itrs-hp cells (fast ones, which leak), 350 K, words of 256 bits"
    return block_of_points(points, names, source, "CACTI" if node in (22, 32) else "CACTI, interpolated", (32, 4096), (8, 256))


def bit_cell(node):
    """um2, between and beyond the table by logarithms."""
    nodes = sorted(BIT_CELLS)
    above = min(max(next((i for i, n in enumerate(nodes) if n >= node), len(nodes) - 1), 1), len(nodes) - 1)
    low, high = nodes[above - 1], nodes[above]
    share = math.log(node / low) / math.log(high / low)
    return math.exp(share * math.log(BIT_CELLS[high]) + (1 - share) * math.log(BIT_CELLS[low]))


def scaled_block(base, name, from_node, from_volts, node, volts):
    """Area as published bit cells, energy as C V^2 with C as the node, leakage as the number of bits times the voltage: a
    library's own choice of cells matters more, and no spread covers it."""
    area = bit_cell(node) / bit_cell(from_node)
    energy = node / from_node * (volts / from_volts) ** 2
    leakage = volts / from_volts
    octaves = max(abs(math.log2(node / from_node)), abs(2 * math.log2(volts / from_volts)), 0.5)
    out = dict(base)
    out["source"] = (f"scaled from {name}: area x{area:.3g} as bit cells, energy x{energy:.3g} as C V^2, leakage "
                     f"x{leakage:.3g} as the voltage")
    out["kind"] = "scaled"
    for key, factor in (("area_um2", area), ("read_fj", energy), ("write_fj", energy), ("leakage_nw", leakage)):
        out[key] = {term: c * factor for term, c in base[key].items()}
    out["spread"] = {"area": SPREAD_AREA ** octaves, "energy": SPREAD_ENERGY ** octaves}
    return out


def block(technology, node=None, volts=None):
    """The `sram` block of a technology file, as a dictionary. Node (nm) and supply (V) of technologies that are not in
    NODES must be given, the supply may be guessed."""
    if technology == "sg13g2":
        return foundry_block()
    known = NODES.get(technology, (None, None))
    node, volts = known[0] or node, known[1] or volts
    if node is None:
        raise SramError(f"{technology}: name its node in nm (known: {', '.join(sorted(NODES))})")
    if volts is None:
        volts = min(1.2, 0.7 + 0.5 * node / 130)
    if 22 <= node <= 32:
        return cacti_block(node)
    if 32 < node < 65:
        return scaled_block(cacti_block(32), "CACTI at 32 nm (0.9 V)", 32, 0.9, node, volts)
    return scaled_block(foundry_block(), "sg13g2 (130 nm, 1.2 V)", 130, 1.2, node, volts)


# pJ per bit at the device by standard, for those whose currents configs/dram does not have. The spread among sources is
# 40 % for HBM2 and is taken for the others too; of LPDDR5 no source is known.
DRAM = {
    "hbm2": {"pj_per_bit": 3.9, "low": 3.6, "high": 6.25,
             "source": "Accelergy's cacti plug-in 3.9, hwcomponents-cacti 6.25, O'Connor MICRO 2017 as summed in attacc_simulator 3.6"},
    "hbm3": {"pj_per_bit": 4.05, "low": 2.4, "high": 5.7, "source": "hwcomponents-cacti, +-40 %"},
    "gddr6": {"pj_per_bit": 7.5, "low": 4.5, "high": 10.5, "source": "Micron's product page, +-40 %"},
}


def rounded(x):
    """Four digits."""
    if isinstance(x, dict):
        return {key: rounded(value) for key, value in x.items()}
    return float(f"{x:.4g}") if isinstance(x, float) else x


def blocks(technology, facts=None):
    """What a technology file has beside its units. `facts` may have node_nm and voltage."""
    facts = facts or {}
    return {"sram": rounded(block(technology, facts.get("node_nm"), facts.get("voltage"))),
            "dram": {standard: dict(row) for standard, row in DRAM.items()}}


def text(sram):
    """The block as YAML: numbers with four digits."""
    def value(x):
        if isinstance(x, dict):
            return "{" + ", ".join(f"{json.dumps(k) if k == '1' else k}: {value(v)}" for k, v in x.items()) + "}"
        if isinstance(x, list):
            return "[" + ", ".join(value(v) for v in x) + "]"
        return json.dumps(x) if isinstance(x, str) else f"{x:.4g}" if isinstance(x, float) else str(x)
    return "sram:\n" + "".join(f"  {key}: {value(x)}\n" for key, x in sram.items())


def main(arguments):
    if not 1 <= len(arguments) <= 2 or arguments[0].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        print(text(block(arguments[0], float(arguments[1]) if len(arguments) > 1 else None)), end="")
    except (SramError, ValueError) as error:
        print(f"sram_model: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
