"""What synthesis makes of multipliers and full adders computes what they computed: simulated in Icarus, exhaustively for small
widths. Nothing of the units is synthesized."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from liberty_cells import (FunctionError, find_full_adder, full_adder_map, parse_cells, parse_function, to_verilog,
                           truth_table)

MISSING = [tool for tool in ("yosys", "iverilog", "vvp") if not shutil.which(tool)]


def run(*command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def multiplier(name, a, b, y, signed):
    sign = "signed " if signed else ""
    return (f"module {name} (input {sign}[{a - 1}:0] a, input {sign}[{b - 1}:0] b, output {sign}[{y - 1}:0] y);\n"
            f"  assign y = a * b;\nendmodule\n")


def check(name, a, b, y, signed, count):
    """A block of a test bench: all pairs, or `count` random ones and the corners."""
    sign = "signed " if signed else ""
    loop = f"for (i = 0; i < {2 ** (a + b)}; i = i + 1) begin {{a, b}} = i;" if count is None else (
        f"for (i = 0; i < {count}; i = i + 1) begin a = {{$random, $random}}; b = {{$random, $random}};\n"
        f"      if (i < 16) begin a = i[0] ? {{1'b{1 - signed}, {{{a - 1}{{i[1]}}}}}} : {{1'b1, {{{a - 1}{{i[1]}}}}}};"
        f" b = i[2] ? {{1'b{1 - signed}, {{{b - 1}{{i[3]}}}}}} : {{1'b1, {{{b - 1}{{i[3]}}}}}}; end")
    return f"""module check_{name} (input go, output reg done);
  reg {sign}[{a - 1}:0] a;
  reg {sign}[{b - 1}:0] b;
  wire {sign}[{y - 1}:0] y;
  reg {sign}[{y - 1}:0] expected;
  integer i;
  {name} dut (.a(a), .b(b), .y(y));
  always @(posedge go) begin
    {loop}
      expected = a * b;
      #1 if (y !== expected) begin $display("{name}: %0d * %0d: %b, not %b", a, b, y, expected); i = {2 ** 30}; end
    end
    done = 1;
  end
endmodule
"""


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class Multipliers(unittest.TestCase):
    def test_products_of_all_widths_and_signs_are_exact(self):
        cases = [(a, b, y, signed, None) for a in range(1, 5) for b in range(1, 5) for signed in (0, 1)
                 for y in sorted({max(1, a + b - 2), a + b + 2})]
        cases += [(a, b, y, signed, 200) for a, b, y in ((8, 8, 16), (11, 11, 22), (11, 11, 12), (24, 24, 48), (16, 3, 19),
                                                        (3, 17, 30), (24, 24, 24)) for signed in (0, 1)]
        names = [f"m{a}x{b}to{y}{'s' if signed else 'u'}" for a, b, y, signed, _ in cases]
        with tempfile.TemporaryDirectory() as holder:
            folder = pathlib.Path(holder)
            (folder / "all.v").write_text("".join(multiplier(name, *case[:4]) for name, case in zip(names, cases)))
            run("yosys", "-q", "-p", f"read_verilog all.v; proc; opt_expr; wreduce; techmap -map {ROOT}/scripts/synthesis/"
                "multipliers.v t:$mul; select -assert-none t:$mul; select -assert-any t:$fa; techmap t:$fa; techmap; opt_clean; "
                "write_verilog -noattr mapped.v", folder=folder)
            wires = "".join(f"  wire done{i};\n  check_{name} c{i} (go, done{i});\n" for i, name in enumerate(names))
            (folder / "bench.v").write_text("".join(check(name, *case) for name, case in zip(names, cases)) +
                                            f"module bench;\n  reg go = 0;\n{wires}  initial begin #1 go = 1; #2000 "
                                            f"if (!(&{{{', '.join(f'done{i}' for i in range(len(names)))}}})) "
                                            '$display("not done"); $finish; end\nendmodule\n')
            run("iverilog", "-g2012", "-s", "bench", "-o", "bench.vvp", "bench.v", "mapped.v", folder=folder)
            self.assertEqual(run("vvp", "-n", "bench.vvp", folder=folder), "")


LIBRARY = """library (tiny) {
  cell (HALF) { pin (A) { direction : input; } pin (B) { direction : input; } pin (C) { direction : input; }
    pin (S) { direction : output; function : "A^B^C"; } pin (Q) { direction : output; function : "A B C"; } }
  cell (PLAIN) { pin (A) { direction : input; } pin (B) { direction : input; } pin (CI) { direction : input; }
    pin (CO) { direction : output; function : "(((A B)+(B CI))+(CI A))"; }
    pin (S) { direction : output
      function : "((A^B)^CI)" timing () { related_pin : "A"; values ( "1, 2", \\
        "3, 4"); } } }
  cell ("INVERTED") { pin ("A") { direction : "input"; } pin (B) { direction : input; } pin (CI) { direction : input; }
    pin (CON) { direction : output; function : "(!A !B) | (!A !CI) | (!B !CI)"; }
    pin (SN) { direction : output; function : "(A B CI)' (A+B+CI) (!(A*!B*!CI)) (!A B CI)' | (A' B' CI') | !(A^B^CI)"; } }
}
"""


class FullAdders(unittest.TestCase):
    def test_a_cell_is_found_by_its_functions_the_smallest_first(self):
        cells = parse_cells(LIBRARY)
        self.assertEqual(list(cells), ["HALF", "PLAIN", "INVERTED"])
        self.assertEqual(cells["PLAIN"]["pins"]["S"]["timing"], [{"related_pin": "A"}])
        self.assertEqual(find_full_adder(cells, {"HALF": 1, "PLAIN": 2, "INVERTED": 3}),
                         ("PLAIN", ["A", "B", "CI"], ("CO", False), ("S", False)))
        self.assertIsNone(find_full_adder(cells, {"HALF": 1}))

    def test_operators_bind_as_liberty_says(self):
        self.assertEqual(to_verilog(parse_function("!A^B C+D'")), "(((~A ^ B) & C) | ~D)")
        self.assertEqual(truth_table(parse_function("A B'"), ["A", "B"]), 0b0010)
        self.assertEqual(truth_table(parse_function("1"), []), 1)
        for broken in ("", "A +", "(A", "A )", "!", "* A", "A;B"):
            with self.assertRaises(FunctionError):
                parse_function(broken)

    @unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
    def test_mapped_adders_add_whether_outputs_are_inverted_or_inputs_constant(self):
        cells = {**parse_cells(LIBRARY)}
        cells["INVERTED"]["pins"]["SN"]["function"] = "!(A^B^CI)"
        for name in ("PLAIN", "INVERTED"):
            adder = find_full_adder(cells, {name: 1})
            self.assertEqual(adder[0], name)
            pins = cells[name]["pins"]
            model = f"module {name} ({', '.join(pins)});\n" + "".join(
                f"  {about['direction']} {pin};\n" for pin, about in pins.items()) + "".join(
                f"  assign {pin} = {to_verilog(parse_function(about['function']))};\n" for pin, about in pins.items()
                if "function" in about) + "endmodule\n"
            with tempfile.TemporaryDirectory() as holder:
                folder = pathlib.Path(holder)
                (folder / "map.v").write_text(full_adder_map(adder))
                (folder / "adder.v").write_text(r"""
module adder (input [2:0] a, b, c, output [2:0] x, y, xk, yk);
  \$fa #(.WIDTH(3)) plain (.A(a), .B(b), .C(c), .X(x), .Y(y));
  \$fa #(.WIDTH(3)) constant (.A(a), .B(3'b101), .C(c), .X(xk), .Y(yk));
endmodule
""")
                (folder / "model.v").write_text(model)
                (folder / "bench.v").write_text("""
module bench;
  reg [2:0] a, b, c;
  wire [2:0] x, y, xk, yk;
  integer i;
  adder dut (a, b, c, x, y, xk, yk);
  initial for (i = 0; i < 512; i = i + 1) begin
    {a, b, c} = i;
    #1 if (x !== ((a & b) | (b & c) | (c & a)) || y !== (a ^ b ^ c) || xk !== ((a & 5) | (c & (a | 5))) || yk !== (a ^ c ^ 5))
      $display("wrong: %b %b %b", a, b, c);
  end
endmodule
""")
                run("yosys", "-q", "-p", "read_verilog -icells adder.v; techmap -map map.v t:$fa; select -assert-none t:$fa; "
                    f"select -assert-count 3 t:{name}; techmap; write_verilog -noattr mapped.v", folder=folder)
                run("iverilog", "-g2012", "-o", "bench.vvp", "bench.v", "mapped.v", "model.v", folder=folder)
                self.assertEqual(run("vvp", "-n", "bench.vvp", folder=folder), "")


if __name__ == "__main__":
    unittest.main()
