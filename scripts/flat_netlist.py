"""A flattened netlist of Yosys (write_json) with plain names, for tools that do not read every escaped name or assignment."""
import json
import pathlib


class FlatNetlist:
    """Ports bit by bit, cells in order, and a name for every net. Undefined bits are 0."""

    def __init__(self, file, top):
        module = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))["modules"][top]
        self.top = top
        self.ports = {name: (about["direction"], about["bits"]) for name, about in module["ports"].items()}
        # (name, type, {pin: net or "0"/"1"}); a net is the number that Yosys gave it
        self.cells = [(name, cell["type"], {pin: bits[0] for pin, bits in cell["connections"].items() if bits})
                      for name, cell in module["cells"].items()]
        self.aliases = {}  # every name in the netlist, bits of ports as port[3], to its net
        for name, about in module["netnames"].items():
            for at, bit in enumerate(about["bits"]):
                self.aliases[name if len(about["bits"]) == 1 else f"{name}[{at}]"] = bit
        self.plain = {}
        for name, (direction, bits) in self.ports.items():
            for at, bit in enumerate(bits):
                if direction == "input" or isinstance(bit, int):
                    self.plain.setdefault(bit, self.port_name(name, at))

    def port_name(self, port, at):
        return port if len(self.ports[port][1]) == 1 else f"{port}_{at}"

    def net(self, bit):
        if isinstance(bit, int):
            return self.plain.get(bit, f"n{bit}")
        return "1'b1" if bit == "1" else "1'b0"

    def port_bits(self, direction):
        for name, (its, bits) in self.ports.items():
            if its == direction:
                yield from ((self.port_name(name, at), bit) for at, bit in enumerate(bits))

    def verilog(self):
        """As it is in the JSON: ports are vectors, cells and nets have their own names."""
        names, lines = {}, [f"module {self.top} ({', '.join(self.ports)});"]
        for name, (direction, bits) in self.ports.items():
            vector = f"[{len(bits) - 1}:0] " if len(bits) > 1 else ""
            lines.append(f"  {direction} {vector}{name};")
            if direction == "input":
                names.update({bit: name if len(bits) == 1 else f"{name}[{at}]" for at, bit in enumerate(bits)})
        nets = {bit for _, _, pins in self.cells for bit in pins.values() if isinstance(bit, int)} - names.keys()
        of_ports = {f"{name}[{at}]" if len(bits) > 1 else name for name, (_, bits) in self.ports.items() for at in range(len(bits))}
        for alias, bit in self.aliases.items():
            if bit in nets and bit not in names and alias not in of_ports:
                names[bit] = f"\\{alias} "
                lines.append(f"  wire {names[bit]};")
        for bit in sorted(nets - names.keys()):  # has a name as an output only
            names[bit] = f"_net{bit}_"
            lines.append(f"  wire {names[bit]};")
        names.update({"0": "1'b0", "1": "1'b1", "x": "1'b0", "z": "1'b0"})
        for name, (direction, bits) in self.ports.items():
            if direction == "output":
                lines += [f"  assign {name}{f'[{at}]' if len(bits) > 1 else ''} = {names[bit]};" for at, bit in enumerate(bits)]
        lines += [f"  {kind} \\{name}  ({', '.join(f'.{pin}({names[bit]})' for pin, bit in pins.items())});"
                  for name, kind, pins in self.cells]
        return "\n".join([*lines, "endmodule", ""])

    def plain_verilog(self):
        """Cell i is named c<i>; ports are single bits."""
        return "\n".join([*self.plain_heading(), *self.plain_cells(range(len(self.cells))), "endmodule", ""])

    def grouped_verilog(self, size, is_output):
        """The same with cell i in instance g<i // size>: Icarus finds a cell for SDF by going through all in a module, which
        takes minutes where there are many. is_output(cell type, pin)."""
        groups, calls = [], []
        for number, first in enumerate(range(0, len(self.cells), size)):
            members = range(first, min(first + size, len(self.cells)))
            driven, used = set(), set()
            for _, kind, pins in (self.cells[at] for at in members):
                for pin, bit in pins.items():
                    if isinstance(bit, int):
                        (driven if is_output(kind, pin) else used).add(self.net(bit))
            names = sorted(driven) + sorted(used - driven)
            groups += [f"module group_{number} ({', '.join(names)});", *(f"  output {name};" for name in sorted(driven)),
                       *(f"  input {name};" for name in sorted(used - driven)), *self.plain_cells(members), "endmodule"]
            calls.append(f"  group_{number} g{number} ({', '.join(f'.{name}({name})' for name in names)});")
        return "\n".join([*groups, *self.plain_heading(), *calls, "endmodule", ""])

    def plain_heading(self):
        inputs, outputs = list(self.port_bits("input")), list(self.port_bits("output"))
        nets = {bit for _, _, pins in self.cells for bit in pins.values() if isinstance(bit, int)}
        return [f"module {self.top} ({', '.join(name for name, _ in inputs + outputs)});",
                *(f"  input {name};" for name, _ in inputs), *(f"  output {name};" for name, _ in outputs),
                *(f"  wire n{bit};" for bit in sorted(nets - self.plain.keys())),
                *(f"  assign {name} = {self.net(bit)};" for name, bit in outputs if self.net(bit) != name)]

    def plain_cells(self, members):
        for at in members:
            _, kind, pins = self.cells[at]
            yield f"  {kind} c{at} ({', '.join(f'.{pin}({self.net(bit)})' for pin, bit in pins.items())});"
