#!/usr/bin/python3
"""A technology between two that were measured: scripts/interpolate.py NODE_NM [-o FILE], 8 to 44 nm.

Writes a technology file with `base: asap7`. Between two libraries, ratios hardly depend on the unit, so one ratio for each
quantity serves all; between nodes they are interpolated in the logarithm of the node. The measured ends:

  45 nm  Nangate45 at 1.1 V against ASAP7 at 0.7 V, four units in both (multiply-accumulate, bit-serial element, table multiplexer,
         FP16 multiply-add): geometric means
  22 nm  areas only: jpeg, ibex and aes of OpenROAD-flow-scripts, Intel 22 over Nangate45, same Verilog and Yosys"""
import argparse
import math
import pathlib
import statistics
import sys

import yaml

import sram_model
from technology_file import Dumper, Flow, today

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASE, BASE_NM, FAR_NM = "asap7", 7, 45
# asap7 over nangate45
MEASURED = {"energy": 0.115, "leakage": statistics.geometric_mean([0.0984 / 21.7, 0.0689 / 16.6, 0.0795 / 17.7, 0.202 / 42.8]), "delay": 0.62,
            "area": 0.0785}
# Over nangate45: intel22 / nangate45 of jpeg, ibex, aes.
AREA_22 = statistics.geometric_mean([36168 / 89658, 9176 / 28934, 7932 / 20437])
VOLTAGES = {45: 1.1, 32: 0.9, 22: 0.8, 7: 0.7}  # of Nangate45, of CACTI's ITRS cells, of ASAP7
# Areas: within 20 % at foundry nodes. Energies: at 28 nm a factor of 2 reaches beyond what was measured at 45 nm.
SPREAD = {"area": 1.2, "energy": 2.0}


def between(value, low_nm, high_nm, node):
    """Over the high node: `value` at the low one, 1 at the high one."""
    return value ** (math.log(high_nm / node) / math.log(high_nm / low_nm))


def factors(node):
    """Over the base."""
    found = {name: between(value, BASE_NM, FAR_NM, node) / value for name, value in MEASURED.items()}
    if node >= 22:
        found["area"] = between(AREA_22, 22, FAR_NM, node) / MEASURED["area"]
    else:
        found["area"] = AREA_22 / MEASURED["area"] * between(MEASURED["area"] / AREA_22, BASE_NM, 22, node)
    return {name: float(f"{found[name]:.3g}") for name in ("area", "energy", "leakage", "delay")}


def voltage(node):
    low, high = max(n for n in VOLTAGES if n <= node), min(n for n in VOLTAGES if n >= node)
    share = 0 if low == high else math.log(node / low) / math.log(high / low)
    return round(VOLTAGES[low] + share * (VOLTAGES[high] - VOLTAGES[low]), 2)


def sram(node):
    """The block, with a spread that is at least that of the cells."""
    block = sram_model.block(f"interpolated{node}", node, voltage(node))
    spread = {name: max(value, block.get("spread", {}).get(name, 1)) for name, value in SPREAD.items()}
    return sram_model.rounded({**block, "spread": spread})


def text_of(node):
    header = {
        "name": f"interpolated{node}", "node_nm": node, "voltage": voltage(node), "corner": "typical", "kind": "interpolated",
        "source": f"no library: asap7 scaled to {node} nm by ratios measured between Nangate45 and ASAP7 (and Intel 22 nm, areas)",
        "date": today(), "command": f"scripts/interpolate.py {node}", "base": BASE, "factors": Flow(factors(node)),
        "spread": Flow(SPREAD),
        "sram": sram(node)}
    comment = (f"# Area and energy at {node} nm, interpolated: fit for orders of magnitude and for ratios within one technology.\n"
               f"# Written by scripts/interpolate.py, which has the ratios' sources. Do not edit: run the command.\n"
               f"# Spread, both ways: areas 20 % (from 22 nm up foundry areas of the same designs stand behind it), energies a factor of 2\n"
               f"# (scaling formulas miss energies measured at both ends by 0.3x to 3.3x). Leakage hangs on the library: between the two\n"
               f"# ends lies a factor of {1 / MEASURED['leakage']:.0f}; SRAM of CACTI leaks as fast cells at 350 K do, far\n"
               "# more than compiled ones.\n")
    return comment + yaml.dump(header, Dumper=Dumper, sort_keys=False, width=130)


def main():
    parser = argparse.ArgumentParser(prog="scripts/interpolate.py", description=__doc__.splitlines()[0])
    parser.add_argument("node", type=int, metavar="NODE_NM")
    parser.add_argument("-o", "--out", metavar="FILE", help="default: configs/technology/interpolatedNODE.yaml")
    arguments = parser.parse_args()
    if not BASE_NM < arguments.node < FAR_NM:
        parser.error(f"a node between {BASE_NM} and {FAR_NM} nm, not {arguments.node}")
    out = pathlib.Path(arguments.out or ROOT / f"configs/technology/interpolated{arguments.node}.yaml")
    out.write_text(text_of(arguments.node), encoding="utf-8")
    print(f"wrote {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
