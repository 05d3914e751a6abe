#!/usr/bin/env python3
"""Breaks the RTL on purpose and demands that co-simulation notices: tests/mutants/run.py LIST --bench ... [mutant...]

Each mutant of LIST is applied to a copy of rtl/, verilated, compiled into a shared object and run by mutant_bench under
all four stall modes. First the unmutated RTL must pass in every variant used. A mutant that survives, that does not
verilate, whose text no longer occurs exactly once, or that is noticed in another way than the list says, is a failure.
"""

import argparse
import collections
import concurrent.futures
import configparser
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEED, TRANSFERS, TIMEOUT = 8, 10_000, 120
KEYS = {"breaks", "file", "search", "replace"}
Outcome = collections.namedtuple("Outcome", "name good text")


def read_list(path):
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=True)
    parser.read_string(path.read_text(encoding="utf-8"), str(path))
    mutants = {name: dict(parser[name]) for name in parser.sections()}
    for name, mutant in mutants.items():
        unknown = set(mutant) - KEYS - {"symptom", "variant"}
        if unknown or not KEYS <= set(mutant):
            sys.exit(f"{path}: {name}: needs {sorted(KEYS)}, has {sorted(mutant)}")
    return mutants


def read_verilations(unit):
    variants = {}
    for line in (ROOT / "rtl/units" / unit / "verilations.txt").read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words:
            variants[words[0]] = [word for word in words[1:] if "=" in word]
    return variants


def mutate(rtl, mutant):
    """None, or why the mutant cannot be applied to this copy of rtl/."""
    path = rtl / mutant["file"]
    if not path.is_file():
        return f"there is no rtl/{mutant['file']}"
    text = path.read_text(encoding="utf-8")
    found = text.count(mutant["search"])
    if found != 1:
        return f"its text occurs {found} times in rtl/{mutant['file']}: adapt the list to the RTL"
    path.write_text(text.replace(mutant["search"], mutant["replace"]), encoding="utf-8")
    return None


class Workshop:
    def __init__(self, args):
        self.args = args
        self.unit = args.list.stem
        self.variants = read_verilations(self.unit)
        self.camel = "".join(word.capitalize() for word in self.unit.split("_"))

    def build(self, folder, rtl, variant):
        """Verilates and compiles; the shared object, or None and the tool's words."""
        prefix = f"V{self.unit}_mutant"
        model = folder / "model"
        unit = rtl / "units" / self.unit
        packages = sorted(unit.glob("*_pkg.sv")) + sorted((rtl / "common").glob("*_pkg.sv"))
        verilate = [self.args.verilator, "--cc", "--assert", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--x-assign", "fast",
                    "--x-initial", "unique", f"-I{rtl}/include", "-y", rtl / "common", "-y", unit, "--prefix", prefix,
                    "--top-module", self.unit, "--Mdir", model, *[f"-G{p}" for p in self.variants[variant]],
                    *packages, unit / f"{self.unit}.sv"]
        ran = subprocess.run([str(word) for word in verilate], capture_output=True, text=True)
        if ran.returncode != 0:
            return None, ran.stdout + ran.stderr
        template = (ROOT / "cmake/rtl_variant.cpp.in").read_text(encoding="utf-8")
        for key, value in {"UNIT": self.unit, "UNIT_CAMEL": self.camel, "PREFIX": f"{self.unit}_mutant", "NAME": "mutant",
                           "PARAMETERS": ""}.items():
            template = template.replace(f"@{key}@", value)
        (model / "registration.cpp").write_text(template, encoding="utf-8")
        includes = "".join(f'#include "{file.name}"\n' for file in sorted(model.glob("V*.cpp")))
        (model / "all.cpp").write_text(includes, encoding="utf-8")
        objects = []
        for source in ("all", "registration"):
            compile_it = [*self.args.cxx.split(), "-std=c++17", "-O0", "-g0", "-w", "-fPIC", "-DVM_TRACE=0", "-DVM_COVERAGE=0",
                          "-DVM_SC=0", "-DFMT_SHARED", "-I.", f"-I{ROOT}/sim", f"-I{self.args.verilator_include}",
                          f"-I{self.args.verilator_include}/vltstd", "-c", f"{source}.cpp", "-o", f"{source}.o"]
            ran = subprocess.run(compile_it, cwd=model, capture_output=True, text=True)
            if ran.returncode != 0:
                return None, ran.stdout + ran.stderr
            objects.append(f"{source}.o")
        link = [self.args.cxx.split()[-1], "-shared", *objects, "-o", "model.so"]
        ran = subprocess.run(link, cwd=model, capture_output=True, text=True)
        return (model / "model.so", "") if ran.returncode == 0 else (None, ran.stdout + ran.stderr)

    def run(self, name, mutant, variant):
        """One mutant, or the unmutated RTL if `mutant` is None."""
        with tempfile.TemporaryDirectory(dir=self.args.work, prefix=f"{name}-") as scratch:
            folder = pathlib.Path(scratch)
            rtl = folder / "rtl"
            shutil.copytree(ROOT / "rtl", rtl)
            if mutant is not None:
                fault = mutate(rtl, mutant)
                if fault:
                    return Outcome(name, False, fault)
            model, words = self.build(folder, rtl, variant)
            if model is None:
                return Outcome(name, False, "does not build:\n" + words)
            try:
                bench = [self.args.bench, str(model), str(SEED), str(TRANSFERS)]
                ran = subprocess.run(bench, capture_output=True, text=True, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                return Outcome(name, False, f"still runs after {TIMEOUT} s: the bench must notice a hang by itself")
            output = ran.stdout + ran.stderr
            if mutant is None:
                good = ran.returncode == 0
                return Outcome(name, good, "passes" if good else "the unmutated RTL does not pass:\n" + output)
            if ran.returncode == 0:
                return Outcome(name, False, f"SURVIVES ({mutant['breaks']})")
            if ran.returncode != 1:
                return Outcome(name, False, f"ends with status {ran.returncode}:\n{output}")
            failures = [line.rstrip(":") for line in output.splitlines() if line.startswith("cycle ")]
            noticed = [line for line in failures if mutant.get("symptom", "") in line]
            if not noticed:
                return Outcome(name, False, f"noticed otherwise than by \"{mutant.get('symptom', '')}\": {failures}")
            return Outcome(name, True, noticed[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("only", nargs="*", help="mutants to run; all if none is named")
    parser.add_argument("--bench", required=True, help="the program mutant_bench")
    parser.add_argument("--work", required=True, help="folder for temporary files")
    parser.add_argument("--verilator", default="verilator")
    parser.add_argument("--verilator-include", default="/usr/share/verilator/include")
    parser.add_argument("--cxx", default="c++", help="compiler, with ccache in front if there is one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()
    mutants = read_list(args.list)
    for name in args.only:
        if name not in mutants:
            sys.exit(f"{args.list}: no mutant is called {name}")
    chosen = {name: mutants[name] for name in args.only or mutants}
    pathlib.Path(args.work).mkdir(parents=True, exist_ok=True)
    workshop = Workshop(args)
    first = next(iter(workshop.variants))  # of verilations.txt, unless a mutant names another
    variants = sorted({mutant.get("variant", first) for mutant in chosen.values()})
    tasks = [(f"unmutated {variant}", None, variant) for variant in variants]
    tasks += [(name, mutant, mutant.get("variant", first)) for name, mutant in chosen.items()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for outcome in pool.map(lambda task: workshop.run(*task), tasks):
            failed += not outcome.good
            print(f"{'ok  ' if outcome.good else 'FAIL'} {outcome.name:<34} {outcome.text}", flush=True)
    print(f"{len(tasks) - len(variants)} mutants, {failed} failures")
    return 1 if failed else 0


sys.exit(main())
