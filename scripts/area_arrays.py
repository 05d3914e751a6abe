"""Whole arrays M2N64K4: the publication's Table 2, and the baselines in the same frame."""
from area_model import Parts, entry_bits
from experiment_rows import Row

ROWS, LANES, K = 2, 64, 4

ABLATION = [  # name, parameters of the core, um2 in Table 2
    ("conventional: full tables", {"symmetric": 0, "fold": 0}, 17271.71),
    ("+ re-interpretation: half tables", {"symmetric": 1, "fold": 0}, 13116.60),
    ("+ negation folded offline", {"symmetric": 1, "fold": 1}, 12780.05),
    ("+ fusion: tables arrive", {"symmetric": 1, "fold": 1, "fused": 1, "generators": 2}, 11991.29),
]


def um2(parts):
    return ", ".join(f"{name} {value:,.0f}" for name, value in parts.items())


def bare(parts, core):
    """What the released Verilog has: no FIFO, no frame, no second word; finished tables are inputs."""
    word = parts.word_cost(K, planes=2)
    tables = 0 if core.get("fused") else parts.generator(ROWS, 1, K, symmetric=core["symmetric"]).area()
    terms = parts.lut_row(LANES, K, symmetric=core["symmetric"], fold=core["fold"]).area()
    return {"tables": tables, "terms": ROWS * terms, "word": ROWS * LANES * word}


def ablation(synthesizer):
    parts, rows = Parts(synthesizer), []
    accounts = (
        ("tables and lookups alone", lambda core: {name: area for name, area in bare(parts, core).items() if name != "word"}),
        ("as released: generator, lookups, one 16-bit word a lane", lambda core: bare(parts, core)),
        ("our array without frame", lambda core: {name: area for name, area in parts.core(
            "lut_core", ROWS, LANES, K, 2, **core).items() if name != "frame"}),
        ("our core: with frame and epilogue", lambda core: parts.core("lut_core", ROWS, LANES, K, 2, **core)),
    )
    for account, area_of in accounts:
        first = None
        for name, core, published in ABLATION:
            found = area_of(core)
            whole = sum(found.values())
            first = first or whole
            ours, theirs = first / whole, ABLATION[0][2] / published
            rows.append(Row(f"{account}: {name}" if core is ABLATION[0][1] else name, f"{ours:.3f}x",
                            f"{theirs:.3f}x", ours / theirs, f"{whole:,.0f} um2 (published {published:,.0f}): {um2(found)}",
                            core is not ABLATION[0][1]))
    built, fused = (parts.core("lut_core", ROWS, LANES, K, 2, **core) for _, core, _ in ABLATION[2:])
    built, fused = (core["tables"] + core["act FIFO"] for core in (built, fused))
    rows.append(Row("verdict", "", "", None,
                    "what is saved is saved in tables and lookups; the more there is beside them (words, blocks, FIFOs, "
                    "epilogue), the smaller the ratio. Ready-made tables arrive here in a FIFO and two registers, "
                    f"{fused:,.0f} um2; the generator with its act FIFO is {built:,.0f}"))
    full, half, folded = (parts.lut_row(LANES, K, symmetric=s, fold=f) for s, f in ((0, 0), (1, 0), (1, 1)))
    lane = [row.area() / LANES for row in (full, half, folded)]
    flops = full.flop_area() / LANES
    rows.append(Row("a lane's lookup", "", "", None,
                    f"full {lane[0]:,.0f} um2: a 16:1 multiplexer of {entry_bits(K, 8)} bits, no negation; half "
                    f"{lane[1]:,.0f}: 8:1 and a conditional negation with its carry chain, whose weights are folded here; "
                    f"folded offline {lane[2]:,.0f}: three exclusive ors less; in each of them {flops:,.0f} for the term's "
                    "flip-flops"))
    return rows


def baselines(synthesizer):
    parts, rows = Parts(synthesizer), []
    macs = ROWS * LANES * K

    def per_mac(name, bits):
        core = parts.core(name, ROWS, LANES, K, bits)
        rate = macs / (1 if name == "mac_core" else bits)
        array = {part: area for part, area in core.items() if part != "frame"}
        return sum(array.values()) / rate, array, sum(core.values()) / rate

    def bare_per_mac(name, bits):
        """Tables or operands, terms, and an accumulator word of 24 bits a lane, as wide for all of them."""
        core = parts.core(name, ROWS, LANES, K, bits)
        serial = name != "mac_core"
        word = ROWS * LANES * parts.word_cost(K, planes=bits if serial else 1, bits=24, weight_bits=1 if serial else bits)
        return (core.get("tables", 0) + core.get("operands", 0) + core["terms"] + word) / macs * (bits if serial else 1)

    eight = per_mac("mac_core", 8)
    rows.append(Row("mac_core W8 (INT8 tensor core), um2 per MAC/cycle", f"{eight[0]:,.0f}", "-", None,
                    f"without frame: {um2(eight[1])}; with frame {eight[2]:,.0f}"))
    for bits in (1, 2, 4):
        found = {name: per_mac(name, bits) for name in ("lut_core", "adder_core", "mac_core")}
        smallest = min(found, key=lambda name: found[name][0])
        published = "mac" if bits == 4 else "lut"
        rows.append(Row(f"W{bits}: smallest per MAC/cycle", smallest.split("_")[0], published, None,
                        "; ".join(f"{name} {area:,.0f} ({area / found['lut_core'][0]:.2f} of lut_core)"
                                  for name, (area, _, _) in found.items()) + " um2 without frame"))
        for name, (area, array, framed) in found.items():
            rows.append(Row(name, f"{area:,.0f}", "-", None, f"{um2(array)}; with frame {framed:,.0f} per MAC/cycle", True))
        lean = {name: bare_per_mac(name, bits) for name in found}
        lean8 = bare_per_mac("mac_core", 8)
        rows.append(Row("with one word of 24 bits a lane, no FIFOs", min(lean, key=lean.get).split("_")[0], published, None,
                        ", ".join(f"{name} {area:,.0f}" for name, area in lean.items())
                        + f"; mac_core W8 {lean8:,.0f}, {lean8 / lean['lut_core']:.2f} times lut_core", True))
        ratio = eight[0] / found["lut_core"][0]
        published = ("4..6x", ratio / 5, " (ratio: to the middle of 4 and 6)") if bits == 1 else ("-", None, "")
        rows.append(Row("mac_core W8 over lut_core", f"{ratio:.2f}x", published[0], published[1],
                        "low-bit weights on a multiplier of 8 bits" + published[2], True))
        terms = {name: array["terms"] / ROWS / LANES for name, (_, array, _) in found.items()}
        rows.append(Row("terms alone, um2 a lane", f"{terms['lut_core']:,.0f}", "", None,
                        f"adder_core {terms['adder_core']:,.0f}, mac_core {terms['mac_core']:,.0f}; per MAC/cycle "
                        + ", ".join(f"{name} {value * (1 if name == 'mac_core' else bits) / K:,.0f}"
                                    for name, value in terms.items()), True))
    return rows
