"""Published experiments, run by the built program; every figure of ours and every cause comes from the runs themselves.

A section is a function that returns rows; to add one, write it and name it in SECTIONS. Those of dataflow graphs are in
experiment_attention.py. Those of areas are in area_experiments.py; they need a synthesis tool and minutes, so they run only when they are asked for."""
import argparse
import pathlib
import sys

import area
from area_experiments import AREA_SECTIONS, run_section
from experiment_attention import GRAPH_SECTIONS, show_table
from experiment_rows import Row, print_markdown, print_text
from experiment_precompute import cases as precompute_cases
from experiment_runs import array_fill, families, gemm, matrix_unit, run, share, trace, traffic, unit_time, without

DEVIATION = 0.15  # from here on a deviation needs a cause that is measured


def milliseconds(result):
    return 1e3 * result["time_s"]


def time_text(ms):
    return f"{ms:.2f} ms" if ms >= 1 else f"{1e3 * ms:.1f} us"


def timed(case, result, other, cycles, variant=False):
    ours = milliseconds(result)
    return Row(case, time_text(ours), time_text(other), ours / other, cycles, variant)


TABLE1 = [  # machine, design, prefill of 2048 tokens and one step of 1024 sequences, ms (Table 1)
    ("INT8 TC", "a100-int8", 67.06, 21.70),
    ("LUT 4X", "a100-lut-4x", 42.49, 11.41),
    ("LUT 8X", "a100-lut-8x", 38.02, 7.47),
]
PREFILL = ("model", "bitnet-3b", "--prefill", "2048")
DECODE = ("model", "bitnet-3b", "--prefill", "0", "--decode", "1", "--batch", "1024")


def built(design):
    return pathlib.Path(f"configs/designs/{design}.yaml").exists()


def product_rate(result, published):
    """The rate of the products, as a part of the array's, with which this run would take the published time: everything else
    as it is here. What a publication does not tell is how far its products were from the peak."""
    busy = result["busy_cycles"][matrix_unit(result)] / result["clock_hz"] * 1e3
    left = published - (milliseconds(result) - busy)
    text = f"{100 * busy / left:.0f} %" if left > 0 else "none"
    why = (f"the array is busy {busy:.2f} ms of {milliseconds(result):.2f} ms at 100 %; the log published for one product shows 40.7 % of "
           "the peak (section gemm)" if left > busy else
           f"the array is busy {busy:.2f} ms, the rest alone takes {milliseconds(result) - busy:.2f} ms: the rest is what is faster there")
    return Row("rate of products that would explain it", text, "not told", None, why, True)


def table1_rows(machine, design, phase, workload, published, variants):
    result = run(design, workload)
    rows = [timed(f"{machine}, {phase}", result, published,
                  f"{unit_time(result)}; by operator: {families(result)}; {traffic(result)}; {array_fill(result)}")]
    if abs(rows[0].ratio - 1) < DEVIATION:
        return rows
    rows.append(product_rate(result, published))
    for name, changes in variants:
        changed = run(design, without(workload, **changes))
        saved = (result["cycles"] - changed["cycles"]) / 1e6
        rows.append(timed(name, changed, published,
                          f"{abs(saved):.1f} M cycles {'less' if saved > 0 else 'more'} of {result['cycles'] / 1e6:.1f} M; "
                          f"{traffic(changed)}", True))
    ratios = [row.ratio for row in rows if row.ratio is not None]
    if not any(abs(ratio - 1) < DEVIATION for ratio in ratios):
        low, high = min(ratios), max(ratios)
        verdict = (f"the published time lies between these ({low:.2f} to {high:.2f}): part of the row operations fused or "
                   "on chip, which the publication does not tell" if low < 1 < high else "not explained by these runs")
        rows.append(Row("verdict", "", "", None, verdict, True))
    return rows


def one_assumption(machines, phases):
    """Whether one reading of the publication fits all its times."""
    texts, found = [], {}
    for name, changes in (("as run", {}), ("no mask", {"mask": True}), ("rows fused", {"rows": True}),
                          ("both", {"mask": True, "rows": True})):
        ratios = [milliseconds(run(design, without(workload, **changes) if changes else workload)) / published[at]
                  for design, *published in machines for at, (_, workload) in enumerate(phases)]
        found[name] = (max(ratios) / min(ratios), min(ratios), max(ratios))
        texts.append(f"{name} {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    evenest = min(found, key=found.get)
    _, low, high = found[evenest]
    fits = any(1 - DEVIATION < low and high < 1 + DEVIATION for _, low, high in found.values())
    return Row("one assumption for all of these", "", "", None,
               f"ratios {'; '.join(texts)}. {'One fits' if fits else 'None is within 15 % of'} every published time; the evenest "
               f"is '{evenest}': {low:.2f} to {high:.2f}, as of one common factor that is not in this machine")


def table1():
    prefill, decode = trace("prefill", *PREFILL), trace("decode", *DECODE)
    rows, times = [], {}
    for machine, design, published_prefill, published_decode in TABLE1:
        if not built(design):
            rows.append(Row(f"A100 {machine}", "not built", f"{published_prefill:.2f}, {published_decode:.2f} ms"))
            continue
        rows += table1_rows(machine, design, "BS1 SEQ2048", prefill, published_prefill,
                            [("no causal mask: every pair of tokens", {"mask": True}),
                             ("row operations fused at no cost", {"rows": True}),
                             ("both", {"mask": True, "rows": True})])
        rows += table1_rows(machine, design, "BS1024 SEQ1", decode, published_decode,
                            [("row operations fused at no cost", {"rows": True})])
        times[machine] = (design, published_prefill, published_decode)
    phases = [("BS1 SEQ2048", prefill), ("BS1024 SEQ1", decode)]
    rows.append(one_assumption(list(times.values()), phases))
    names = list(times)
    for slow, fast in [(a, b) for i, a in enumerate(names) for b in names[i + 1:]]:
        for at, (phase, workload) in enumerate(phases):
            a, b = run(times[slow][0], workload), run(times[fast][0], workload)
            ours, published = a["time_s"] / b["time_s"], times[slow][at + 1] / times[fast][at + 1]
            busy = [result["busy_cycles"][matrix_unit(result)] / result["clock_hz"] * 1e3 for result in (a, b)]
            rows.append(Row(f"{fast} over {slow}, {phase}", f"{ours:.2f}x", f"{published:.2f}x", ours / published,
                            f"saved here {milliseconds(a) - milliseconds(b):.2f} ms, the array is busy {busy[0]:.2f} ms, then "
                            f"{busy[1]:.2f} ms, the rest of {milliseconds(b) - busy[1]:.2f} ms does not scale; saved there "
                            f"{times[slow][at + 1] - times[fast][at + 1]:.2f} ms"))
    return rows


SHAPE = (2048, 27648, 5120)  # M, N, K of LLAMA2-13B in Fig. 15 and in the published log


def peak_share(result, macs_per_cycle):
    return result["macs"] / result["cycles"] / macs_per_cycle


def gemm_section():
    """One array multiple X is 1024 MACs per cycle and SM at any weight width: 2 X W_BIT one-bit arrays per SM."""
    eight = run("a100-lut-4x", gemm(*SHAPE, "int8", "int1"))  # 16 arrays per SM, as 4X with 2-bit weights
    peak = 108 * 8 * 1024
    tables = 2 * SHAPE[0] * SHAPE[2] / 2**20
    stored = eight["traffic_bytes"]["activations_written"] / 2**20
    four = run("a100-lut-4x", gemm(*SHAPE, "int16", "int1"), "--set", "lut_core.rows=64", "--set",
               "lut_core.table_generators=64", "--set", "lut_core.activation_bits=16", "--set", "lut_core.psum_bits=40")
    four_share = peak_share(four, 108 * 4 * 1024)
    return [
        timed("W1A8, 8X (published log)", eight, 0.5704, f"{unit_time(eight)}; {traffic(eight)}"),
        Row("share of peak", share(peak_share(eight, peak), 1), "40.7 %", peak_share(eight, peak) / 0.407,
            "the cycles above have no cause for more: the published run is one of a GPU with single registers (its log: "
            "occupancy 12.5 %, 85 % L1 misses, L2 reads at 1717 GB/s), and warps, registers and caches are not in this machine",
            True),
        Row("left out there, done here", "", "", None,
            f"results of all N columns, {stored:.0f} MiB (their trace stores 1/8 of them); tables are built beside the array "
            f"(as data, 2 B per activation, they would be {tables:.0f} MiB); the zero-point term z' is taken off in the "
            f"epilogue and costs no cycle of its own: epilogue stalls are "
            f"{share(eight['stall_cycles']['lut_core']['epilogue'], eight['cycles'])}", True),
        Row("W1A16, 4X, share of peak (INT16 here, FP16 there)", share(four_share, 1), "88.5 %", four_share / (1104 / 1248),
            f"{unit_time(four)}; published 1104 of 1248 TFLOP/s, optimized (Fig. 19)"),
    ]


def formats():
    """Weights of b planes take b cycles per step. Activations change traffic, and the number of drains: with floating point
    sums are scaled at the end of every segment of 64, so each pair of rows has an epilogue of its own."""
    drains = ["--set", "lut_core.epilogue_rows=64", "--set", "lut_core.epilogue_lanes=216"]
    wide = ["--set", "lut_core.activation_bits=16", "--set", "lut_core.psum_bits=40"]
    quantized = ["--set", "lut_core.float_path=quantized_table"]
    cases = [("A8", "int8", []), ("A16", "int16", wide),
             ("A_FP16 aligned", "fp16", [*drains, *wide, "--set", "lut_core.activation_format=fp16"]),
             ("A_FP16 quantized", "fp16", [*drains, *wide, *quantized, "--set", "lut_core.activation_format=fp16"]),
             ("A_FP8 quantized", "fp8_e4m3", [*drains, *quantized, "--set", "lut_core.activation_format=fp8_e4m3"])]
    rows, one = [], None
    for label, activation, sets in cases:
        for bits in (1, 2, 4):
            result = run("a100-lut-4x", gemm(*SHAPE, activation, f"int{bits}"), *sets)
            one = one or result
            ideal = bits * SHAPE[0] * SHAPE[1] * SHAPE[2] / (108 * 16 * 512) / result["clock_hz"] * 1e3
            rows.append(timed(f"W{bits}{label}, {'x'.join(map(str, SHAPE))}", result, ideal,
                              f"{unit_time(result)}; {result['cycles'] / one['cycles']:.2f} times the cycles of W1A8"))
    return rows


def decode():
    array = ["--set", "lut_core.rows=2", "--set", "lut_core.lanes=64", "--set", "lut_core.table_generators=1",
             "--set", "lut_core.epilogue_lanes=8"]  # M2N64K4, the published array
    rows = []
    for m, published in ((1, 50.0), (2, 100.0)):
        result = run("lut-tensor-core", gemm(m, 3200, 3200, "int8", "int2"), *array)
        used = result["array_lookups"]
        value = 100 * used["useful"] / used["total"]
        rows.append(Row(f"M2N64K4, M = {m}: useful lookups", f"{value:.1f} %", f"{published:.1f} %", value / published,
                        f"for rows that do not exist: {share(used['missing_rows'], used['total'])}; {result['cycles']:,} cycles"))
    slowest = None
    for name, weight in (("INT8, on the vector unit", "int8"), ("INT4", "int4"), ("ternary", "ternary")):
        result = run("lut-tensor-core", "bitnet-3b", "--prefill", "0", "--decode", "8", "--set-model",
                     f"formats.weight={weight}")
        slowest = slowest or result
        tokens, bound = 8 / result["time_s"], 8 * result["clock_hz"] / max(result["bound_cycles"].values())
        rows.append(Row(f"lut-tensor-core, BitNet-3B, {name}, tokens/s", f"{tokens:.1f}", f"{bound:.1f}", tokens / bound,
                        f"{slowest['time_s'] / result['time_s']:.2f}x of INT8; ideal: {result['bound']} alone; "
                        f"{unit_time(result)}; {array_fill(result)}"))
    lockstep = run("a100-lut-4x", "bitnet-3b", "--prefill", "0", "--decode", "1")
    tokens, bound = 1 / lockstep["time_s"], lockstep["clock_hz"] / max(lockstep["bound_cycles"].values())
    rows.append(Row("a100-lut-4x, BitNet-3B, one sequence, tokens/s", f"{tokens:.0f}", f"{bound:.0f}", tokens / bound,
                    f"an artefact: one row on 128 in lockstep, where 108 SMs would share the columns; {unit_time(lockstep)}; "
                    f"{array_fill(lockstep)}"))
    return rows


def percent(ratio):
    return f"{100 * (ratio - 1):+.1f} %"


def precompute():
    """Overhead over tables built near the array at no traffic, for the published baseline without precompute. Ours overlaps with
    the products; the memory traffic that the published time would be at the A100's bandwidth tells how much more happens there."""
    rows, all_ours, all_theirs = [], [], []
    for case, (near, separate, fused), published in precompute_cases():
        for name, result, theirs in (("an operator of its own", separate, published[1]), ("fused", fused, published[2])):
            ours, other = result["time_s"] / near["time_s"], theirs / published[0]
            all_ours.append((name, ours))
            all_theirs.append((name, other))
            rows.append(Row(f"{case}, {name}", percent(ours), percent(other), ours / other,
                            f"{milliseconds(near):.2f} ms without, {milliseconds(result):.2f} ms with; "
                            f"{(result['traffic_bytes']['total'] - near['traffic_bytes']['total']) / 1e9:+.2f} GB of traffic; "
                            f"published {theirs - published[0]:.2f} ms are {1.555 * (theirs - published[0]):.2f} GB at 1555 GB/s; "
                            f"{unit_time(result)}"))
    for name in ("an operator of its own", "fused"):
        mean = [sum(value for label, value in values if label == name) / sum(label == name for label, _ in values)
                for values in (all_ours, all_theirs)]
        rows.append(Row(f"mean, {name}", percent(mean[0]), percent(mean[1]), mean[0] / mean[1]))
    return rows


SECTIONS = {  # name: title, heading of the second column, function
    "table1": ("Table 1: BitNet b1.58 3B, W2A8, on an A100", "published", table1),
    "gemm": ("One product, 2048 x 27648 x 5120", "published", gemm_section),
    "formats": ("Weight and activation widths, arrays of 4X at 2 bits", "at peak rate", formats),
    "precompute": ("Table 4: what building tables costs, one layer, W2A_FP16 in INT8 tables", "published", precompute),
    "decode": ("Decode: one row of activations", "ideal", decode),
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/experiments", description=__doc__.splitlines()[0])
    parser.add_argument("--section", action="append", choices=[*SECTIONS, *GRAPH_SECTIONS, *AREA_SECTIONS, "cost"],
                        help="only this one; may be repeated; default: those of runs")
    parser.add_argument("--area", action="store_true", help="the sections of synthesis; 7 to 15 minutes the first time")
    parser.add_argument("--netlists", action="store_true", help="cost: from netlists of exactly these cores, not from fitted prices; "
                        "about 20 minutes the first time")
    parser.add_argument("--markdown", action="store_true", help="tables for README.md")
    area.add_options(parser)
    arguments = parser.parse_args()
    if arguments.netlists and "cost" not in (arguments.section or []):
        parser.error("--netlists goes with --section cost")
    show = print_markdown if arguments.markdown else print_text
    names = (arguments.section or []) + (list(AREA_SECTIONS) if arguments.area else []) or [*SECTIONS, *GRAPH_SECTIONS]
    if arguments.liberty and not set(names) & set(AREA_SECTIONS):
        parser.error("--liberty goes with --area and its sections")
    for name in names:
        if name in SECTIONS:
            title, heading, section = SECTIONS[name]
            show(title, heading, section(), "what the cycles went to")
        if name == "cost":
            import calibrate  # which needs numpy
            import experiment_cost
            try:
                for title, heading, rows in experiment_cost.tables(arguments.netlists):
                    show(title, heading, rows, "of what")
            except calibrate.MISTAKES as error:
                sys.exit(f"experiments: error: {error}")
        if name in GRAPH_SECTIONS:
            for table in GRAPH_SECTIONS[name]():
                show_table(table, arguments.markdown)
    wanted = [name for name in names if name in AREA_SECTIONS]
    if not wanted:
        return 0
    try:
        synthesizer = area.Synthesizer(arguments.liberty, arguments.cache)
    except area.LibertyError as error:
        if arguments.liberty:
            sys.exit(f"experiments: error: {error}")
        print(f"areas skipped: {error}")
        return 0
    try:
        for name in wanted:
            title, heading, rows = run_section(name, synthesizer)
            show(title, heading, rows, "what the area is")
    except area.SynthesisError as error:
        sys.exit(f"experiments: error: {error}")
    return 0


sys.exit(main())
