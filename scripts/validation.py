"""Figures for README.md, each measured by the built program or counted by the tests named beside it."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BUILD = pathlib.Path("build/release")
LUTETIA = str(BUILD / "lutetia")
FIRST_RUN = ["run", "configs/designs/lut-tensor-core.yaml", "bitnet-3b", "--prefill", "512"]
DECODE_RUN = ["run", "configs/designs/lut-tensor-core.yaml", "bitnet-3b", "--prefill", "0", "--decode", "8"]
TINY_RUN = ["run", "configs/designs/lut-tensor-core.yaml", "bitnet-tiny", "--prefill", "16", "--decode", "4"]


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def run_json(arguments):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "result"
        output(LUTETIA, *arguments, "--out", str(out))
        return json.loads((out / "result.json").read_text())


def tests(binary, pattern):
    """Number of tests that ran and passed."""
    text = output(str(BUILD / binary), f"--gtest_filter={pattern}")
    passed = re.search(r"\[  PASSED  \] (\d+) test", text)
    if passed is None or int(passed.group(1)) == 0:
        sys.exit(f"{binary} {pattern}: nothing ran")
    return int(passed.group(1))


def cosim_row():
    text = output(LUTETIA, "cosim", "lut_core", "--transactions", "10000")
    rows = [line.split() for line in text.splitlines()[1:]]
    transfers = sum(int(row[3]) for row in rows)
    variants = len({row[1] for row in rows})
    equal = sum(row[-1] == "equal" for row in rows)
    return ("RTL == cycle body, bits and cycles, every output against exact arithmetic",
            "`lutetia cosim lut_core --transactions 10000`",
            f"{variants} variants x 4 stall modes, {transfers:,} transfers, {equal} of {len(rows)} runs equal")


def machine_row():
    results = {level: run_json(TINY_RUN + ["--fidelity", level]) for level in ("transaction", "cycle", "rtl")}
    cycles = {level: result["cycles"] for level, result in results.items()}
    if len(set(cycles.values())) != 1:
        sys.exit(f"the bodies disagree: {cycles}")
    tests("tests_laws", "Agreement.*")
    return ("transaction == cycle == RTL in a whole machine, every transfer stamp (bitnet-tiny, prefill 16, decode 4)",
            "`ctest -L laws -R Agreement`; `lutetia run ... --fidelity rtl`",
            f"{cycles['rtl']:,} cycles in all three")


def stream_cycles(pattern, write_share):
    """Cycles per request of a million 64-byte requests on one channel of DDR4-2400."""
    with tempfile.TemporaryDirectory() as folder:
        trace = str(pathlib.Path(folder) / "stream.requests")
        output(LUTETIA, "trace", "requests", "--pattern", pattern, "--requests", "1000000",
               "--write-share", str(write_share), "--range", "8GiB", "-o", trace)
        text = output(LUTETIA, "run", "lut-tensor-core", trace, "--set", "memory=ddr4-2400", "--format", "json")
        return json.loads(text)["cycles_per_request"]


def dram_rows():
    streams = [("sequential", 0, "4.206 to 4.211"), ("random", 0, "6.88 to 6.93"), ("random", 0.5, "7.20 to 7.29")]
    found = "; ".join(f"{pattern}{', half writes' if share else ' reads'} {stream_cycles(pattern, share):.3f} "
                      f"(public simulators {published})" for pattern, share, published in streams)
    rules = tests("tests_memory", "*DramTiming*:*MicroCase*")
    legal = tests("tests_memory", "*CommandLegality*") + tests("tests_cosim", "*DramMonitorSystem*:*DramMonitorStrict*")
    return [
        ("DRAM streams, cycles per request, DDR4-2400, 1 M requests",
         "`lutetia trace requests`, `lutetia run ... --set memory=ddr4-2400`", found),
        ("every DRAM timing rule tight against a separately written checker; command lists of two public simulators",
         "`ctest -L memory -R 'DramTiming\|MicroCase'`", f"6 standards, {rules} tests"),
        ("commands of every standard, mapping, page policy, refresh mode: no violation for checker and Verilog monitor; a timing longer by a cycle is noticed by both",
         "`ctest -R 'CommandLegality\|DramMonitorSystem'`", f"{legal} tests"),
        ("long streams worked off at once == command by command, every command, time and count",
         "`ctest -L memory -R Repetition`", f"{tests('tests_memory', '*Repetition*')} tests"),
        ("DRAM energy against DRAMPower's first DDR4 pattern (to the pJ) and two simulators' power of a stream (3 %)",
         "`ctest -L memory -R DramEnergy`", f"{tests('tests_memory', 'DramEnergy.*')} tests"),
    ]


def table():
    models = len(list(pathlib.Path("workloads/models").glob("*.yaml")))
    lists = [file.read_text() for file in pathlib.Path("tests/mutants").glob("*.txt")]
    mutants = sum(len(re.findall(r"^\[\w+\]$", text, re.M)) for text in lists)
    decode = run_json(DECODE_RUN)["phases"]["decode"]
    bound = max(decode["bound_cycles"].values()) / decode["cycles"]
    gemms = tests("tests_units_lut_core", "*Gemm*")
    recurrences = tests("tests_units_lut_core", "LutCoreRecurrence.*")
    randoms = tests("tests_laws", "RandomMachine.*")
    memory = tests("tests_memory", "*FixedMemory*:*Dma*")
    totals = tests("tests_workload", "*Model*")
    return [
        cosim_row(),
        machine_row(),
        ("transaction body == RTL on every pin under all stall modes", "`ctest -L cosim -R LutCoreTransaction`",
         f"{tests('tests_cosim', 'LutCoreTransaction.*')} test over all variants"),
        ("transaction body == cycle body, random parameters; skipping steady states changes no stamp",
         "`ctest -L units/lut_core -R Recurrence`", f"{recurrences} tests"),
        ("the same on random machines and workloads with split K", "`ctest -L laws -R RandomMachine`",
         f"{randoms} test"),
        ("GEMM against exact integers, ragged M, N, K, all formats", "`ctest -L units/lut_core -R Gemm`", f"{gemms} tests"),
        ("weight decoder: transaction == cycle == RTL, planes from the weights' meaning; a beat waits only for the one before it; with the core it is latency only",
         "`ctest -R WeightDecoder`",
         f"{tests('tests_units_weight_decoder', 'WeightDecoder*') + tests('tests_cosim', 'WeightDecoder*')} tests"),
        ("single-line mistakes in the RTL are caught", "`ctest -L mutation`", f"{mutants} mutants"),
        ("evaluation order, kernel, repetition change no transfer; more resources never add cycles",
         "`ctest -L laws -R Order`, `-R Monotony`", f"{tests('tests_laws', 'Order.*-*SystemC*') + tests('tests_laws', 'Order.*SystemC*') + tests('tests_laws', 'Monotony.*')} tests"),
        ("FP32 arithmetic and activation leaves of the RTL against MPFR and exact definitions", "`ctest -L rtl`", f"{tests('tests_rtl', '*')} tests"),
        ("memory port reaches exactly its bandwidth", "`ctest -L memory -R 'FixedMemory\\|Dma'`", f"{memory} tests"),
        ("packed weights against closed-form places and hand-checked bytes; illegal codes; 100,000 fuzzed blocks a format",
         "`ctest -L numeric -R 'Packing\\|IllegalCode'`",
         f"13 formats, {tests('tests_numeric', '*Packing*:IllegalCode*')} tests"),
        ("parameters and MACs of models against published totals", "`ctest -L workload -R Model`",
         f"{models} models, {totals} tests"),
        ("decode of BitNet-3B against its memory bound", "`lutetia run lut-tensor-core bitnet-3b --prefill 0 --decode 8`",
         f"{decode['tokens_per_s']:.1f} tokens/s, {100 * bound:.1f} % of the bound"),
        *dram_rows(),
    ]


def replace_between(text, marker, content):
    begin, end = f"<!-- {marker} -->", f"<!-- end of {marker} -->"
    head, _, rest = text.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}\n{content}\n{end}{tail}"


def main():
    rows = ["| claim | command | figure |", "|---|---|---|"]
    rows += [f"| {claim} | {command} | {figure} |" for claim, command, figure in table()]
    if "--print" in sys.argv[1:]:
        print("\n".join(rows))
        return
    report = "\n".join("    " + line for line in output(LUTETIA, *FIRST_RUN).splitlines())
    readme = pathlib.Path("README.md")
    text = readme.read_text()
    text = replace_between(text, "first result", report)
    text = replace_between(text, "validation", "\n".join(rows))
    experiments = output("/usr/bin/python3", "-B", "scripts/experiments.py", "--section", "table1", "--markdown")
    text = replace_between(text, "experiments", experiments.rstrip())
    readme.write_text(text)


main()
