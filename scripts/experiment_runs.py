"""Runs of the built program for scripts/experiments.py: made once each, and put into words."""
import json
import pathlib
import subprocess
import sys
import tempfile

LUTETIA = "build/release/lutetia"
FOLDER = tempfile.TemporaryDirectory()
CACHE = {}


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def run(design, workload, *options):
    key = (design, workload, *options)
    if key not in CACHE:
        CACHE[key] = json.loads(output(LUTETIA, "run", design, workload, *options, "--format", "json"))
    return CACHE[key]


def trace(name, *arguments):
    """A trace file of the program, made once."""
    file = pathlib.Path(FOLDER.name) / f"{name}.jsonl"
    if not file.exists():
        output(LUTETIA, "trace", *arguments, "-o", str(file))
    return str(file)


def gemm(m, n, k, activation, weight):
    return trace(f"gemm-{m}-{n}-{k}-{activation}-{weight}", "gemm", str(m), str(n), str(k),
                 "--activation", activation, "--weight", weight)


def without(source, mask=False, rows=False):
    """The trace without its causal masks, or without the row operations between products (as if fused at no cost)."""
    file = pathlib.Path(source).with_suffix(f".{'mask' if mask else ''}{'rows' if rows else ''}.jsonl")
    if file.exists():
        return str(file)
    head, *operators = [json.loads(line) for line in pathlib.Path(source).read_text().splitlines()]
    before, kept = {}, []
    for op in operators:
        if mask:
            op.pop("mask", None)
        after = set().union(*(before.get(other, {other}) for other in op["after"]))
        op["after"] = sorted(after)
        if rows and op["kind"] not in ("linear", "matmul", "softmax", "embedding", "cache_append"):
            before[op["id"]] = after
        else:
            kept.append(op)
    head["operators"] = len(kept)
    file.write_text("\n".join(json.dumps(line) for line in [head, *kept]) + "\n")
    return str(file)


def matrix_unit(result):
    return next(unit for unit in result["busy_cycles"] if unit not in ("vector", "memory") and "dma" not in unit)


def share(part, whole):
    return f"{100 * part / whole:.1f}\u00a0%" if whole else "-"


def unit_time(result):
    """Where the matrix unit's cycles went, the large shares first."""
    unit, cycles = matrix_unit(result), result["cycles"]
    stalls = sorted(result["stall_cycles"][unit].items(), key=lambda item: -item[1])
    parts = [f"busy {share(result['busy_cycles'][unit], cycles)}"]
    parts += [f"{cause} {share(value, cycles)}" for cause, value in stalls if value >= 0.002 * cycles]
    return f"{unit}: {', '.join(parts)}; memory busy {share(result['busy_cycles']['memory'], cycles)}"


def array_fill(result):
    array = result["array_lookups"]
    return f"{share(array['useful'], array['total'])} of the array's steps useful" if array["total"] else "no steps"


def families(result):
    """Cycles by what the model does; they sum to the run."""
    sums = {"linear": 0, "attention": 0, "row operations": 0, "lm_head": 0}
    for group in result["operator_groups"]:
        kind = {"matmul": "attention", "softmax": "attention", "linear": "linear"}.get(group["kind"], "row operations")
        sums["lm_head" if group["name"] == "lm_head" else kind] += group["elapsed_cycles"]
    return ", ".join(f"{name} {share(cycles, result['cycles'])}" for name, cycles in sums.items())


def traffic(result):
    bytes_ = result["traffic_bytes"]
    activations = bytes_["activations_read"] + bytes_["activations_written"]
    return f"{bytes_['total'] / 1e9:.2f} GB of traffic, {100 * activations / bytes_['total']:.0f} % activations"
