"""Pins and functions of the cells of a liberty file, and what follows from them: full adders, Verilog expressions."""
import re

# Groups, attributes and ends of groups; a semicolon may be missing (ASAP7, IHP).
TOKEN = re.compile(r"""(?P<group>\w+)\s*\((?P<name>[^(){}]*)\)\s*\{ | (?P<key>\w+)\s*:\s*(?P<value>"[^"]*"|[^;\n{}"]*)
                       | (?P<call>\w+)\s*\((?:[^()"]|"[^"]*")*\)\s*;? | (?P<end>\})""", re.X)
TABLES = re.compile(r"\b(?:values|index_\d)\s*\([^)]*\)\s*;?")
COMMENTS = re.compile(r"/\*.*?\*/|\\\n", re.S)


def parse_cells(text):
    """{cell: {"pins": {pin: {attribute: value, "timing": [{...}]}}, "ff"|"latch": {...}}} of the cells of a library."""
    cells, cell, pin, arc, stack = {}, None, None, None, []
    for token in TOKEN.finditer(TABLES.sub("", COMMENTS.sub(" ", text))):
        if token["group"]:
            kind, names = token["group"], [name.strip(' "') for name in token["name"].split(",")]
            stack.append(kind)
            if kind == "cell":
                cell, pin, arc = cells.setdefault(names[0], {"pins": {}}), None, None
            elif kind == "pin" and cell is not None:
                pin = cell["pins"].setdefault(names[0], {"timing": []})
            elif kind == "timing" and pin is not None:
                arc = {}
                pin["timing"].append(arc)
            elif kind in ("ff", "latch") and cell is not None:
                cell[kind] = {"state": names}
        elif token["key"] and stack and cell is not None:
            holder = {"pin": pin, "timing": arc, "ff": cell.get("ff"), "latch": cell.get("latch")}.get(stack[-1])
            if holder is not None:
                holder[token["key"]] = token["value"].strip().strip('"').strip()
        elif token["end"] and stack:
            kind = stack.pop()
            cell, pin = (None if kind == "cell" else cell), (None if kind in ("cell", "pin") else pin)
    return cells


class FunctionError(Exception):
    pass


def parse_function(text):
    """A liberty function as a tree of ("!", x), ("^" | "&" | "|", x, y), ("pin", name), ("constant", 0 or 1). What binds
    most comes first: ' and !, then ^, then & * and a space, then + and |."""
    words = re.findall(r"\w+|\S", text)
    place = 0

    def peek():
        return words[place] if place < len(words) else ""

    def take():
        nonlocal place
        place += 1
        return words[place - 1]

    def atom():
        if peek() == "!":
            take()
            return "!", atom()
        if peek() == "(":
            take()
            found = either()
            if peek() != ")":
                raise FunctionError(f"no closing parenthesis in {text}")
            take()
        elif re.fullmatch(r"\w+", peek()):
            word = take()
            found = ("constant", int(word)) if word in ("0", "1") else ("pin", word)
        else:
            raise FunctionError(f"not a function: {text}")
        while peek() == "'":
            take()
            found = "!", found
        return found

    def exclusive():
        found = atom()
        while peek() == "^":
            take()
            found = "^", found, atom()
        return found

    def both():
        found = exclusive()
        while peek() and peek() not in "+|)":
            if peek() in "&*":
                take()
            found = "&", found, exclusive()
        return found

    def either():
        found = both()
        while peek() and peek() in "+|":
            take()
            found = "|", found, both()
        return found

    tree = either()
    if place != len(words):
        raise FunctionError(f"not a function: {text}")
    return tree


def to_verilog(tree, name=lambda pin: pin):
    kind = tree[0]
    if kind == "pin":
        return name(tree[1])
    if kind == "constant":
        return f"1'b{tree[1]}"
    if kind == "!":
        return f"~{to_verilog(tree[1], name)}"
    return f"({to_verilog(tree[1], name)} {kind} {to_verilog(tree[2], name)})"


def truth_table(tree, inputs):
    """A bit for each combination of the inputs, the first of them changing fastest."""
    size = 1 << len(inputs)
    columns = {pin: sum(1 << row for row in range(size) if row >> at & 1) for at, pin in enumerate(inputs)}

    def value(node):
        if node[0] == "pin":
            if node[1] not in columns:
                raise FunctionError(f"{node[1]} is no input")
            return columns[node[1]]
        if node[0] == "constant":
            return (1 << size) - 1 if node[1] else 0
        if node[0] == "!":
            return (1 << size) - 1 ^ value(node[1])
        left, right = value(node[1]), value(node[2])
        return {"^": left ^ right, "&": left & right, "|": left | right}[node[0]]

    return value(tree)


CARRY, SUM = 0b11101000, 0b10010110  # truth tables of three inputs: majority and exclusive or


def find_full_adder(cells, areas):
    """The smallest cell with sum and carry of three inputs: (cell, inputs, (carry pin, inverted), (sum pin, inverted))."""
    found = []
    for name, cell in cells.items():
        pins = cell["pins"]
        inputs = [pin for pin, about in pins.items() if about.get("direction") == "input"]
        if len(inputs) != 3 or "ff" in cell or "latch" in cell or name not in areas:
            continue
        outputs = {}
        for pin, about in pins.items():
            if about.get("direction") == "output" and "function" in about and "three_state" not in about:
                try:
                    table = truth_table(parse_function(about["function"]), inputs)
                except FunctionError:
                    continue
                for meaning, wanted in (("carry", CARRY), ("sum", SUM)):
                    if table in (wanted, 0xff ^ wanted):
                        outputs.setdefault(meaning, (pin, table != wanted))
        if len(outputs) == 2:
            found.append((areas[name], name, inputs, outputs["carry"], outputs["sum"]))
    return min(found)[1:] if found else None


def full_adder_map(adder):
    """Verilog that makes Yosys's $fa cells of the library's; where an input is constant, gates are smaller."""
    name, inputs, (carry, carry_inverted), (total, sum_inverted) = adder
    pins = ", ".join(f".{pin}({port}[i])" for pin, port in zip(inputs, "ABC"))
    return f"""(* techmap_celltype = "$fa" *)
module full_adders (A, B, C, X, Y);
  parameter WIDTH = 1;
  parameter _TECHMAP_CONSTMSK_A_ = 0;
  parameter _TECHMAP_CONSTMSK_B_ = 0;
  parameter _TECHMAP_CONSTMSK_C_ = 0;
  localparam [WIDTH-1:0] CONSTANT = _TECHMAP_CONSTMSK_A_ | _TECHMAP_CONSTMSK_B_ | _TECHMAP_CONSTMSK_C_;
  input [WIDTH-1:0] A, B, C;
  output [WIDTH-1:0] X, Y;
  wire [WIDTH-1:0] carry, sum;
  genvar i;
  generate
    for (i = 0; i < WIDTH; i = i + 1) begin : bits
      if (CONSTANT[i]) begin : gates
        assign X[i] = A[i] & B[i] | C[i] & (A[i] | B[i]);
        assign Y[i] = A[i] ^ B[i] ^ C[i];
      end else begin : mapped
        \\{name} adder ({pins}, .{carry}(carry[i]), .{total}(sum[i]));
        assign X[i] = {'~' if carry_inverted else ''}carry[i];
        assign Y[i] = {'~' if sum_inverted else ''}sum[i];
      end
    end
  endgenerate
endmodule
"""
