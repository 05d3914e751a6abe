"""Verilog models of a library's cells, from the functions in its liberty file, with the paths that SDF gives delays to."""
from liberty_cells import parse_function, to_verilog


class ModelError(Exception):
    pass


def escaped(pin):
    return f"\\{pin} " if not pin.replace("_", "a").isalnum() or pin[0].isdigit() else pin


def arcs(pins, output, inputs):
    """(input, edge or "") of every delay to an output: an SDF file may say IOPATH CLK or IOPATH (posedge CLK)."""
    found = {}
    for arc in pins[output]["timing"]:
        for related in arc.get("related_pin", "").split():
            kind = arc.get("timing_type", "combinational")
            if related in inputs and not kind.startswith(("setup", "hold", "recovery", "removal", "min_pulse")):
                found[related] = {"rising_edge": "posedge ", "falling_edge": "negedge "}.get(kind, "")
    return found


def module(name, cell):
    """A cell's module. Flip-flops start at 0."""
    pins = {pin: about for pin, about in cell["pins"].items() if about.get("direction") in ("input", "output")}
    inputs = [pin for pin, about in pins.items() if about["direction"] == "input"]
    outputs = [pin for pin, about in pins.items() if about["direction"] == "output" and "function" in about]
    if "latch" in cell or any("three_state" in pins[pin] for pin in outputs):
        raise ModelError(f"{name}: neither latches nor three-state drivers have a model")
    lines = [f"module \\{name} ({', '.join(map(escaped, inputs + outputs))});"]
    lines += [f"  input {escaped(pin)};" for pin in inputs] + [f"  output {escaped(pin)};" for pin in outputs]
    flop = cell.get("ff")
    if flop:
        lines += flop_lines(name, flop)
    for pin in outputs:
        lines.append(f"  assign {escaped(pin)} = {to_verilog(parse_function(pins[pin]['function']), escaped)};")
    paths = []
    for pin in outputs:
        for related, edge in arcs(pins, pin, inputs).items():
            target = f"({escaped(pin)} +: 1'b0)" if edge else escaped(pin)
            paths.append(f"    ({edge}{escaped(related)} => {target}) = (0, 0);")
    if paths:
        lines += ["  specify", *paths, "  endspecify"]
    return "\n".join([*lines, "endmodule", ""])


def flop_lines(name, flop):
    if "next_state" not in flop or "clocked_on" not in flop or len(flop["state"]) != 2:
        raise ModelError(f"{name}: a flip-flop without next_state or clocked_on")
    state, inverse = map(escaped, flop["state"])
    verilog = {key: to_verilog(parse_function(flop[key]), escaped) for key in ("next_state", "clocked_on", "clear", "preset")
               if key in flop}
    lines = [f"  reg {state};", f"  wire {inverse} = ~{state};", f"  wire _clock = {verilog['clocked_on']};"]
    events, update = ["posedge _clock"], ""
    for kind, value in (("clear", 0), ("preset", 1)):  # clear over preset where both are on
        if kind in verilog:
            lines.append(f"  wire _{kind} = {verilog[kind]};")
            events.append(f"posedge _{kind}")
            update += f"if (_{kind}) {state} <= 1'b{value}; else "
    return [*lines, f"  initial {state} = 1'b0;",
            f"  always @({' or '.join(events)}) {update}{state} <= {verilog['next_state']};"]


def models(liberty, used):
    """Modules of the cells in `used`."""
    return "\n".join(module(name, liberty.pins[name]) for name in sorted(used))
