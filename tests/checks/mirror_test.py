import unittest

from tree import CheckTest

TREE = {
    "sim/base/problem.cpp": "",
    "tests/base/problem_test.cpp": "",
    "sim/units/adder/adder.h": "",
    "sim/units/adder/adder.cpp": "",
    "tests/units/adder/adder_test.cpp": "",
    "rtl/units/adder/adder.sv": "",
    "rtl/units/adder/verilations.txt": "",
    "sim/cosim/adder_dut.h": "",
    "sim/cosim/adder_bench.cpp": "",
    "tests/cosim/adder_cosim_test.cpp": "",
    "sim/units/host/host.h": "",
    "tests/units/host/host_test.cpp": "",
    "rtl/units/host/RTL-NONE.md": "RTL: none, because it is a program.\n",
}


class Mirror(CheckTest):
    check = "check-mirror"

    def setUp(self):
        super().setUp()
        self.put(TREE)

    def test_a_tree_with_all_twins_is_accepted(self):
        self.accepts()

    def test_each_missing_twin_is_found(self):
        for path, text in [
            ("tests/base/problem_test.cpp", "tests/base has no *_test.cpp"),
            ("sim/units/adder/adder.h", "sim/units/adder has no header"),
            ("tests/units/adder/adder_test.cpp", "tests/units/adder has no *_test.cpp"),
            ("rtl/units/adder/adder.sv", "neither rtl/units/adder/adder.sv nor"),
            ("rtl/units/adder/verilations.txt", "no rtl/units/adder/verilations.txt"),
            ("sim/cosim/adder_dut.h", "no adapter sim/cosim/adder_dut.h"),
            ("sim/cosim/adder_bench.cpp", "no bench sim/cosim/adder_bench.cpp"),
            ("rtl/units/host/RTL-NONE.md", "neither rtl/units/host/host.sv nor"),
        ]:
            with self.subTest(missing=path):
                (self.root / path).unlink()
                self.refuses(text)
                self.put({path: TREE[path]})

    def test_a_unit_that_exists_only_as_verilog_or_only_as_a_test_is_refused(self):
        self.put({"rtl/units/ghost/ghost.sv": ""})
        self.refuses("unit ghost: sim/units/ghost has no header")
        (self.root / "rtl/units/ghost/ghost.sv").unlink()
        self.accepts()  # an empty folder is none
        self.put({"tests/units/ghost/ghost_test.cpp": ""})
        self.refuses("unit ghost: neither rtl/units/ghost/ghost.sv nor")

    def test_no_verilog_needs_a_reason(self):
        self.put({"rtl/units/host/RTL-NONE.md": "Not now.\n"})
        self.refuses("the first line of RTL-NONE.md")

    def test_verilog_and_the_reason_for_having_none_exclude_each_other(self):
        self.put({"rtl/units/host/host.sv": ""})
        self.refuses("has both")


if __name__ == "__main__":
    unittest.main()
