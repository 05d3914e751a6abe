"""Attention with and without a unit for it, in whole machines; and dataflow graphs compared in cycles, bytes on chip and bytes off
chip: schedules of attention, and selective scans. Every figure but the bounds, which are formulas of the parameters, is from a run of
the program."""
import dataclasses
import json
import pathlib
import tempfile

from experiment_runs import LUTETIA, output


@dataclasses.dataclass
class Table:
    title: str
    head: list
    rows: list
    notes: list


def graph(name, **parameters):
    sets = [part for key, value in parameters.items() for part in ("--set", f"{key}={value}")]
    return json.loads(output(LUTETIA, "run", name, *sets, "--format", "json"))


def amount(count):
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.4g} {unit}"
        count /= 1024
    return f"{count:.4g} GiB"


def least_bytes(p):
    """Q and O once, K and V once per tile of queries."""
    matrix = p["length"] * p["head_dim"] * p["bytes_per_number"]
    return 2 * matrix + 2 * matrix * p["length"] // p["query_tile"]


def bounds(schedule, p):
    """What each rate allows, in cycles: (name, cycles)."""
    square, matrix = p["length"] ** 2, p["length"] * p["head_dim"] * p["bytes_per_number"]
    product, softmax = square * p["head_dim"] / p["multiply_adds"], square / p["exponentials"]
    if schedule != "unfused":
        return [("products", 2 * product), ("exponentials", softmax), ("memory", least_bytes(p) / p["bandwidth"])]
    tiled = (matrix + matrix * p["length"] / p["query_tile"] + square * p["bytes_per_number"]) / p["bandwidth"]
    rows = 2 * square * p["bytes_per_number"] / p["bandwidth"]
    parts = [max(("products", product), ("memory", tiled), key=lambda part: part[1]),
             max(("exponentials", softmax), ("memory", rows), key=lambda part: part[1])]
    names = {name: None for name, _ in (parts[0], parts[1])}
    return [(", then ".join(names), 2 * parts[0][1] + parts[1][1])]


SETTINGS = [
    ("compute-bound: length 4096, 2048 B per cycle", {"length": 4096, "bandwidth": 2048}),
    ("memory-bound: length 4096, 64 B per cycle", {"length": 4096, "bandwidth": 64}),
    ("long context: length 65536, 512 B per cycle", {"length": 65536, "bandwidth": 512}),
]


def schedules(title, parameters):
    runs = {name: graph(f"schedule_{name}", **parameters) for name in ("unfused", "flat", "one_pass")}
    rows = []
    for name, run in runs.items():
        p = run["parameters"]
        cause, bound = max(bounds(name, p), key=lambda part: part[1])
        rows.append([name, f"{run['cycles']:,}", f"{bound:,.0f} ({cause})", amount(run["on_chip_bytes"]),
                     amount(run["off_chip_bytes"]), amount(least_bytes(p)), f"{run['cycles'] / runs['one_pass']['cycles']:.2f}"])
    p = runs["one_pass"]["parameters"]
    note = (f"head_dim {p['head_dim']}, tiles of {p['query_tile']} queries and {p['key_tile']} keys, {p['bytes_per_number']} B numbers, "
            f"{p['multiply_adds']} multiply-adds and {p['exponentials']} exponentials per cycle")
    return Table(title, ["schedule", "cycles", "allowed by the slowest rate", "on chip", "off chip", "least off chip for the tiles",
                         "cycles / one pass"], rows, [note])


def streams():
    runs = {name: graph(name, length=512) for name in ("naive", "three_pass", "two_pass", "reordered", "online")}
    rows = [[name, f"{run['cycles']:,}", amount(run["on_chip_bytes"]), f"{run['cycles'] / runs['online']['cycles']:.4f}"]
            for name, run in runs.items()]
    return Table("Streams of single scores: length 512, head_dim 1", ["graph", "cycles", "on chip", "cycles / online"], rows,
                 ["sums take a score every 2 cycles, which all five wait for; their operands come from outside, so no bytes off chip"])


def fusemax():
    """The array of FuseMax (arXiv 2406.10491): 256 x 256 multiply-adds, 256 lanes, 400 GiB/s at 940 MHz; one head of 64K tokens."""
    tokens, side = 65536, 256
    machine = {"length": tokens, "head_dim": 64, "key_tile": side, "multiply_adds": side * side, "bandwidth": 457}
    tiles = (tokens // side) ** 2
    fused = graph("schedule_one_pass", query_tile=128 * side, exponentials=side * side // 7, **machine)
    flat = graph("schedule_flat", query_tile=side, exponentials=side // 4, **machine)
    published = 2 * (2 * tokens * 64 + 2 * tokens * 64 * tokens // (128 * side))
    rows = [["one pass, cycles per tile", f"{fused['cycles'] / tiles:.1f}", "138", f"{fused['cycles'] / tiles / 138:.2f}"],
            ["one pass, bytes off chip", f"{fused['off_chip_bytes']:,}", f"{published:,}", f"{fused['off_chip_bytes'] / published:.2f}"],
            ["FLAT, cycles per tile", f"{flat['cycles'] / tiles:.1f}", "1024", f"{flat['cycles'] / tiles / 1024:.2f}"]]
    return Table("FuseMax's machine, 64K tokens, tiles of 256 x 256", ["", "ours", "published", "ours/published"], rows,
                 ["one pass: its array also computes the exponentials (7 of its cycles per tile), which have a unit of their own here; "
                  "P1 = 128 tiles of queries stay on chip",
                  "FLAT: four softmax operations share 256 lanes, so each has 64 here; fill and drain are not in the published figure"])


WORKLOADS = [
    ("LLaMA-3-8B, prompt of 512", ["llama-3-8b", "--prefill", "512"]),
    ("LLaMA-3-8B, one token behind 32,768", ["llama-3-8b", "--prefill", "0", "--decode", "1", "--past", "32767"]),
    ("LLaMA-3-8B, the same for 8 sequences of 4,096",
     ["llama-3-8b", "--prefill", "0", "--decode", "1", "--past", "4095", "--batch", "8"]),
    ("BitNet-3B, prompt of 2048", ["bitnet-3b", "--prefill", "2048"]),
    ("BitNet-3B, window of 256 and 4 sinks",
     ["bitnet-3b", "--prefill", "2048", "--set-model", "attention_window=256", "--set-model", "attention_sinks=4"]),
]


def machine(design, workload):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "result"
        output(LUTETIA, "run", design, *workload, "--out", str(out))
        return json.loads((out / "result.json").read_text())


def machines():
    """The same work on a machine without and one with an attention unit, which is as wide as the vector unit's products."""
    rows = []
    for name, workload in WORKLOADS:
        without = machine("lut-tensor-core", workload)
        streamed = machine("lut-tensor-core-attention", workload)
        rows.append([name, f"{without['cycles']:,}", f"{streamed['cycles']:,}", f"{without['cycles'] / streamed['cycles']:.2f}",
                     amount(without["traffic_bytes"]["total"]), amount(streamed["traffic_bytes"]["total"]), streamed["bound"]])
    return Table("Attention on the vector unit and on the attention unit", ["workload", "cycles, vector unit", "cycles, attention unit",
                 "ratio", "traffic", "traffic", "bound by"], rows,
                 ["lut-tensor-core and lut-tensor-core-attention: 128 multiply-adds per cycle in the vector unit, 128 for scores and 128 "
                  "for values in the attention unit"])


def attention():
    return [machines(), *(schedules(title, parameters) for title, parameters in SETTINGS), streams(), fusemax()]


SCANS = [  # what is asked, sequential, chunked
    ("mamba-130m, a layer of 1536 channels, 1024 lanes", {}, {}),
    ("the same, a state every 4 cycles", {"scan_interval": 4}, {"scan_interval": 4}),
    ("the same, 256 B per cycle", {"bandwidth": 256}, {"bandwidth": 256}),
    *((f"64 channels, {1024 * ways} lanes for {ways} stretches",
       {"inner_channels": 64, "exponentials": 1024, "bandwidth": 16384},
       {"inner_channels": 64, "channels_at_once": 64, "ways": ways, "exponentials": 1024 * ways, "bandwidth": 16384})
      for ways in (2, 4, 8)),
]


def scans():
    rows = []
    for case, sequential, chunked in SCANS:
        a, b = graph("selective_scan", **sequential), graph("selective_scan_chunked", **chunked)
        for name, run in (("in sequence", a), ("in chunks", b)):
            rows.append([f"{case}, {name}", f"{run['cycles']:,}", amount(run["on_chip_bytes"]), amount(run["off_chip_bytes"]),
                         f"{run['cycles'] / a['cycles']:.2f}"])
    return [Table("Selective scans, 1024 tokens", ["case", "cycles", "on chip", "off chip", "cycles / in sequence"], rows,
                  ["in sequence, 64 channels use 1024 lanes, however many there are"])]


GRAPH_SECTIONS = {"attention": attention, "scan": scans}


def show_table(table, markdown):
    if markdown:
        print(f"**{table.title}**\n\n| {' | '.join(table.head)} |\n|{'---|' * len(table.head)}")
        print("\n".join(f"| {' | '.join(row)} |" for row in table.rows))
        print("".join(f"\n{note}.\n" for note in table.notes))
        return
    widths = [max(len(row[i]) for row in [table.head, *table.rows]) for i in range(len(table.head))]
    print(f"{table.title}\n")
    for row in [table.head, *table.rows]:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        print("  " + "  ".join(cells).rstrip())
    print("".join(f"  {note}\n" for note in table.notes))
