import unittest

from tree import CheckTest

ADDER = """module adder #(
  parameter int unsigned Width = 8
) (
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] sum_o
);
  assign sum_o = a_i + b_i;
endmodule
"""


class Rtl(CheckTest):
    check = "check-rtl"

    def setUp(self):
        super().setUp()
        self.put({
            "rtl/include/assertions.svh": "",
            "rtl/common/wire_through.sv": "module wire_through (input logic a_i, output logic b_o);\n"
                                          "  assign b_o = a_i;\nendmodule\n",
            "rtl/units/adder/adder.sv": ADDER,
            "rtl/units/adder/verilations.txt": "# two\nnarrow Width=4\nwide Width=64 nightly\n",
        })

    def test_clean_verilog_is_accepted(self):
        self.accepts()
        self.assertIn("6 of 6", self.run_check()[1])

    def test_a_warning_of_verilator_is_found(self):
        self.put({"rtl/units/adder/adder.sv": ADDER.replace("a_i + b_i", "a_i")})
        self.refuses("verilator: adder narrow", "UNUSEDSIGNAL")

    def test_a_warning_in_one_variant_only_is_found(self):
        self.put({"rtl/units/adder/adder.sv": ADDER.replace("a_i + b_i", "a_i + b_i + Width'(8'd1)")})
        self.put({"rtl/units/adder/verilations.txt": "fits Width=8\nno_such Depth=4\n"})
        self.refuses("verilator: adder no_such")

    def test_what_yosys_does_not_know_is_found(self):
        self.put({"rtl/units/adder/adder.sv": ADDER.replace("[Width-1:0] a_i", "[Width-1:0][0:0] a_i")})
        self.refuses("yosys: adder")

    def test_what_yosys_misreads_is_found(self):
        self.put({"rtl/common/ones_pkg.sv": "package ones_pkg;\n  // Not '1.\n"
                                            "  localparam logic [6:0] Ones = '1;\nendpackage\n"})
        self.refuses("rtl/common/ones_pkg.sv:3: error", "'1")

    def test_ones_outside_of_parameters_are_accepted(self):
        self.put({"rtl/units/adder/adder.sv": ADDER.replace("a_i + b_i", "a_i == '1 ? '0 : a_i + b_i")})
        self.accepts()

    def test_what_only_a_variant_elaborates_is_found(self):
        self.put({"rtl/units/adder/adder.sv": ADDER.replace(
            "  assign sum_o = a_i + b_i;",
            "  if (Width == 4) begin : gen_narrow\n    logic nobody;\n    assign sum_o = a_i + b_i + Width'(nobody);\n"
            "  end else begin : gen_wide\n    assign sum_o = a_i + b_i;\n  end")})
        self.refuses("yosys: adder narrow")

    def test_an_undriven_wire_is_found(self):
        self.put({"rtl/common/wire_through.sv": "module wire_through (input logic a_i, output logic b_o);\n"
                                                "  logic nobody;\n  assign b_o = a_i & nobody;\nendmodule\n"})
        self.refuses("wire_through")

    def test_a_tree_without_verilog_is_refused(self):
        for path in ("rtl/common/wire_through.sv", "rtl/units/adder/adder.sv"):
            (self.root / path).unlink()
        self.refuses("0 of 0")


if __name__ == "__main__":
    unittest.main()
