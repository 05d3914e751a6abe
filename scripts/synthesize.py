"""Synthesizes every unit at a grid of parameters: see scripts/synthesize. A record per point (FILE.record.json) lies beside
its netlists (FILE.v, FILE.json), and index.json names the records of each unit that are to be fitted and those held out."""
import argparse
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import sys
import time

import area
import opensta
from area_netlist import Netlist
from flat_netlist import FlatNetlist
from liberty import LibertyError, check, default_file
from synthesis import grid

OUT = area.ROOT / "build/synthesis"
ENDINGS = (".lib", ".lib.gz", ".lib.xz")


def library_name(file):
    name = pathlib.Path(file).name
    return next((name[:-len(ending)] for ending in ENDINGS if name.endswith(ending)), name)


def tool_versions(synthesizer):
    versions = {"yosys": synthesizer.tool, "opensta": opensta.version()}
    for name, flag in (("iverilog", "-V"), ("verilator", "--version")):
        if shutil.which(name):
            said = subprocess.run([name, flag], capture_output=True, text=True, check=False).stdout
            versions[name] = said.splitlines()[0].strip() if said else "unknown"
    return versions


class Points:
    """Records of one library's points, from the folder if nothing they depend on has changed."""

    def __init__(self, liberty_file, out=OUT):
        self.folder = (pathlib.Path(out) / library_name(liberty_file)).resolve()
        self.synthesizer = area.Synthesizer(liberty_file, self.folder)
        self.liberty = self.synthesizer.liberty
        self.tools = tool_versions(self.synthesizer)
        self.constraints = {"driver": self.liberty.driver, "load_ff": self.liberty.load_ff, "delay_ps": self.liberty.delay_ps,
                            "timing": opensta.CONSTRAINTS}

    def name_of(self, unit, parameters):
        return self.synthesizer.name_of(unit, parameters, netlist=area.NETLIST, timing=opensta.CONSTRAINTS,
                                        opensta=self.tools["opensta"])

    def record_file(self, unit, parameters):
        return self.folder / f"{self.name_of(unit, parameters)}.record.json"

    def record(self, unit, parameters):
        """(record, whether it was there already). A netlist that was deleted is made again."""
        name, file = self.name_of(unit, parameters), self.record_file(unit, parameters)
        netlist = self.folder / name
        if file.exists() and all(netlist.with_name(name + ending).exists() for ending in (".v", ".json")):
            return json.loads(file.read_text(encoding="utf-8")), True
        started = time.time()
        found = self.synthesizer.run(unit, parameters, netlist)
        flat = FlatNetlist(f"{netlist}.json", unit)
        area.write_whole(netlist.with_name(name + ".v"), flat.verilog())
        period = opensta.min_period_ps(self.liberty, flat)
        record = {"schema": 1, "unit": unit, "parameters": found["parameters"], "liberty": found["liberty"], "tools": self.tools,
                  "constraints": self.constraints, "rtl_sha256": found["rtl_sha256"],
                  "seconds": round(time.time() - started, 1), "min_period_ps": period, "netlist_json": f"{name}.json",
                  "netlist_v": f"{name}.v", "top": unit, "library_cells": found["library_cells"], "modules": found["modules"]}
        area.write_whole(file, json.dumps(record, indent=1) + "\n")
        return record, False

    def write_index(self, units):
        """Files of all units of the grid, as far as they are there."""
        index = {unit: {"fit": [], "held_out": []} for unit in units}
        for unit in units:
            for role, parameters in grid.points(unit):
                file = self.record_file(unit, parameters)
                if file.exists():
                    index[unit][role.replace(" ", "_")].append(file.name)
        area.write_whole(self.folder / "index.json", json.dumps(index, indent=1) + "\n")


def cost(job):
    """Rough order of the time that points take, so that no long one is left to the end."""
    unit, parameters = job[0], job[2]
    fixed = {"attention": 40, "mac_core": 20, "lut_core": 15, "adder_core": 15}.get(unit, 1)
    size = parameters.get("Lanes", 1) * parameters.get("Rows", 1) + 4 * parameters.get("Keys", 0) * parameters.get("Dims", 0)
    return fixed * (1 + parameters.get("Format", 0)) + size / 4


def told(unit, parameters):
    """Of the parameters, those that vary in the grid."""
    varied = [name for name in parameters if len({p[name] for _, p in grid.points(unit)}) > 1]
    return " ".join(f"{name}={parameters[name]}" for name in varied)


def show(rows):
    print(f"{'cells':>7} {'area um2':>12} {'period ps':>10} {'seconds':>8}  unit: parameters")
    for unit, role, parameters, record in rows:
        netlist = Netlist(record)
        print(f"{netlist.cells():>7} {netlist.area():>12.2f} {record['min_period_ps']:>10.1f} {record['seconds']:>8.1f}  "
              f"{unit}: {told(unit, parameters)}{' (held out)' if role != 'fit' else ''}")


def synthesize(library, units, count, jobs):
    """All points of a library; how many of them failed."""
    wanted = [(unit, role, parameters) for unit in units for role, parameters in grid.points(unit, count)]
    rows, failed, new = {}, 0, 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(library.record, job[0], job[2]): job for job in sorted(wanted, key=cost, reverse=True)}
        for done in concurrent.futures.as_completed(running):
            unit, role, parameters = running[done]
            try:
                record, was_there = done.result()
            except (area.SynthesisError, opensta.TimingError) as error:
                failed += 1
                print(f"synthesize: error: {unit} {told(unit, parameters)}: {error}", file=sys.stderr)
                continue
            rows[id(parameters)] = record
            if not was_there:
                new += 1
                print(f"{record['seconds']:7.1f} s  {unit} {told(unit, parameters)}", file=sys.stderr, flush=True)
    print(f"{library.liberty.file.name}, sha256 {library.liberty.sha256[:16]}; {'; '.join(library.tools.values())}; inputs driven by "
          f"{library.liberty.driver}, outputs loaded with {library.liberty.load_ff} fF, ABC -D {library.liberty.delay_ps}; {new} new "
          f"of {len(wanted)} points, in {library.folder}")
    show([(*job, rows[id(job[2])]) for job in wanted if id(job[2]) in rows])
    library.write_index(grid.UNITS)
    return failed


def main():
    parser = argparse.ArgumentParser(prog="scripts/synthesize", description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", metavar="UNIT", help=f"of {', '.join(grid.UNITS)}; default: all")
    parser.add_argument("--liberty", metavar="FILE", action="append", help="library, .lib, .lib.gz or .lib.xz; several times for "
                        "several; default: OSU 180 nm")
    parser.add_argument("--points", type=int, metavar="N", help="only the first N points of each unit, and those held out")
    parser.add_argument("--out", metavar="DIR", default=str(OUT), help="where results are kept; default: build/synthesis")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="points at once; default: 2")
    arguments = parser.parse_args()
    unknown = [unit for unit in arguments.units if unit not in grid.UNITS]
    if unknown:
        parser.error(f"no unit {', '.join(unknown)}; there are {', '.join(grid.UNITS)}")
    if arguments.jobs < 1 or (arguments.points is not None and arguments.points < 1):
        parser.error("--jobs and --points are at least 1")
    started, failed = time.time(), 0
    try:
        libraries = arguments.liberty or [default_file(area.ROOT)]
        for file in libraries:
            check(file, area.ROOT / "build/release/lutetia")
        for file in libraries:
            failed += synthesize(Points(file, arguments.out), arguments.units or grid.UNITS, arguments.points, arguments.jobs)
    except (area.SynthesisError, opensta.TimingError, LibertyError) as error:
        print(f"synthesize: error: {error}", file=sys.stderr)
        return 2
    print(f"{time.time() - started:.1f} s")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
