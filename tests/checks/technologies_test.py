#!/usr/bin/env python3
"""The technology files of the repository: the README's table is theirs and keeps its bounds, interpolated nodes are those of the script,
and operands of blocks without streams have the results
that they should have."""
import itertools
import pathlib
import re
import sys
import unittest
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

try:
    import numpy
    import yaml

    import calibrate
    import driven_operands
    import interpolate
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)

FOLDER = ROOT / "configs/technology"


class Technologies(unittest.TestCase):
    def test_the_readme_has_their_table(self):
        block = re.search(r"<!-- calibration -->\n```\n(.*?)\n```\n<!-- end of calibration -->", (ROOT / "README.md").read_text(), re.S)
        self.assertEqual(block[1], calibrate.committed_tables(), "scripts/calibrate --table prints what belongs there")

    def test_no_fit_breaks_a_bound(self):
        for file in sorted(FOLDER.glob("*.yaml")):
            units = yaml.safe_load(file.read_text(encoding="utf-8")).get("units", {})
            _, broken = calibrate.table(units)
            self.assertEqual(broken, [], file.name)

    def test_an_interpolated_file_is_what_the_script_writes(self):
        for file in sorted(FOLDER.glob("interpolated*.yaml")):
            undated = [re.sub(r"^date: .*$", "", text, flags=re.M)
                       for text in (file.read_text(encoding="utf-8"), interpolate.text_of(int(file.stem[len("interpolated"):])))]
            self.assertEqual(*undated)

    def test_interpolation_meets_both_ends(self):
        near, far = interpolate.factors(interpolate.BASE_NM), interpolate.factors(interpolate.FAR_NM)
        for name, value in interpolate.MEASURED.items():
            self.assertAlmostEqual(near[name], 1, places=2)
            self.assertAlmostEqual(far[name] * value, 1, places=2)
        self.assertAlmostEqual(interpolate.factors(22)["area"] * interpolate.MEASURED["area"], interpolate.AREA_22, places=2)
        for name in near:
            ladder = [interpolate.factors(node)[name] for node in range(interpolate.BASE_NM, interpolate.FAR_NM + 1)]
            self.assertEqual(ladder, sorted(ladder), name)


class DrivenOperands(unittest.TestCase):
    def test_results_are_those_of_exact_arithmetic(self):
        for kind in driven_operands.KINDS:
            source = driven_operands.operands(kind, numpy.random.default_rng(5))
            for a, b, c, result in itertools.islice(source, 200):
                exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
                neighbours = [numpy.nextafter(result, numpy.float32(end)) for end in (-numpy.inf, numpy.inf)]
                for other in neighbours:
                    self.assertLessEqual(abs(Fraction(float(result)) - exact), abs(Fraction(float(other)) - exact), (kind, a, b, c))

    def test_a_sum_that_is_not_exact_is_left_out(self):
        self.assertIsNone(driven_operands.fused(numpy.float32(2**-60), numpy.float32(1), numpy.float32(1)))

    def test_a_result_comes_three_enabled_cycles_later_and_operands_stay_while_idle(self):
        rows = [line.split() for line in driven_operands.fp32_fma("tile", 1).splitlines()[1:]]
        enabled = [i for i, row in enumerate(rows) if row[0] == "1"]
        self.assertEqual({row[4] for row in rows[:3]}, {"-"})
        self.assertNotIn("-", {row[4] for row in rows[3:]})
        self.assertGreater(len(enabled), len(rows) // 2)
        for i in range(1, len(rows)):
            if rows[i][0] == "0":
                self.assertEqual(rows[i][1:4], rows[i - 1][1:4])
                if rows[i - 1][0] == "0":
                    self.assertEqual(rows[i][4], rows[i - 1][4])


if __name__ == "__main__":
    unittest.main()
