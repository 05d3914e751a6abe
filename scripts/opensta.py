"""Timing by OpenSTA: the least clock period of a flattened netlist, and its delays as SDF."""
import pathlib
import re
import shutil
import subprocess
import tempfile

CLOCK, RESET = "clk_i", "rst_ni"

# Inputs arrive with the edge and outputs are due at the next; the asynchronous reset is no path. Libraries with a wire-load
# model of their own (IHP) get it; the others have no wires.
CONSTRAINTS = ("inputs at the clock edge, outputs until the next, no wires but those of the library's default wire-load model; "
               f"{RESET} is no path")


class TimingError(Exception):
    pass


def version():
    if not shutil.which("sta"):
        raise TimingError("OpenSTA (sta) is not installed; scripts/install-dependencies installs it")
    # It prints no version that names its source: Debian's package does.
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "opensta"], capture_output=True, text=True, check=False)
    return f"OpenSTA {asked.stdout.strip() or 'of unknown version'}"


def script(liberty, netlist, period, commands):
    """period in the library's unit of time."""
    has_reset = RESET in netlist.ports
    return "\n".join([f"read_liberty {liberty.usable}", "read_verilog netlist.v", f"link_design {netlist.top}",
                      f"create_clock -name clk -period {period} [get_ports {CLOCK}]",
                      "set_input_delay 0 -clock clk [all_inputs]", "set_output_delay 0 -clock clk [all_outputs]",
                      *([f"set_false_path -from [get_ports {RESET}]"] if has_reset else []), *commands, ""])


def run(liberty, netlist, commands, period, folder):
    (folder / "netlist.v").write_text(netlist.plain_verilog())
    (folder / "script.tcl").write_text(script(liberty, netlist, period, commands))
    # After an error it waits for commands: there are none.
    result = subprocess.run(["sta", "-no_init", "-no_splash", "-exit", "script.tcl"], cwd=folder, capture_output=True, text=True,
                            check=False, stdin=subprocess.DEVNULL)
    text = result.stdout + result.stderr
    if result.returncode != 0 or re.search(r"^Error", text, re.M):
        raise TimingError(f"OpenSTA failed on {netlist.top}: " + "\n".join(text.strip().splitlines()[-5:]))
    return text


def parse_slack(text):
    found = re.search(r"^SLACK (\S+)$", text, re.M)
    try:
        return float(found.group(1))
    except (AttributeError, ValueError) as error:
        raise TimingError(f"OpenSTA printed no slack: {text[-200:]}") from error


def min_period_ps(liberty, netlist):
    """The period at which the slowest path has no slack."""
    version()
    period = 1_000_000 / liberty.time_unit_ps  # of a microsecond: everything has time
    with tempfile.TemporaryDirectory() as folder:
        text = run(liberty, netlist, ['puts "SLACK [worst_slack]"'], period, pathlib.Path(folder))
    return round((period - parse_slack(text)) * liberty.time_unit_ps, 1)


def write_sdf(liberty, netlist, folder, period_ps, transition_ps):
    """Delays in folder/netlist.sdf of the plain netlist in folder/netlist.v; its cells as flat_netlist names them."""
    run(liberty, netlist, [f"set_input_transition {transition_ps / liberty.time_unit_ps} [all_inputs]",
                           "write_sdf -no_timestamp netlist.sdf"], period_ps / liberty.time_unit_ps, folder)
