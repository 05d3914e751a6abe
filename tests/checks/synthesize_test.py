"""scripts/synthesize: the grid, a record and its cache, least periods. One small module is synthesized, with a made-up library."""
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

TESTS = pathlib.Path(__file__).resolve().parent
SCRIPTS = TESTS.parent.parent / "scripts"
sys.path[:0] = [str(SCRIPTS), str(TESTS)]

import area
import liberty
import opensta
import synthesize
from area_netlist import Netlist
from flat_netlist import FlatNetlist
from synthesis import grid
from tiny_library import library

MISSING = [tool for tool in ("yosys", "sta") if not shutil.which(tool)]


def correlation(a, b):
    da, db = [x - statistics.mean(a) for x in a], [x - statistics.mean(b) for x in b]
    return sum(x * y for x, y in zip(da, db)) / (sum(x * x for x in da) * sum(y * y for y in db)) ** 0.5


class Grid(unittest.TestCase):
    def test_every_point_is_legal(self):
        for unit in grid.UNITS:
            for role, parameters in grid.points(unit):
                self.assertTrue(grid.is_legal(unit, parameters), f"{unit} {role} {parameters}")

    def test_illegal_parameters_are_seen(self):
        good = grid.points("lut_core")[0][1]
        for change in ({"Lanes": 5}, {"EpilogueLanes": 2}, {"PsumBits": 10}, {"TableGenerators": 3}, {"Symmetric": 0}, {"ActBits": 9}):
            self.assertFalse(grid.is_legal("lut_core", {**good, **change}), change)
        with self.assertRaisesRegex(ValueError, "no parameter Length"):
            grid.point("lut_core", {"Length": 1})

    def test_names_are_those_of_the_verilog(self):
        self.assertEqual(grid.defaults("weight_decoder"), {"Lanes": 64, "Code": 2, "Blocks": 4})
        self.assertEqual(grid.defaults("fp32_fma"), {})

    def test_held_out_points_are_not_fitted_and_the_last_is_larger_than_all(self):
        for unit in grid.UNITS:
            points = grid.points(unit)
            fit, held_out = ([p for role, p in points if role == wanted] for wanted in ("fit", "held out"))
            if unit == "fp32_fma":
                continue
            self.assertGreaterEqual(len(fit), 12)
            self.assertEqual(len(held_out), 2)
            self.assertFalse([p for p in held_out if p in fit])
            size = (lambda p: p["Keys"] * p["Dims"]) if unit == "attention" else lambda p: p.get("Rows", 1) * p["Lanes"]
            self.assertGreater(size(held_out[-1]), max(map(size, fit)))

    def test_parameters_vary_independently(self):
        for unit in grid.UNITS:
            fit = [p for role, p in grid.points(unit) if role == "fit"]
            varied = [name for name in fit[0] if len({p[name] for p in fit}) > 1]
            for i, a in enumerate(varied):
                for b in varied[:i]:
                    self.assertLess(abs(correlation([p[a] for p in fit], [p[b] for p in fit])), 0.8, f"{unit}: {a}, {b}")


class Timing(unittest.TestCase):
    def test_slack_is_read_from_what_opensta_prints(self):
        self.assertEqual(opensta.parse_slack("Startpoint: x\nSLACK 991.5\n"), 991.5)
        for text in ("", "SLACK\n", "SLACK none\n"):
            with self.assertRaises(opensta.TimingError):
                opensta.parse_slack(text)

    def test_units_of_time(self):
        for text, unit in (('time_unit : "1ns";', 1000), ("time_unit : 1ps;", 1), ('time_unit:"10ps"', 10), ("", 1000)):
            self.assertEqual(liberty.time_unit_ps(text), unit)


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class Records(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def points(self, unit="ns"):
        file = self.folder / f"tiny_{unit}.lib"
        file.write_text(library(unit))
        return synthesize.Points(file, self.folder / "out")

    def test_a_record_has_everything_and_is_made_once(self):
        points, parameters = self.points(), {"Width": 3, "Depth": 2}
        record, was_there = points.record("fifo", parameters)
        self.assertFalse(was_there)
        self.assertEqual((record["unit"], record["parameters"]), ("fifo", parameters))
        self.assertEqual(record["liberty"], {"file": "tiny_ns.lib", "sha256": points.liberty.sha256})
        self.assertRegex(record["tools"]["yosys"], "^Yosys ")
        self.assertRegex(record["tools"]["opensta"], "^OpenSTA ")
        self.assertGreater(record["min_period_ps"], 400)  # clock to Q, setup
        folder = self.folder / "out/tiny_ns"
        text = (folder / record["netlist_v"]).read_text()
        self.assertNotIn("$", text)  # no cell that is not of the library
        flat = FlatNetlist(folder / record["netlist_json"], "fifo")
        self.assertEqual({kind for _, kind, _ in flat.cells} - points.liberty.cells.keys(), set())
        self.assertEqual(len(flat.cells), Netlist(record).cells())
        self.assertEqual(sum(kind == "DFF" for _, kind, _ in flat.cells), Netlist(record).flops())
        with mock.patch.object(area.Synthesizer, "run", side_effect=AssertionError("synthesized again")):
            self.assertEqual(self.points().record("fifo", parameters), (record, True))
        (folder / record["netlist_v"]).unlink()
        self.assertFalse(points.record("fifo", parameters)[1])

    def test_what_a_result_depends_on_is_in_its_name(self):
        points = self.points()
        name = points.name_of("fifo", {"Width": 3, "Depth": 2})
        self.assertNotEqual(name, points.name_of("fifo", {"Width": 4, "Depth": 2}))
        self.assertNotEqual(name, points.synthesizer.name_of("fifo", {"Width": 3, "Depth": 2}))  # areas alone
        for where, what in ((area, "SCRIPT"), (area, "NETLIST"), (opensta, "CONSTRAINTS")):
            with mock.patch.object(where, what, getattr(where, what) + " "):
                self.assertNotEqual(name, points.name_of("fifo", {"Width": 3, "Depth": 2}), what)
        points.liberty.full_adder_map = "module other;"
        self.assertNotEqual(name, points.name_of("fifo", {"Width": 3, "Depth": 2}))

    def test_periods_are_picoseconds_in_every_library(self):
        first, second = (self.points(unit).record("fifo", {"Width": 1, "Depth": 1})[0]["min_period_ps"] for unit in ("ns", "ps"))
        self.assertAlmostEqual(first, second, delta=0.2 * first)

    def test_a_module_that_cannot_be_made_is_an_error(self):
        with self.assertRaisesRegex(area.SynthesisError, "yosys failed on fifo"):
            self.points().record("fifo", {"Breadth": 1})


class Commands(unittest.TestCase):
    def test_mistakes_are_told(self):
        for words, said in ((["lut"], "no unit lut; there are lut_core"), (["--jobs", "0"], "at least 1"),
                            (["--liberty", "no/such.lib"], "no such liberty file")):
            done = subprocess.run([SCRIPTS / "synthesize", "--out", tempfile.gettempdir() + "/no-results", *words],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, re.escape(said))


if __name__ == "__main__":
    unittest.main()
