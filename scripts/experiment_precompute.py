"""Where tables are built (Table 4 of arXiv 2408.06003): one layer with tables built near the array, as an operator of its own, and
in the epilogue of the operator before."""
import json
import pathlib

from experiment_runs import run, trace

# One LUT tensor core of the FP16 tensor cores' rate (1X) with FP16 activations and INT8 tables in the place of the A100 design's:
# 432 x 128 one-bit lookups of four = 1024 two-bit MACs per cycle and SM. Each pair of rows drains by itself (64 arrays above
# each other), as a segment of 64 activations ends every 16 K groups.
CORE = {"activation_format": "fp16", "activation_bits": 16, "float_path": "quantized_table", "lanes": 432, "psum_blocks": 20,
        "epilogue_lanes": 54, "epilogue_rows": 64}
NEAR = [f"lut_core.{key}={value}" for key, value in CORE.items()]
FUSED = NEAR + ["lut_core.table_placement=fused"]  # table_generators: 128, as in the design

# model, sets, published ms of a layer: (without, separate, fused) for prefill and for one step of 1024 sequences.
BLOOM = ["hidden=14336", "heads=112", "kv_heads=112", "intermediate=57344",
         "positions=4096"]  # BLOOM-176B (arXiv 2211.05100, Table 3); it has no learned positions, which one layer does not show
TABLE4 = [
    ("OPT-175B", "opt-175b", [], 2048, (32.38, 38.77, 33.63), (14.99, 17.43, 15.50)),
    ("BLOOM-176B", "opt-175b", BLOOM + ["activation=gelu"], 4096, (107.11, 129.85, 108.38), (20.99, 26.05, 21.31)),
    ("LLAMA2-70B", "llama-2-70b", ["formats.weight=int2", "formats.weight_scale=row", "formats.weight_group=0"], 4096,
     (34.68, 37.60, 35.65), (11.45, 15.21, 11.75)),
]


def sets(options):
    return [part for option in options for part in ("--set", option)]


def layer(source, separate):
    """The trace of one layer without embedding and lm_head; with `separate`, every input of a product passes through an operator
    of its own first (kind relu: one operation per element), which is where tables are then built."""
    file = pathlib.Path(source).with_suffix(f".layer{'.separate' if separate else ''}.jsonl")
    if file.exists():
        return str(file)
    head, *operators = [json.loads(line) for line in pathlib.Path(source).read_text().splitlines()]
    outside = {op["id"] for op in operators if op["layer"] < 0}
    kept, made = [], {}
    for op in operators:
        if op["id"] in outside:
            continue
        op["after"] = [other for other in op["after"] if other not in outside]
        if separate and op["kind"] == "linear":
            source_tensor = op["tensors"][0]
            name = source_tensor["name"]
            if name not in made:
                made[name] = {"id": f"tables of {name}", "kind": "relu", "name": f"{op['name']}.precompute",
                              "layer": op["layer"], "step": op["step"],
                              "loops": {"m": op["loops"]["m"], "n": op["loops"]["k"]},
                              "tensors": [{**source_tensor, "loops": ["m", "n"]},
                                          {**source_tensor, "name": f"{name}.tables", "role": "output", "loops": ["m", "n"]}],
                              "after": list(op["after"])}
                kept.append(made[name])
            op["after"] = [made[name]["id"]]
            source_tensor["name"] = f"{name}.tables"
        kept.append(op)
    number = {op["id"]: index for index, op in enumerate(kept)}
    for op in kept:
        op["id"] = number[op["id"]]
        op["after"] = sorted(number[other] for other in op["after"])
    head["operators"] = len(kept)
    file.write_text("\n".join(json.dumps(line) for line in [head, *kept]) + "\n")
    return str(file)


def cases():
    """(label, our three results, the published three) of every model and phase."""
    for label, model, changes, prompt, prefill, decode in TABLE4:
        phases = [("prefill", ["--prefill", str(prompt)], prefill),
                  ("decode", ["--prefill", "0", "--decode", "1", "--batch", "1024"], decode)]
        for phase, workload, published in phases:
            source = trace(f"table4-{label}-{phase}", "model", model, *workload, "--layers", "1", "--set", "formats.activation=fp16",
                           *sets(changes))
            results = [run("a100-lut-4x", layer(source, separate), *sets(core))
                       for separate, core in ((False, NEAR), (True, FUSED), (False, FUSED))]
            yield f"{label}, {phase}", results, published
