"""Figures for README.md, each measured by the built program or counted by the tests named beside it."""
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from experiment_attention import graph

BUILD = pathlib.Path("build/release")
LUTETIA = str(BUILD / "lutetia")
FIRST_RUN = ["run", "configs/designs/lut-tensor-core.yaml", "bitnet-3b", "--prefill", "512"]
LONG_RUN = ["run", "configs/designs/lut-tensor-core-attention.yaml", "llama-3-8b", "--prefill", "0", "--decode", "1", "--past",
            "32767"]
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


def inventory():
    """Every test that CTest knows: (name, label, command)."""
    listing = json.loads(output("ctest", "--test-dir", str(BUILD), "--show-only=json-v1"))
    tests_known = []
    for test in listing["tests"]:
        labels = [p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"]
        tests_known.append((test["name"], (labels or [[""]])[0][0], test.get("command", [])))
    return tests_known


INVENTORY = []  # read once


def tests(label, pattern, printed=None):
    """Number of tests that `ctest -L label -R pattern` runs; they are run, many in a process, and must pass. `printed`
    collects what they print."""
    if not INVENTORY:
        INVENTORY.extend(inventory())
    chosen = [(name, command) for name, of, command in INVENTORY
              if re.search(label, of) and re.search(pattern, name) and of != "nightly"]
    processes = {}  # SystemC elaborates once a process
    for name, command in chosen:
        filters = [word.partition("=")[2] for word in command if word.startswith("--gtest_filter=")]
        if not filters:
            sys.exit(f"{name} is not built, or no GoogleTest")
        processes.setdefault((command[0], name if "SystemC" in name else ""), []).extend(filters)
    if not chosen:
        sys.exit(f"ctest -L '{label}' -R '{pattern}': nothing to run")
    passed = 0
    for (binary, _), filters in processes.items():
        text = output(binary, f"--gtest_filter={':'.join(filters)}")
        found = re.search(r"\[  PASSED  \] (\d+) test", text)
        passed += int(found.group(1)) if found else 0
        if printed is not None:
            printed.append(text)
    if passed != len(chosen):
        sys.exit(f"ctest -L '{label}' -R '{pattern}' has {len(chosen)} tests, but {passed} passed")
    return passed


def plural(count, noun="test"):
    return f"{count} {noun}{'' if count == 1 else 's'}"


def tested(claim, label, pattern, figure="{}"):
    """A row whose figure is how many tests its own command runs."""
    quoted = f"'{pattern}'" if "|" in pattern else pattern
    options = ([f"-L {label}"] if label else []) + ([f"-R {quoted}"] if pattern else [])
    command = " ".join(options).replace("|", "\\|")  # in a table
    return (claim, f"`ctest {command}`", figure.format(plural(tests(label, pattern))))


def cosim_row(claim, *units):
    variants = runs = equal = transfers = 0
    for unit in units:
        rows = [line.split() for line in output(LUTETIA, "cosim", unit, "--transactions", "10000").splitlines()[1:]]
        transfers += sum(int(row[3]) for row in rows)
        variants += len({row[1] for row in rows})
        equal += sum(row[-1] == "equal" for row in rows)
        runs += len(rows)
    return (claim, "; ".join(f"`lutetia cosim {unit} --transactions 10000`" for unit in units),
            f"{variants} variants x 4 stall modes, {transfers:,} transfers, {equal} of {runs} runs equal")


def machine_row():
    results = {level: run_json(TINY_RUN + ["--fidelity", level]) for level in ("transaction", "cycle", "rtl")}
    cycles = {level: result["cycles"] for level, result in results.items()}
    if len(set(cycles.values())) != 1:
        sys.exit(f"the bodies disagree: {cycles}")
    return ("transaction == cycle == RTL in a whole machine, every transfer stamp (bitnet-tiny, prefill 16, decode 4)",
            "`ctest -L laws -R Agreement`; `lutetia run ... --fidelity rtl`",
            f"{plural(tests('laws', 'Agreement'))}; {cycles['rtl']:,} cycles in all three")


def accuracy_row():
    """What the test prints: `W2 Gaussian  FP16 tables  aligned  quantized`."""
    printed = []
    tests("numeric", "LowBitAccuracy", printed)
    rows = re.findall(r"^W(\d) (\w+) +(\S+) +(\S+) +(\S+)$", "".join(printed), re.M)
    figures = "; ".join(f"W{bits} {kind}: {', '.join(errors)}" for bits, kind, *errors in rows)
    return ("error of FP16 activations, normalised mean square of a dot product of 2048 (outliers: 0.5 % of 20 times the "
            "size): tables of FP16 entries with FP32 sums, path `aligned`, path `quantized_table`",
            "`ctest -L numeric -R LowBitAccuracy`", figures)


def long_context_row():
    """Cycles of attention behind 32768 keys against the time its cache needs at the memory's pins."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "result"
        output(LUTETIA, *LONG_RUN, "--out", str(out))
        rows = list(csv.DictReader((out / "operators.csv").open()))
    rows = [row for row in rows if row["kind"] == "attention"]
    cycles, size = (sum(int(row[key]) for row in rows) for key in ("cycles", "bytes"))
    bandwidth = float(re.search(r"([\d.]+) bytes per core cycle", output(LUTETIA, "explain", LONG_RUN[1])).group(1))
    return ("attention of one token behind 32,768 keys of LLaMA-3-8B (GQA, FP16, pages of 16) against the time its cache takes at "
            "the memory's bandwidth", f"`lutetia {' '.join(LONG_RUN)}`".replace("configs/designs/", "").replace(".yaml", ""),
            f"{cycles:,} cycles in {len(rows)} layers, {size / bandwidth / cycles:.1%} of them the memory's")


def attention_rows():
    return [
        cosim_row("streaming attention unit: RTL == cycle body, bits and cycles; every result against exact integers and double "
                  "precision", "attention"),
        tested("its transaction body == RTL on every pin under all stall modes; == cycle body on random units and programs; the "
               "cycles of a pass in closed form", "", "AttentionTransaction|AttentionRecurrence|AttentionFormula"),
        tested("whole machines with it: transaction == cycle == RTL, random machines, windows, pages, partial results; off-chip bytes "
               "are the analytic minimum of their tiles", "laws", "AttentionMachine"),
        long_context_row(),
        tested("its arithmetic against MPFR and integers without limits, exhaustively where there are few", "numeric",
               "AttentionArithmetic|AttentionNormalise|Exp2|StreamingAttention|KvQuantization|AttentionScale"),
        tested("accuracy: relative RMSE against double precision on the same operands at most 5e-4, for outliers 2e-3; d 59 to 128, "
               "1 to 4096 keys, FP16, INT8, INT4 with groups", "numeric", "AttentionAccuracy"),
        tested("attention vectors of ONNX within ONNX's tolerance (7 of 38 need a soft cap, which it has not)", "numeric",
               "OnnxAttention"),
    ]


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
    return [
        ("DRAM streams, cycles per request, DDR4-2400, 1 M requests",
         "`lutetia trace requests`, `lutetia run ... --set memory=ddr4-2400`", found),
        tested("every DRAM timing rule tight against a separately written checker; command lists of two public simulators",
               "memory", "DramTiming|MicroCase", "6 standards, {}"),
        tested("commands of every standard, mapping, page policy, refresh mode: no violation for checker and Verilog monitor; a "
               "timing longer by a cycle is noticed by both", "", "CommandLegality|DramMonitorSystem|DramMonitorStrict"),
        tested("long streams worked off at once == command by command, every command, time and count", "memory", "Repetition"),
        tested("DRAM energy against DRAMPower's first DDR4 pattern (to the pJ) and two simulators' power of a stream (3 %)",
               "memory", "DramEnergy"),
    ]


def schedule_row():
    """A head of attention over 64K tokens in the three schedules."""
    runs = {name: graph(f"schedule_{name}", length=65536) for name in ("unfused", "flat", "one_pass")}
    return ("attention of 64K tokens unfused, with whole rows on chip, and in one pass", "`scripts/experiments --section attention`",
            "; ".join(f"{name} {run['cycles'] / 1e6:.1f} M cycles, {run['on_chip_bytes'] / 2**20:.2f} MiB on chip, "
                      f"{run['off_chip_bytes'] / 2**30:.2f} GiB off chip" for name, run in runs.items()))


def table():
    models = len(list(pathlib.Path("workloads/models").glob("*.yaml")))
    lists = {file.stem: file.read_text() for file in pathlib.Path("tests/mutants").glob("*.txt")}
    mutants = {unit: len(re.findall(r"^\[\w+\]$", text, re.M)) for unit, text in sorted(lists.items())}
    decode = run_json(DECODE_RUN)["phases"]["decode"]
    bound = max(decode["bound_cycles"].values()) / decode["cycles"]
    packings = output(LUTETIA, "help", "formats").partition("Packings")[2].partition("Their tiles")[0].count("\n") - 2
    return [
        cosim_row("RTL == cycle body, bits and cycles, every output against an oracle of its own: exact integers; for "
                  "floating-point activations, double precision", "lut_core"),
        cosim_row("the same of the baselines: bit-serial adders; multipliers of integers and of FP16", "adder_core", "mac_core"),
        machine_row(),
        tested("the same for every matrix core: adders, multipliers, tables of 2 to 6, full, unfolded, fused, floating point, "
               "behind a decoder; transaction == RTL whatever is verilated", "laws", "MatrixCores"),
        tested("transaction body == RTL on every pin under all stall modes", "cosim", "MatrixCoreTransaction",
               "{} over all variants of the three cores"),
        tested("cycles of a step and bits of tables and weights as the LUT tensor core's publication states them, read from the "
               "RTL", "cosim", "Published"),
        tested("transaction body == cycle body, random parameters; skipping steady states changes no stamp", "units/matrix_core",
               "Recurrence"),
        tested("the same on random machines and workloads with split K", "laws", "laws/RandomMachine"),
        tested("GEMM against exact integers, ragged M, N, K, all formats, all cores", "units", "MatrixCoresGemm"),
        tested("floating-point activations (FP16, BF16, FP8), both paths, near and fused tables, against double precision; NaN, "
               "infinities, ragged segments", "",
               "FloatActivations|FloatGemm"),
        accuracy_row(),
        tested("FP16 multipliers: every step against exact arithmetic, in the model and in the RTL's leaf", "",
               "Fp16Dot|Fp16Multipliers|MacCoreFp16"),
        tested("weight decoder: transaction == cycle == RTL, planes from the weights' meaning; a beat waits only for the one "
               "before it; with the core it is latency only", "", "WeightDecoder"),
        ("single-line mistakes in the RTL are caught", "`ctest -L mutation`",
         f"{sum(mutants.values())} mutants: " + ", ".join(f"{unit} {count}" for unit, count in mutants.items())),
        tested("evaluation order, kernel, repetition change no transfer; more resources never add cycles", "laws",
               "laws/Order|Monotony"),
        tested("FP32 arithmetic, floating-point and activation leaves of the RTL against MPFR and exact definitions", "rtl", ""),
        *attention_rows(),
        tested("streaming attention graphs: published cycles, closed forms, depths; transaction == cycle in every transfer of "
               "random graphs", "dataflow", ""),
        tested("bytes of attention's schedules == closed forms and FuseMax's published traffic; none faster than its rates; selective "
               "scan, in sequence and in chunks, against double precision", "dataflow", "Schedules|SelectiveScan|MemoryPort"),
        schedule_row(),
        tested("memory port reaches exactly its bandwidth", "memory", "FixedMemory|Dma"),
        tested("packed weights against closed-form places and hand-checked bytes; illegal codes; 100,000 fuzzed blocks a format",
               "numeric", "Packing|IllegalCode", f"{packings} packings, {{}}"),
        tested("parameters and MACs of models against published totals", "workload", "Model", f"{models} models, {{}}"),
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
