"""What scripts/area.py makes of Yosys's output and of liberty files; nothing is synthesized. recorded/ holds the statistics
and the instances of lut_core_table_generator with one row, as Yosys 0.23 printed them."""

import lzma
import pathlib
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent
SCRIPTS = TESTS.parent.parent / "scripts"
sys.path.insert(0, str(SCRIPTS))


import area
from area_model import Plan, line
from area_netlist import Netlist, ParseError, parse_instances, parse_stat
from liberty import Liberty, LibertyError, check

STAT = (TESTS / "recorded/yosys_stat.txt").read_text(encoding="utf-8")
DUMP = (TESTS / "recorded/yosys_dump.txt").read_text(encoding="utf-8")
TOP = "lut_core_table_generator"
CELLS = {name: {"area": 4.0 if name.startswith("DFF") else 1.0, "flop": name.startswith("DFF")}
         for module in parse_stat(STAT).values() for name in module if "\\" not in name}

LIBERTY = """library (tiny) {
  delay_model : table_lookup;
  cell (BUFX2) {
    area : 24;
    pin (A) { direction : input; }
  }
  cell (NAND2X1) { area : 16; }
  cell ("LATE") {
    area : 1;
    dont_use : true;
  }
  cell (DFFPOSX1) {
    area : 96;
    ff (IQ, IQN) {
      next_state : "D";
    }
  }
}
"""


class Netlists(unittest.TestCase):
    def setUp(self):
        modules = Netlist.modules_of(STAT, DUMP, CELLS)
        self.netlist = Netlist({"top": TOP, "modules": modules, "library_cells": CELLS})

    def test_sums_are_those_that_yosys_printed_for_the_hierarchy(self):
        self.assertEqual(self.netlist.cells(), 1251)
        self.assertEqual(self.netlist.flops(), 203)
        self.assertEqual(self.netlist.area(), 1251 + 3 * 203)
        self.assertEqual(self.netlist.flop_area(), 4 * 203)

    def test_instances_have_their_own_sums(self):
        self.assertEqual(list(self.netlist.paths(1)), ["", "gen_generator[0].u_lower", "gen_generator[0].u_upper"])
        self.assertEqual(self.netlist.cells("gen_generator[0].u_lower"), 74)
        self.assertEqual(self.netlist.matching("u_(lower|upper)$"), 148)

    def test_an_instance_that_does_not_exist_is_named(self):
        with self.assertRaisesRegex(KeyError, "no instance u_middle.*u_lower"):
            self.netlist.area("u_middle")

    def test_cells_that_are_not_mapped_are_an_error(self):
        with self.assertRaisesRegex(ParseError, "DFFSR are not in the library"):
            Netlist.modules_of(STAT, DUMP, {name: cell for name, cell in CELLS.items() if name != "DFFSR"})

    def test_statistics_and_instances_have_to_agree(self):
        with self.assertRaisesRegex(ParseError, "not as many"):
            Netlist.modules_of(STAT, DUMP.replace("_upper\n", "_upper_\n", 1).replace("  cell ", "  cello ", 1), CELLS)

    def test_no_output_is_an_error(self):
        with self.assertRaises(ParseError):
            parse_stat("yosys: not found")
        self.assertEqual(parse_instances(""), {})


class Liberties(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def put(self, name, data):
        (self.folder / name).write_bytes(data)
        return self.folder / name

    def test_areas_flops_and_what_is_not_to_be_used(self):
        for name, data in (("tiny.lib", LIBERTY.encode()), ("tiny.lib.xz", lzma.compress(LIBERTY.encode()))):
            library = Liberty(self.put(name, data), self.folder)
            self.assertEqual({cell: about["area"] for cell, about in library.cells.items()},
                             {"BUFX2": 24, "NAND2X1": 16, "DFFPOSX1": 96})
            self.assertEqual([cell for cell, about in library.cells.items() if about["flop"]], ["DFFPOSX1"])
            self.assertEqual((library.driver, library.load_ff, library.delay_ps), ("BUFX2", 30, 4000))
            self.assertEqual(library.nand2_area(), 16)
            self.assertFalse(library.has_resets())
            self.assertEqual(library.usable.read_text().count("{"), LIBERTY.count("{") - 1)
            self.assertNotIn("LATE", library.usable.read_text())

    def test_files_that_are_none_are_refused(self):
        for name, data, why in (("page.lib", b"<html>", "not a liberty file"), ("cut.lib.xz", b"\xfd7zXZ", "cannot be unpacked")):
            with self.assertRaisesRegex(LibertyError, why):
                Liberty(self.put(name, data), self.folder)

    def test_mistakes_come_from_the_program_if_there_is_one(self):
        for name, data in (("cut.lib", b"library (x) {"), ("cut.lib.xz", lzma.compress(b"library (x) {"))):
            program, file = self.folder / "program", self.put(name, data)
            check(file, program)
            program.write_text('#!/bin/sh\n[ "$2" = --help ] || { echo "$2:1:1: error: not closed" >&2; exit 2; }\n')
            program.chmod(0o755)
            with self.assertRaisesRegex(LibertyError, f"^{file}:1:1: error: not closed$"):
                check(file, program)
            program.unlink()

    def test_a_path_that_does_not_exist_is_said(self):
        for command in (["area.py", "fifo"], ["experiments.py", "--section", "storage"]):
            result = subprocess.run([sys.executable, "-B", SCRIPTS / command[0], *command[1:], "--liberty", "no/such.lib",
                                     "--cache", self.folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    check=False, cwd=self.folder)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("error: no/such.lib: no such liberty file", result.stdout)
            self.assertNotIn("Traceback", result.stdout)


class Sources(unittest.TestCase):
    def test_only_what_a_module_uses_counts(self):
        names = [file.stem for file in area.sources_of(TOP)]
        self.assertEqual(names, ["matrix_core_pkg", "lut_core_quantize_entry", "lut_core_sign_sums", TOP,
                                 "lut_core_ternary_entries"])
        self.assertIn("fp32_fma", [file.stem for file in area.sources_of("lut_core")])
        with self.assertRaisesRegex(area.SynthesisError, "no nothing.sv"):
            area.sources_of("nothing")


class Models(unittest.TestCase):
    def test_a_line_through_two_sizes(self):
        self.assertEqual(line(lambda n: 5 + 3 * n, 4, 16).at(64), 197)

    def test_a_plan_asks_for_everything_once(self):
        plan = Plan()
        self.assertNotEqual(plan.synthesize("a", X=1).area(), plan.synthesize("a", X=2).area())
        plan.synthesize("a", X=1)
        self.assertEqual(len(plan.jobs), 2)


if __name__ == "__main__":
    unittest.main()
