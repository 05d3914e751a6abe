#!/usr/bin/env python3
"""Operands of blocks without streams: results are those of exact arithmetic and come when the registers show them."""
import itertools
import pathlib
import sys
import unittest
from fractions import Fraction

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

try:
    import numpy

    import driven_operands
except ImportError as missing:
    print(f"skipped: {missing}; scripts/install-dependencies installs it")
    sys.exit(0)


def number(text):
    return numpy.array([int(text, 16)], dtype=numpy.uint32).view(numpy.float32)[0]


class DrivenOperands(unittest.TestCase):
    def assert_rounded(self, a, b, c, result):
        """No neighbour of the result is nearer."""
        exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
        for end in (-numpy.inf, numpy.inf):
            other = numpy.nextafter(result, numpy.float32(end))
            self.assertLessEqual(abs(Fraction(float(result)) - exact), abs(Fraction(float(other)) - exact), (a, b, c))

    def test_results_are_those_of_exact_arithmetic(self):
        for kind in driven_operands.KINDS:
            for row in itertools.islice(driven_operands.operands(kind, numpy.random.default_rng(5)), 200):
                self.assert_rounded(*row)

    def test_a_sum_that_is_not_exact_is_left_out(self):
        self.assertIsNone(driven_operands.fused(numpy.float32(2**-60), numpy.float32(1), numpy.float32(1)))

    def test_a_result_comes_three_enabled_cycles_later_and_operands_stay_while_idle(self):
        rows = [line.split() for line in driven_operands.fp32_fma("tile", 1).splitlines()[1:]]
        taken = []  # operands of the enabled cycles before
        for before, row in zip([None, *rows], rows):
            if len(taken) < driven_operands.LATENCY:
                self.assertEqual(row[4], "-")
            else:
                self.assert_rounded(*map(number, taken[-driven_operands.LATENCY]), number(row[4]))
            if row[0] == "1":
                taken.append(row[1:4])
            else:
                self.assertEqual(row[1:4], before[1:4])
        self.assertEqual(len(rows), driven_operands.SET_UP + driven_operands.STRETCH * driven_operands.STRETCHES)
        self.assertEqual(len(taken), driven_operands.SET_UP + driven_operands.STRETCH * driven_operands.STRETCHES * 2 // 3)


if __name__ == "__main__":
    unittest.main()
