"""scripts/glitches.py: a circuit whose glitches can be counted by hand, with a made-up library, and what it reads and writes."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest
from unittest import mock

TESTS = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS.parent.parent / "scripts"), str(TESTS)]

import cell_models
import glitches
import sdf
from flat_netlist import FlatNetlist
from liberty import Liberty
from liberty_cells import parse_cells
from tiny_library import library

MISSING = [tool for tool in ("iverilog", "vvp", "sta") if not shutil.which(tool)]


def cell(kind, **pins):
    return {"type": kind, "connections": {pin: [bit] for pin, bit in pins.items()}}


# q is a in the cycle before; y = q ^ (q behind two buffers): a pulse whenever q changes. z = q ^ b: none.
PULSES = {"modules": {"pulses": {
    "ports": {"clk_i": {"direction": "input", "bits": [2]}, "a": {"direction": "input", "bits": [3]},
              "b": {"direction": "input", "bits": [4, 9]}, "y": {"direction": "output", "bits": [8, "1", 3]}},
    "cells": {"u.q": cell("DFF", CLK=2, D=3, Q=5), "u.one": cell("BUF", A=5, Y=6), "u.two": cell("BUF", A=6, Y=7),
              "x": cell("XOR2", A=5, B=7, Y=8), "z": cell("NAND2", A=5, B="1", Y=10)},
    "netnames": {"clk_i": {"bits": [2]}, "a": {"bits": [3]}, "b": {"bits": [4, 9]}, "y": {"bits": [8, "1", 3]}, "u.q_q": {"bits": [5]},
                 "u._n1_": {"bits": [6]}, "u._n2_": {"bits": [7]}, "z_n": {"bits": [10]}}}}}
# a in two cycles of reset and five more: q changes in the cycles after, three times while it is counted.
VECTORS = "# a:1 b:2\n0 0\n0 0\n1 3\n0 0\n1 1\n1 2\n1 2\n"


class Readers(unittest.TestCase):
    def test_vectors_become_bits_highest_first(self):
        ports, lines = glitches.read_vectors("# rst_ni:1 data:6\n0 2a\n1 00\n1 3f\n")
        self.assertEqual((ports, lines), ([("rst_ni", 1), ("data", 6)], ["0101010", "1000000", "1111111"]))
        for text in ("", "0 1\n", "# a:1\n0\n0\n", "# a:1\n0\n0\nx\n", "# a:1\n0\n0\n2\n", "# a:1 b:1\n0 0\n0 0\n1\n"):
            with self.assertRaises(glitches.GlitchError):
                glitches.read_vectors(text)

    def test_changes_are_counted_per_cycle_from_a_waveform(self):
        text = ("$timescale\n\t1ps\n$end\n$var wire 1 ! n1 $end\n$var wire 1 \" n2 $end\n$var reg 4 # w [3:0] $end\n"
                "$enddefinitions $end\n#0\n0!\nx\"\n#500\n1!\n#510\n0!\n0\"\n#1500\n1!\n#1600\n0!\n#1700\n1!\n#2500\n0!\n#2501\n1!\nb11 #\n")
        self.assertEqual(glitches.count_changes(text.splitlines(), 1000, 1), {"n1": [7, 1], "n2": [1, 1]})
        self.assertEqual(glitches.count_changes(text.splitlines(), 1000, 2), {"n1": [5, 1], "n2": [0, 0]})

    def test_the_slowest_of_conditional_delays_holds(self):
        text = ('(DELAYFILE (TIMESCALE 1ps)\n (CELL\n  (CELLTYPE "top")\n  (INSTANCE)\n  (DELAY (ABSOLUTE\n   (INTERCONNECT a c0/A (0::0))\n'
                '  ))\n )\n (CELL\n  (CELLTYPE "MUX")\n  (INSTANCE c0)\n  (DELAY\n   (ABSOLUTE\n    (IOPATH S Y (1::2) (3::4))\n'
                "    (COND A == 1'b1 & B == 1'b0\n     (IOPATH S Y (1::9) (3.5::3.5)))\n    (IOPATH (posedge CLK) Q () (0.5::0.6))\n"
                '   )\n  )\n )\n)\n')
        unit, cells = sdf.read_delays(text)
        self.assertEqual((unit, cells), ("1ps", {"c0": ("MUX", {("S", "Y"): [9, 4], ("(posedge CLK)", "Q"): [None, 0.6]})}))
        written = sdf.write_delays("top", unit, cells)
        self.assertIn("(IOPATH S Y (9.0:9.0:9.0) (4.0:4.0:4.0))", written)
        self.assertIn("(IOPATH (posedge CLK) Q (0.6:0.6:0.6) (0.6:0.6:0.6))", written)

    def test_cells_without_a_model_are_told(self):
        cells = parse_cells('library (x) { cell (L) { latch (IQ, IQN) { enable : "G"; data_in : "D"; } pin (D) { direction : input; } } '
                            'cell (F) { ff (IQ, IQN) { next_state : "D"; } pin (D) { direction : input; } } }')
        for name in "LF":
            with self.assertRaisesRegex(cell_models.ModelError, f"^{name}: "):
                cell_models.module(name, cells[name])


class Netlists(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        (self.folder / "pulses.json").write_text(json.dumps(PULSES))
        self.netlist = FlatNetlist(self.folder / "pulses.json", "pulses")

    def liberty(self, unit):
        (self.folder / f"{unit}.lib").write_text(library(unit))
        return Liberty(self.folder / f"{unit}.lib", self.folder, driver="BUF")

    def test_both_kinds_of_verilog_have_all_of_it(self):
        plain, named = self.netlist.plain_verilog(), self.netlist.verilog()
        self.assertIn("module pulses (clk_i, a, b_0, b_1, y_0, y_1, y_2);", plain)
        self.assertIn("assign y_1 = 1'b1;\n  assign y_2 = a;", plain)
        self.assertIn("XOR2 c3 (.A(n5), .B(n7), .Y(y_0));", plain)
        grouped = self.netlist.grouped_verilog(2, lambda kind, pin: pin in "YQ")
        self.assertIn("module group_0 (n5, n6, a, clk_i);\n  output n5;\n  output n6;\n  input a;\n  input clk_i;\n  DFF c0 (", grouped)
        self.assertIn("  group_1 g1 (.n7(n7), .y_0(y_0), .n5(n5), .n6(n6));", grouped)
        self.assertIn("output [2:0] y;", named)
        self.assertIn("DFF \\u.q  (.CLK(clk_i), .D(a), .Q(\\u.q_q ));", named)
        self.assertIn("assign y[2] = a;", named)

    @unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
    def test_pulses_count_twice_in_every_unit_of_time(self):
        for unit in ("ns", "ps"):
            liberty, vectors = self.liberty(unit), glitches.read_vectors(VECTORS)
            counts = glitches.simulate(liberty, self.netlist, vectors, 4000, self.folder)
            with mock.patch.object(glitches, "GROUP", 2):
                self.assertEqual(glitches.simulate(liberty, self.netlist, vectors, 4000, self.folder), counts)
            self.assertEqual({net: counts[net] for net in (5, 6, 7, 8, 10)},
                             {5: [3, 3], 6: [3, 3], 7: [3, 3], 8: [6, 0], 10: [3, 3]}, unit)
            rows = [{"net": name, "toggles": "3", "energy_fj": energy} for name, energy in
                    (("u.q_q", "100"), ("u._n1_", "1"), ("u._n2_", "2"), ("y[0]", "0.5"), ("unheard", "9"))]
            found = glitches.glitches(liberty, self.netlist, vectors, rows)
            self.assertEqual(found["glitch_factor"], round((3 + 6 + 0.5 * 6) / (3 + 6), 4))  # without the flip-flop's net
            self.assertEqual((found["changes"], found["settled_changes"], found["cycles"]), (15, 9, 5))

    @unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
    def test_vectors_of_another_unit_are_refused(self):
        with self.assertRaisesRegex(glitches.GlitchError, "not of pulses"):
            glitches.bench(self.netlist, [("a", 1)], 3, 1000)


if __name__ == "__main__":
    unittest.main()
