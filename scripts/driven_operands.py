"""Operands of a block that has no streams, for `lutetia switching --drive`. fp32_fma: what a lane of a vector unit does,

  scale        a * b       activations times scales, as in quantization and norms
  add          a * 1 + c   residuals
  accumulate   a * b + c   c the running sum: reductions, and rows of products
  rotate       a * b + c   c a product, as in rotary embeddings

with activations and weights of a normal distribution, rounded to FP16. Busy stretches with new operands in every cycle alternate with
idle ones, in which the enable is low and operands stay. Results are compared: sums are exact in double precision before they are
rounded once, and operands for which they would not be are not drawn."""
import os
import struct

import numpy

from measure import digest

LATENCY = 3
SET_UP = 2    # cycles that are not measured (sim/gates/netlist_vectors.h)
STRETCH = 64  # cycles, a window of the measurement
STRETCHES = 12
KINDS = ("scale", "add", "accumulate", "rotate")
UNITS = ("fp32_fma",)
# (role in the fit, kind and seed); "tile" is every kind in turn.
VARIATIONS = [*(("fit", f"{kind}_{seed}") for seed in (1, 2) for kind in KINDS), ("held out", "accumulate_3"), ("held out", "tile_3")]


def bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def fused(a, b, c):
    """FP32 of a * b + c, all of them FP32; None if the sum is not exact in double precision."""
    product = numpy.float64(a) * numpy.float64(b)  # exact: 48 bits
    total = product + numpy.float64(c)
    # Two-sum: the error of the addition.
    part = total - product
    if (product - (total - part)) + (numpy.float64(c) - part) != 0:
        return None
    return numpy.float32(total)


def operands(kind, random):
    """Endless (a, b, c, result)."""
    running = numpy.float32(0)
    while True:
        a = numpy.float32(numpy.float16(random.standard_normal()))
        b = numpy.float32(numpy.float16(random.standard_normal() * 0.1))
        c = numpy.float32(0)
        if kind == "add":
            b, c = numpy.float32(1), numpy.float32(numpy.float16(random.standard_normal()))
        elif kind == "accumulate":
            c = running
        elif kind == "rotate":
            c = numpy.float32(numpy.float16(random.standard_normal())) * numpy.float32(numpy.float16(random.uniform(-1, 1)))
        result = fused(a, b, c)
        if result is not None:
            running = numpy.float32(0) if abs(result) > 8 else result
            yield a, b, c, result


def fp32_fma(kind, seed):
    """The file's text."""
    sources = [operands(each, numpy.random.default_rng([seed, KINDS.index(each)])) for each in (KINDS if kind == "tile" else [kind])]
    lines, pipeline, last = ["# en_i:1 a_i:32 b_i:32 c_i:32 result_o:32"], ["-"] * LATENCY, ("0", "0", "0")
    for row in range(SET_UP + STRETCH * STRETCHES):
        stretch = max(0, row - SET_UP) // STRETCH
        busy = stretch % 3 != 2  # two of three
        if busy:
            *values, result = next(sources[stretch % len(sources)])
            last = tuple(f"{bits(value):x}" for value in values)
        # The register shows what was taken LATENCY enabled cycles ago.
        lines.append(f"{int(busy)} {' '.join(last)} {pipeline[-1]}")
        if busy:
            pipeline = [f"{bits(result):x}", *pipeline[:-1]]
    return "\n".join(lines) + "\n"


def file_of(unit, variation, folder):
    """The operands' file, which is made if it is not there; a bare "tile" has a seed of its own."""
    kind, _, seed = variation.partition("_")
    text = {"fp32_fma": fp32_fma}[unit](kind, int(seed or 4))
    file = folder / f"operands-{unit}-{digest(text)}.hex"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.hex")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.rename(file)
    return file
