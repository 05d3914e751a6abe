"""How much energy glitches add: scripts/glitches.py NETLIST.json --vectors V.hex --nets NETS.csv [--liberty FILE].

The netlist is simulated with delays (OpenSTA's SDF, Icarus) on the vectors that `lutetia switching` wrote, with a period in
which everything settles. Per net, all changes are counted and those between settled values, which are what a simulation
without delays counts; weighted with the energies per change of `lutetia switching --nets`, their ratio over the nets that
gates drive is the glitch factor. Every pulse counts as a full swing: an upper bound."""
import argparse
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import area
import cell_models
import opensta
import sdf
from flat_netlist import FlatNetlist
from liberty import Liberty, LibertyError, default_file

TRANSITION_PS = 60  # of the inputs
SLACK = 1.5  # period over the least one
GROUP = 256  # cells in a module of the simulated netlist, each with an SDF file of its own: see FlatNetlist.grouped_verilog
RESET_CYCLES = 2  # at the beginning of the vectors

BENCH = """`timescale 1ps / 100fs
module vectors;
  reg [{top}:0] lines [0:{last}];
  reg [{top}:0] line;
  reg clk_i;
  {unit} dut ({ports});
  integer at;
  initial begin
    $readmemb("vectors.bin", lines);
    $dumpfile("nets.vcd");
    $dumpvars(1, dut);
    clk_i = 1'b0;
    line = lines[0];
    for (at = 1; at <= {last} + 1; at = at + 1) begin
      #{low} clk_i = 1'b1;
      #1 if (at <= {last}) line = lines[at];
      #{high} clk_i = 1'b0;
    end
    $finish;
  end
endmodule
module delays;
  initial begin
{annotate}
  end
endmodule
"""


class GlitchError(Exception):
    pass


def read_vectors(text):
    """[(port, width)] and the lines, as bit strings with the first port's highest bit first."""
    lines = text.splitlines()
    if not lines or not lines[0].startswith("#"):
        raise GlitchError("the vectors have no line '# port:width ...'")
    ports = [(name, int(width)) for name, width in (word.rsplit(":", 1) for word in lines[0][1:].split())]
    found = []
    for number, line in enumerate(lines[1:], 2):
        words = line.split()
        try:
            bits = [format(int(word, 16), f"0{width}b") for word, (_, width) in zip(words, ports)]
        except ValueError as error:
            raise GlitchError(f"vectors, line {number}: not hexadecimal") from error
        if len(words) != len(ports) or any(len(bits[i]) != width for i, (_, width) in enumerate(ports)):
            raise GlitchError(f"vectors, line {number}: not {len(ports)} values of the header's widths")
        found.append("".join(bits))
    if len(found) <= RESET_CYCLES:
        raise GlitchError("the vectors have no cycle after reset")
    return ports, found


def bench(netlist, ports, count, period_ps):
    width, wires = sum(width for _, width in ports), [f".{opensta.CLOCK}(clk_i)"]
    expected = {name: len(bits) for name, (direction, bits) in netlist.ports.items()
                if direction == "input" and name != opensta.CLOCK}
    if dict(ports) != expected:
        raise GlitchError(f"the vectors are not of {netlist.top}: their ports are not its inputs")
    high = width
    for name, size in ports:
        high -= size
        wires += [f".{netlist.port_name(name, at)}(line[{high + at}])" for at in range(size)]
    half = round(period_ps / 2)
    groups = range((len(netlist.cells) + GROUP - 1) // GROUP)
    annotate = "\n".join(f'    $sdf_annotate("g{number}.sdf", vectors.dut.g{number});' for number in groups)
    return BENCH.format(annotate=annotate, top=width - 1, last=count - 1, unit=netlist.top, ports=", ".join(wires), low=half, high=half - 1)


def count_changes(lines, period_ps, first_cycle):
    """{net name: [all changes, changes between the values at the ends of cycles]} from a VCD file. Cycles end just before
    the rising edge, which is half a period into the time in which the clock is low; those before first_cycle do not count."""
    names, value, settled, counts = {}, {}, {}, {}
    touched, cycle, scale, definitions = set(), 0, 1, True

    def end_cycle():
        for code in touched:
            if cycle >= first_cycle and settled.get(code) != value[code] and code in settled:
                counts[code][1] += 1
            settled[code] = value[code]
        touched.clear()

    lines = iter(lines)
    for line in lines:
        if definitions:
            words = line.split()
            if words[:1] == ["$timescale"]:
                text = "".join(words[1:]) if len(words) > 1 else next(lines).strip()
                scale = {"1ps": 1, "100fs": 0.1, "1fs": 0.001, "1ns": 1000}[text.replace("$end", "").strip()]
            elif words[:1] == ["$var"] and words[2] == "1":
                names.setdefault(words[3], []).append(words[4])
                counts[words[3]] = [0, 0]
            elif words[:1] == ["$enddefinitions"]:
                definitions = False
        elif line[0] == "#":
            now = int((int(line[1:]) * scale + period_ps // 2) // period_ps)  # edges are at (n + 1/2) periods
            if now != cycle:
                end_cycle()
                cycle = now
        elif line[0] in "01xz":
            code, new = line[1:].strip(), line[0]
            if code in counts:
                if cycle >= first_cycle and value.get(code, new) != new:
                    counts[code][0] += 1
                value[code] = new
                touched.add(code)
    end_cycle()
    return {name: counts[code] for code, its in names.items() for name in its}


def simulate(liberty, netlist, vectors, period_ps, folder):
    """{net of the netlist: [all changes, settled changes]}."""
    ports, lines = vectors
    for tool in ("iverilog", "vvp"):
        if not shutil.which(tool):
            raise GlitchError(f"{tool} is not installed; scripts/install-dependencies installs it")
    opensta.write_sdf(liberty, netlist, folder, period_ps, TRANSITION_PS)
    unit, delays = sdf.read_delays((folder / "netlist.sdf").read_text(encoding="utf-8"))
    for number, first in enumerate(range(0, len(netlist.cells), GROUP)):
        of_group = {name: delays[name] for name in (f"c{at}" for at in range(first, first + GROUP)) if name in delays}
        (folder / f"g{number}.sdf").write_text(sdf.write_delays(f"group_{number}", unit, of_group))
    (folder / "netlist.v").write_text(netlist.grouped_verilog(GROUP, lambda kind, pin: is_output(liberty, kind, pin)))
    # Icarus 11 reads over SDF's TIMESCALE: numbers are in the unit of the module that has the path.
    models = cell_models.models(liberty, {kind for _, kind, _ in netlist.cells})
    (folder / "cells.v").write_text(f"`timescale {unit} / 100fs\n{models}")
    (folder / "bench.v").write_text(bench(netlist, ports, len(lines), period_ps))
    (folder / "vectors.bin").write_text("\n".join(lines) + "\n")
    for command in (["iverilog", "-g2012", "-gspecify", "-Tmax", "-s", "vectors", "-s", "delays", "-o", "bench.vvp", "bench.v",
                     "cells.v", "netlist.v"], ["vvp", "-n", "bench.vvp"]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        said = [line for line in (done.stdout + done.stderr).splitlines() if "rror" in line or "not found" in line]
        if done.returncode != 0 or said:
            raise GlitchError(f"{command[0]}: " + "\n".join((said or (done.stdout + done.stderr).splitlines())[:5]))
    with open(folder / "nets.vcd", encoding="utf-8") as file:
        by_name = count_changes(file, 2 * round(period_ps / 2), RESET_CYCLES)
    nets = {bit for _, _, pins in netlist.cells for bit in pins.values() if isinstance(bit, int)}
    return {bit: by_name[netlist.net(bit)] for bit in nets if netlist.net(bit) in by_name}


def is_output(liberty, kind, pin):
    return liberty.pins[kind]["pins"][pin].get("direction") == "output"


def gate_outputs(liberty, netlist):
    """Nets that gates drive: neither flip-flops nor ports."""
    return {bit for _, kind, pins in netlist.cells if "ff" not in liberty.pins[kind] for pin, bit in pins.items()
            if is_output(liberty, kind, pin)}


def energies(rows, netlist):
    """{net: (toggles, energy per toggle)} from NETS.csv."""
    return {netlist.aliases[row["net"]]: (int(row["toggles"]), float(row["energy_fj"])) for row in rows
            if row["net"] in netlist.aliases}


def factor(counts, combinational, energy):
    """(glitch factor, changes, settled changes): sums over nets that gates drive; without energies, of changes alone."""
    timed = zero = changes = settled = 0
    for net in combinational & counts.keys():
        each = energy[net][1] if energy and net in energy else 0 if energy else 1
        every, final = counts[net]
        timed, zero, changes, settled = timed + each * every, zero + each * final, changes + every, settled + final
    if zero == 0:
        raise GlitchError("no net changes")
    return timed / zero, changes, settled


def glitches(liberty, netlist, vectors, rows=None, period_ps=None):
    """What the glitch factor is, as a dictionary. rows: of NETS.csv."""
    started = time.time()
    period_ps = SLACK * (period_ps or opensta.min_period_ps(liberty, netlist))
    with tempfile.TemporaryDirectory() as folder:
        counts = simulate(liberty, netlist, vectors, period_ps, pathlib.Path(folder))
    combinational = gate_outputs(liberty, netlist)
    energy = energies(rows, netlist) if rows is not None else None
    value, changes, settled = factor(counts, combinational, energy)
    found = {"schema": 1, "unit": netlist.top, "glitch_factor": round(value, 4), "weighted": energy is not None,
             "period_ps": round(period_ps), "cycles": len(vectors[1]) - RESET_CYCLES, "changes": changes, "settled_changes": settled}
    if energy:  # the same nets without delays: shows that both simulated the same
        found["zero_delay_changes"] = sum(energy[net][0] for net in combinational & energy.keys())
    return {**found, "seconds": round(time.time() - started, 1)}


def main():
    parser = argparse.ArgumentParser(prog="scripts/glitches.py", description=__doc__.splitlines()[0])
    parser.add_argument("netlist", metavar="NETLIST.json", help="flattened, as scripts/synthesize writes it")
    parser.add_argument("--vectors", required=True, metavar="V.hex", help="of lutetia switching --vectors")
    parser.add_argument("--nets", metavar="NETS.csv", help="of lutetia switching --nets; without it changes have no weights")
    parser.add_argument("--liberty", metavar="FILE", help="default: OSU 180 nm")
    parser.add_argument("--period-ps", type=float, help="least period; default: OpenSTA's")
    arguments = parser.parse_args()
    try:
        liberty = Liberty(arguments.liberty or default_file(area.ROOT), area.CACHE)
        modules = json.loads(pathlib.Path(arguments.netlist).read_text(encoding="utf-8"))["modules"]
        netlist = FlatNetlist(arguments.netlist, next(iter(modules)))
        vectors = read_vectors(pathlib.Path(arguments.vectors).read_text(encoding="utf-8"))
        rows = None
        if arguments.nets:
            with open(arguments.nets, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        print(json.dumps(glitches(liberty, netlist, vectors, rows, arguments.period_ps), indent=1))
    except (OSError, json.JSONDecodeError, LibertyError, GlitchError, opensta.TimingError, cell_models.ModelError) as error:
        print(f"glitches: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
