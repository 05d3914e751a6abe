#!/usr/bin/env python3
"""Operands of a unit at given RTL parameters: scripts/operands.py UNIT [Param=Value ...] [--variation V] -o FILE.json

Writes a small design with the unit and a workload that is short but has every event, and has `lutetia record` run the
one on the other. Parameters that are not given are the configuration's defaults. Variations:

  mixed   (default) matrix cores: a product that uses every block, with ternary weights where the core takes planes of
          two bits; and a longer, ragged one with the widest weights and scale groups, whose K is split over tiles, so
          that partial sums are filled in. Weight decoder: the same two with packed ternary weights. Attention: a prompt
          of grouped heads behind a past, and one cut into tiles that hand partial results on (left out where it would
          take too long: many contexts, few keys at once). No program of ours sends a mask.
  tile    one full tile: one command of a matrix core or the decoder; one tile of attention, a command per batch of rows.
  FORMAT  matrix cores: as mixed, with weights of that format only (int1, int2, int3, int4, int8, ternary).
  product_FORMAT  matrix cores: one row block by one block of lanes, K = 2048."""
import argparse
import functools
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LUTETIA = ROOT / "build/release/lutetia"
MATRIX_CORES = ("lut_core", "adder_core", "mac_core")
UNITS = MATRIX_CORES + ("weight_decoder", "attention")
VARIATIONS = ("mixed", "tile")
PRODUCT = "product_"
WEIGHTS = ("int1", "int2", "int3", "int4", "int8", "ternary")
PRODUCT_K = 2048
FIRES = 250          # of each of the two operators, about
ACCUMULATOR_BITS, STATE_BITS = {0: 50, 1: 84}, 52  # of a partial result of attention, by format
LEAST_BUFFER = 1024  # bytes of a buffer
SCALE_SLOTS = 3      # of the buffer of scales


class RecordError(Exception):
    pass


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        raise RecordError(f"{' '.join(map(str, command))}\n{done.stderr.strip()}")
    return done.stdout


@functools.lru_cache(maxsize=None)
def keys_of(unit, lutetia):
    """RTL name -> (configuration key, names of its values or None, default), as the configuration reference has them."""
    keys = {}
    for line in run([lutetia, "help", "config", unit]).splitlines():
        name = re.search(r"\(RTL: (\w+)\)$", line)
        if not name:
            continue
        key, kind, default, allowed = re.split(r"  +", line)[:4]
        values = None
        if kind == "name":
            values = allowed.split(" | ")  # in the order of their numbers
        elif kind.startswith("true"):
            values = ["false", "true"]
        keys[name[1]] = (key.split(".")[-1], values, default)
    return keys


def settings(unit, parameters, lutetia):
    """Lines of the unit's group in a design, and all its parameters as numbers."""
    keys = keys_of(unit, lutetia)
    unknown = sorted(set(parameters) - set(keys))
    if unknown:
        raise RecordError(f"{unit} has no parameter {', '.join(unknown)}; it has {', '.join(keys)}")
    lines, numbers = [], {}
    for name, (key, values, default) in keys.items():
        numbers[name] = parameters.get(name, values.index(default) if values else int(default.split()[0]))
        if name in parameters:
            number = parameters[name]
            if values and number >= len(values):
                raise RecordError(f"{unit}: {name}={number} means nothing; 0..{len(values) - 1} are {', '.join(values)}")
            lines.append(f"  {key}: {values[number] if values else number}")
    return lines, numbers


def ceil_div(a, b):
    return -(-a // b)


def linear(number, m, n, k, activation, weight, group):
    name = f"product.{number}"
    scale = group if weight not in ("fp16", "fp8_e4m3", "fp8_e5m2") else 0
    tensors = [{"name": f"a.{number}", "role": "input", "format": activation, "group": 0, "loops": ["m", "k"]},
               {"name": f"{name}.weight", "role": "weight", "format": weight, "group": scale, "loops": ["n", "k"]},
               {"name": name, "role": "output", "format": "fp16", "group": 0, "loops": ["m", "n"]}]
    return {"id": number, "kind": "linear", "name": name, "layer": 0, "step": 0,
            "loops": {"m": m, "n": n, "k": k}, "tensors": tensors, "after": []}


def trace(name, tokens, operators, past=0):
    header = {"lutetia_trace": 1, "model": name, "prefill": tokens, "decode": 0, "batch": 1, "past": past, "layers": 1,
              "formats": {}, "source": "scripts/operands.py", "operators": len(operators)}
    return "".join(json.dumps(line) + "\n" for line in [header, *operators])


def planes_of(weight):
    return 2 if weight == "ternary" else int(weight[3:])


def weight_formats(unit, p, variation):
    """Of the first and of the second product."""
    if variation not in ("mixed", "tile"):
        return variation, variation
    if p.get("TernaryTables"):
        return "ternary", "ternary"
    if unit == "mac_core":
        widest = f"int{max(b for b in (2, 3, 4, 8) if b <= p['WeightBits'])}"
        return widest if p["WeightBits"] < 4 else "int4", widest
    planes = min(p["MaxPlanes"], 4)
    return ("ternary" if planes >= 2 else "int1"), f"int{planes}"


def matrix_workload(unit, p, variation):
    """The trace, and lines of the design's buffers."""
    formats = ("int8" if p["ActBits"] == 8 else "int16", "fp16", "bf16", "fp8_e4m3", "fp8_e5m2")
    activation = formats[p.get("ActFormat", 0)]
    rows, lanes, step, blocks = p["Rows"], p["Lanes"], p["GroupLength"], p["PsumBlocks"]
    if variation.startswith(PRODUCT):
        weight = variation[len(PRODUCT):]
        return trace(f"{unit} {weight} product", rows, [linear(0, rows, lanes, PRODUCT_K, activation, weight, "tensor")]), []
    first, second = weight_formats(unit, p, variation)

    def planes(weight):  # fires of a K group of one block and row block
        return 1 if unit == "mac_core" or p.get("TernaryTables") else planes_of(weight)

    k = step * max(4, round(FIRES / (planes(first) * blocks * 2)))
    products = [linear(0, 2 * rows, lanes * blocks, k, activation, first, "tensor")]
    if variation == "tile":
        return trace(f"{unit} {first} tile", 2 * rows, products), []
    # Second: the scales of one block do not fit their slot, so that K is split. Scale groups long enough that the
    # epilogue does not limit.
    slot = max(ceil_div(LEAST_BUFFER, SCALE_SLOTS), 4 * lanes * blocks)
    drain = ceil_div(lanes // p["EpilogueLanes"] * rows, p["EpilogueRows"])
    scale_group = step * max(2, ceil_div(drain, planes(second)))
    k = scale_group * (slot // (4 * (lanes - 1)) + 1)
    row_blocks = max(1, min(6, round(FIRES / (planes(second) * k // step))))
    products.append(linear(1, rows * row_blocks - (1 if rows > 1 else 0), lanes - 1, k, activation, second, scale_group))
    return trace(f"{unit} {first} {second}", 2 * rows, products), [f"  scales: {SCALE_SLOTS * slot}B"]


def decoder_workload(p, variation):
    code = ("i2_s", "tl2", "tq1_0")[p["Code"]]
    lanes, blocks = p["Lanes"], p["Blocks"]
    groups = max(6, round(FIRES / (2 * blocks * 2)))  # K groups; two planes, two row blocks
    products = [linear(0, 4, lanes * blocks, 4 * groups, "int8", code, "tensor")]
    if variation != "tile":
        # Neither all blocks nor a K that codes fill.
        products.append(linear(1, 3, lanes * max(1, blocks - 1) - 1, 4 * (groups + 1) + 1, "int8", code, "tensor"))
    return trace(f"weight_decoder {code}", 4, products), []


def attention_operator(number, p, pairs, heads, tokens, keys, head, causal):
    queries, cache = ("fp16", "fp16") if p["Format"] == 1 else ("int8", f"int{p['KvBits']}")
    names = [(f"q.{number}", "input", queries, ["b", "m", "h", "g", "k"]),
             (f"k.{number}", "cache_read", cache, ["b", "h", "n", "k"]),
             (f"v.{number}", "cache_read", cache, ["b", "h", "n", "v"]),
             (f"o.{number}", "output", "fp16", ["b", "m", "h", "g", "v"])]
    tensors = [{"name": name, "role": role, "format": form, "loops": loops} for name, role, form, loops in names]
    for tensor in tensors[1:3]:  # a scale of each key, or none
        if form_has_scale(tensor["format"]):
            tensor["group"] = 0 if p["KvScales"] else "tensor"
    operator = {"id": number, "kind": "attention", "name": f"attention.{number}", "layer": 0, "step": 0,
                "loops": {"b": 1, "h": pairs, "g": heads, "m": tokens, "n": keys, "k": head, "v": head},
                "tensors": tensors, "after": []}
    if causal:
        operator["mask"] = {"kind": "causal", "past": keys - tokens, "query": "m", "key": "n"}
    return operator


def form_has_scale(form):
    return form.startswith("int")


def attention_workload(p, variation):
    contexts, chunks, block = p["Contexts"], p["MaxChunks"], p["Keys"]
    element = 16 if p["Format"] == 1 else p["KvBits"]
    # First: heads whose last chunk is not full, a last block that is not full, contexts left over.
    blocks = max(3, min(ceil_div(24, block), round(FIRES / (chunks * (contexts + 1)))))
    heads = min(contexts, 4)  # query heads of a group
    if variation == "tile":
        tokens = max(1, contexts // heads)
        return trace("attention tile", tokens,
                     [attention_operator(0, p, 1, heads, tokens, blocks * block, p["Dims"] * chunks, False)]), []
    # A row costs a division, so few rows and rather more keys.
    rows = max(contexts + 1, min(16, round(FIRES / (blocks * chunks))))
    blocks = max(blocks, round(FIRES / (rows * chunks)))
    pairs = 2 if rows >= 4 * heads else 1
    tokens = max(2, ceil_div(rows, pairs * heads))
    if pairs == 1:
        heads = max(1, ceil_div(rows, tokens))
    keys = max(blocks * block - block // 2, tokens)
    head = p["Dims"] * chunks - p["Dims"] // 2
    operators = [attention_operator(0, p, pairs, heads, tokens, keys, head, True)]
    # Second: a row more than contexts, over more keys than the buffer holds, so that partial results are parked. Of a
    # slot of the buffer 3/4 are for keys and values, 1/8 each for queries and results.
    scale_bits = 64 if p["KvScales"] else 0
    first_pair = ceil_div(2 * head * element + scale_bits, 8)
    kept = contexts + 1
    for second_chunks in (min(chunks, 2), 1):
        head = p["Dims"] * second_chunks
        state_bytes = ceil_div(head * ACCUMULATOR_BITS[p["Format"]] + STATE_BITS, 8)
        slot = max(LEAST_BUFFER // 2, 8 * kept * state_bytes, 2 * block * first_pair, 8 * 2 * p["Dims"] * chunks * heads)
        keys = max(slot * 6 // (2 * head * element + scale_bits) + 2 * block, kept)
        if ceil_div(keys, block) * second_chunks * kept <= 2 * FIRES:
            break
    else:  # many contexts, few keys at once: too long to be worth it
        return trace("attention", tokens, operators), []
    operators.append(attention_operator(1, p, 1, 1, kept, keys, head, True))
    return trace("attention", tokens, operators), [f"  attention: {2 * slot}B"]


def design_text(unit, parameters, lutetia, buffers):
    lines, numbers = settings(unit, parameters, lutetia) if unit != "weight_decoder" else ([], {})
    text = [f"name: {unit} " + " ".join(f"{k}={v}" for k, v in sorted(parameters.items()))]
    if unit == "weight_decoder":
        chunks = min(c for c in range(6, parameters["Lanes"] + 1) if parameters["Lanes"] % c == 0)
        text += ["lut_core:", "  rows: 2", f"  lanes: {parameters['Lanes']}", "  group_length: 4", "  max_planes: 2",
                 f"  psum_blocks: {parameters['Blocks']}", f"  epilogue_lanes: {parameters['Lanes'] // chunks}",
                 "weight_decoder:", f"  code: {('i2_s', 'tl2', 'tq1_0')[parameters['Code']]}"]
    else:
        text += [f"{unit}:", *lines] if lines else [f"{unit}: {{}}"]
    if buffers:
        text += ["buffers:", *buffers]
    # Fast enough that the unit seldom waits; what it is given does not depend on that.
    return "\n".join([*text, "memory:", "  fixed:", "    bandwidth: 1TB/s", "    latency: 10ns", ""]), numbers


def workload(unit, numbers, variation):
    if unit == "attention":
        return attention_workload(numbers, variation)
    if unit == "weight_decoder":
        return decoder_workload(numbers, variation)
    return matrix_workload(unit, numbers, variation)


def record(unit, parameters, file, lutetia=LUTETIA, variation="mixed", seed=1):
    """Writes the operands to `file`, which must not exist; returns what `lutetia record` says of them."""
    if unit not in UNITS:
        raise RecordError(f"unknown unit {unit}; units are {', '.join(UNITS)}")
    known = VARIATIONS + ((*WEIGHTS, *(PRODUCT + weight for weight in WEIGHTS)) if unit in MATRIX_CORES else ())
    if variation not in known:
        raise RecordError(f"{unit} has no variation {variation}; it has {', '.join(known)}")
    lutetia = str(lutetia)
    if unit == "weight_decoder":
        parameters = {"Lanes": 64, "Code": 1, "Blocks": 4, **parameters}
        if parameters["Lanes"] < 6:
            raise RecordError("a decoder is recorded in front of a core, which has at least 6 lanes")
        numbers = parameters
    else:
        numbers = settings(unit, parameters, lutetia)[1]
    text, buffers = workload(unit, numbers, variation)
    with tempfile.TemporaryDirectory() as folder:
        design, jsonl = pathlib.Path(folder) / "design.yaml", pathlib.Path(folder) / "workload.jsonl"
        design.write_text(design_text(unit, parameters, lutetia, buffers)[0], encoding="utf-8")
        jsonl.write_text(text, encoding="utf-8")
        said = run([lutetia, "record", design, jsonl, "--unit", unit, "--seed", seed, "-o", os.path.abspath(file)])
    written = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))["parameters"]
    wrong = {name: written.get(name) for name, value in parameters.items() if written.get(name) != value}
    if wrong:
        raise RecordError(f"{file}: recorded with {wrong} instead of what was asked for")
    return said.strip()


def parameter(text):
    name, equal, value = text.partition("=")
    if not equal or not value.isdigit():
        raise argparse.ArgumentTypeError(f"expected Param=Value, got '{text}'")
    return name, int(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("unit", choices=UNITS)
    parser.add_argument("parameters", nargs="*", type=parameter, metavar="Param=Value")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.json")
    parser.add_argument("--variation", default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lutetia", default=LUTETIA, help="the program (default build/release/lutetia)")
    options = parser.parse_args()
    try:
        print(record(options.unit, dict(options.parameters), options.output, options.lutetia, options.variation,
                     options.seed))
    except RecordError as error:
        print(f"operands: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
