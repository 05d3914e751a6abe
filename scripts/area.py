"""Cell area of a Verilog module by Yosys and a liberty file: scripts/area.py TOP [Parameter=Value ...] [--liberty FILE].

Hierarchy is kept, so the area of every instance can be told. Before place and route: no wires, no clock tree, no buffers
for fan-out between modules. Results are kept in build/area under a name made of everything they depend on."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from area_netlist import Netlist, ParseError
from liberty import Liberty, LibertyError, default_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/area"
SOURCES = ("rtl/common", "rtl/units/*", "tests/rtl")

MULTIPLIERS = ROOT / "scripts/synthesis/multipliers.v"

# Multipliers become rows of full adders before alumacc would make carry-propagating additions of them; full adders become
# cells of the library before they are torn into gates. That finds more of them than Yosys's extract_fa does behind, and
# extract_fa added to it makes things larger (fp32_fma in OSU 180 nm: 0.2225 mm2, with it 0.2332; without both 0.2540).
# No ABC before the last one: it only takes time. Some tops get a name of their own with their parameters, hence the renaming.
SCRIPT = """read_verilog -sv -I{include} {sources}
{chparam}
hierarchy -check -top {top}
rename -top {top}
proc
opt_expr
opt_clean
wreduce
opt_clean
techmap -map {multipliers} t:$mul
synth -run coarse:fine
maccmap
opt -fast
{full_adders}
{resets}
opt -fast -full
memory_map
opt -full
techmap
opt -fast
dfflibmap -liberty {liberty}
simplemap
setundef -zero
opt_expr
opt_merge
opt_clean
abc -liberty {liberty} -D {delay_ps} -constr {constraints} -script "{abc}"
setundef -zero
opt_clean -purge
tee -q -o {stat} stat -top {top}
tee -q -o {dump} dump -m -n {instances}
"""

# What Yosys 0.23 tells ABC when there is a target and a driver, but SAT sweeping gives up on a pair of nodes after a thousand conflicts
# instead of a million: nodes inside of multipliers are hard to tell apart, and one attention unit took more than ten minutes.
ABC = "+" + ";".join(command.replace(" ", ",") for command in (
    "strash", "&get -n", "&fraig -x -C 1000", "&put", "scorr", "dc2", "dretime", "retime -o {D}", "strash", "&get -n", "&dch -f",
    "&nf {D}", "&put", "buffer", "upsize {D}", "dnsize {D}", "stime -p"))

# The netlist: cells and nets get names behind the path of their instance. Verilog is made of it by flat_netlist.py, which
# takes a second where Yosys's write_verilog takes an eighth of everything.
NETLIST = """rename -enumerate -pattern _n%_ w:*
rename -enumerate -pattern _c%_ c:*
splitnets
flatten
splitnets
opt_clean -purge
attrmap -remove src -remove hdlname -remove scopename
write_json {netlist}.json
"""


class SynthesisError(Exception):
    pass


def yosys_version():
    if not shutil.which("yosys"):
        raise SynthesisError("yosys is not installed; scripts/install-dependencies installs it")
    return subprocess.run(["yosys", "-V"], capture_output=True, text=True, check=True).stdout.strip()


def all_sources():
    folders = [folder for pattern in SOURCES for folder in sorted(ROOT.glob(pattern))]
    return {file.stem: file for folder in folders for file in sorted(folder.glob("*.sv"))}


def sources_of(top):
    """Files of the module and of all that it uses, packages first. A file is named after its module."""
    files = all_sources()
    if top not in files:
        raise SynthesisError(f"no {top}.sv in {', '.join(SOURCES)}")
    found, waiting = {}, [top]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = files[name]
            code = re.sub(r"//.*", "", files[name].read_text(encoding="utf-8"))
            waiting += [word for word in set(re.findall(r"\w+", code)) if word in files]
    return [found[name] for name in sorted(found, key=lambda name: (not name.endswith("_pkg"), name))]


def digest_of(files):
    sums = hashlib.sha256()
    for file in [*files, *sorted((ROOT / "rtl/include").glob("*.svh"))]:
        sums.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return sums.hexdigest()


def write_whole(file, text):
    """The file is there with all of it or not at all."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_text(text)
    unfinished.rename(file)


class Synthesizer:
    """synthesize() of one library; several at once by synthesize_all()."""

    def __init__(self, liberty_file=None, cache=CACHE, **drive):
        cache = pathlib.Path(cache)
        cache.mkdir(parents=True, exist_ok=True)
        self.cache = cache
        self.liberty = Liberty(liberty_file or default_file(ROOT), cache, **drive)
        self.tool = yosys_version()
        self.done = {}

    def inputs(self, top, parameters, sources):
        """Everything that the result depends on."""
        return {"top": top, "parameters": parameters, "tool": self.tool, "rtl_sha256": digest_of(sources),
                "liberty": {"file": self.liberty.file.name, "sha256": self.liberty.sha256},
                "driver": self.liberty.driver, "load_ff": self.liberty.load_ff, "delay_ps": self.liberty.delay_ps,
                "script": SCRIPT, "abc": ABC, "multipliers": MULTIPLIERS.read_text(encoding="utf-8"),
                "full_adders": self.liberty.full_adder_map, "resets": "" if self.liberty.has_resets() else "async2sync"}

    def name_of(self, top, parameters, **more):
        """Name of the files of a result: the module, and a digest of what it depends on."""
        inputs = {**self.inputs(top, dict(sorted(parameters.items())), sources_of(top)), **more}
        return f"{top}-{hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]}"

    def synthesize(self, top, **parameters):
        """A Netlist, from the cache if nothing it depends on has changed."""
        key = (top, tuple(sorted(parameters.items())))
        if key not in self.done:
            file = self.cache / f"{self.name_of(top, parameters)}.json"
            if file.exists():
                record = json.loads(file.read_text())
            else:
                record = self.run(top, parameters)
                write_whole(file, json.dumps(record, indent=1) + "\n")
            self.done[key] = Netlist(record)
        return self.done[key]

    def synthesize_all(self, jobs):
        """jobs: (top, {parameter: value}). Makes all of them, a process per core, the later call of each is free."""
        unique = list({(top, tuple(sorted(parameters.items()))) for top, parameters in jobs})
        unique.sort(key=lambda job: -dict(job[1]).get("Lanes", 0) * dict(job[1]).get("Rows", 1))  # the long ones first
        with concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            list(pool.map(lambda job: self.synthesize(job[0], **dict(job[1])), unique))

    def run(self, top, parameters, netlist=None):
        """The record of a synthesis; with netlist, a path without its ending, also the flattened netlist in .json."""
        sources = sources_of(top)
        with tempfile.TemporaryDirectory() as holder:
            folder, started = pathlib.Path(holder), time.time()
            (folder / "constraints").write_text(f"set_driving_cell {self.liberty.driver}\n"
                                                f"set_load {self.liberty.load_ff} [all_outputs]\n")
            (folder / "full_adders.v").write_text(self.liberty.full_adder_map)
            settings = " ".join(f"-set {name} {value}" for name, value in sorted(parameters.items()))
            script = (SCRIPT + (NETLIST if netlist else "")).format(
                include="rtl/include", sources=" ".join(file.relative_to(ROOT).as_posix() for file in sources), top=top,
                multipliers=MULTIPLIERS.relative_to(ROOT), netlist=folder / "netlist",
                full_adders=f"techmap -map {folder / 'full_adders.v'} t:$fa" if self.liberty.full_adder_map else "",
                # Flip-flops with asynchronous reset become ones with a gate before them, where the library has no others.
                resets="" if self.liberty.has_resets() else "async2sync",
                chparam=f"chparam {settings} {top}" if settings else "", liberty=self.liberty.mapping,
                delay_ps=self.liberty.delay_ps, abc=ABC, constraints=folder / "constraints", stat=folder / "stat",
                dump=folder / "dump", instances=" ".join(["t:$paramod*", *(f"t:{file.stem}" for file in sources)]))
            (folder / "script.ys").write_text(script)
            result = subprocess.run(["yosys", "-q", "-s", str(folder / "script.ys")], cwd=ROOT, capture_output=True, text=True,
                                    check=False)
            if result.returncode != 0 or not (folder / "dump").exists():
                tail = "\n".join((result.stdout + result.stderr).strip().splitlines()[-5:])
                raise SynthesisError(f"yosys failed on {top} {settings}:\n{tail or f'exit status {result.returncode}'}")
            try:
                modules = Netlist.modules_of((folder / "stat").read_text(), (folder / "dump").read_text(), self.liberty.cells)
            except ParseError as error:
                raise SynthesisError(f"{top} {settings}: {error}") from error
            if netlist:
                write_whole(pathlib.Path(f"{netlist}.json"), (folder / "netlist.json").read_text())
            used = sorted({name for module in modules.values() for name in module["cells"]})
            return {**self.inputs(top, dict(sorted(parameters.items())), sources), "seconds": round(time.time() - started, 1),
                    "modules": modules,
                    "library_cells": {name: {key: self.liberty.cells[name][key] for key in ("area", "flop")} for name in used}}


def add_options(parser):
    parser.add_argument("--liberty", metavar="FILE", help="library, .lib, .lib.gz or .lib.xz; default: the first found")
    parser.add_argument("--cache", metavar="DIR", default=str(CACHE), help="where results are kept; default: build/area")


def main():
    parser = argparse.ArgumentParser(prog="scripts/area.py", description=__doc__.splitlines()[0])
    parser.add_argument("top", help="module, named like its file")
    parser.add_argument("parameters", nargs="*", metavar="Parameter=Value")
    parser.add_argument("--depth", type=int, default=1, help="levels of instances to list")
    add_options(parser)
    arguments = parser.parse_args()
    try:
        parameters = {name: int(value) for name, value in (word.split("=") for word in arguments.parameters)}
    except ValueError:
        parser.error("parameters are Name=Number")
    try:
        synthesizer = Synthesizer(arguments.liberty, arguments.cache)
        netlist = synthesizer.synthesize(arguments.top, **parameters)
    except (SynthesisError, LibertyError) as error:
        print(f"area: error: {error}", file=sys.stderr)
        return 2
    library, record = synthesizer.liberty, netlist.record
    print(f"{record['tool']}; {library.file.name}, sha256 {library.sha256[:16]}; inputs driven by {library.driver}, outputs "
          f"loaded with {library.load_ff} fF, ABC -D {library.delay_ps}; RTL sha256 {record['rtl_sha256'][:16]}")
    print(f"{'area um2':>14} {'flops um2':>14} {'cells':>9} {'flops':>8}  instance")
    for path in netlist.paths(arguments.depth):
        print(f"{netlist.area(path):>14.2f} {netlist.flop_area(path):>14.2f} {netlist.cells(path):>9} "
              f"{netlist.flops(path):>8}  {path or arguments.top}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
