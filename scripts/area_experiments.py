"""Experiments of the LUT tensor core's publication (arXiv 2408.06003) that are answered by synthesizing our Verilog.

A section is a function of a synthesizer that returns rows. It is called twice: with a plan that only notes which modules it
asks for, so that they can be synthesized in parallel, and then with the synthesizer itself."""
from area_arrays import ablation, baselines
from area_model import Parts, Plan, entry_bits
from experiment_rows import Row

LENGTHS = range(2, 7)  # K, GroupLength
WORD_BITS = {8: 16, 16: 24}  # of a lean accumulator by activation width; the released Verilog has 16, in floating point


def per_cent(part, whole):
    return f"{100 * part / whole:.0f}\u00a0%"


def um2(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def shares(parts):
    whole = sum(parts.values())
    return ", ".join(f"{name} {per_cent(value, whole)}" for name, value in parts.items())


def dot_unit(parts, k, lanes, act_bits, account, flop):
    """One row (M = 1) of K activations and N lanes; what is counted depends on the account."""
    lookup, psum = parts.lookup_cost(k, act_bits), parts.psum_cost(k, act_bits)
    entries = 2**(k - 1) * entry_bits(k, act_bits)
    if account == "built":
        return {"table": parts.generator(1, 1, k, act_bits).area(), "row sum": lookup.fixed + psum.fixed,
                "lookup": lanes * lookup.each, "psum": lanes * psum.each}
    return {"table": entries * flop if account == "registers" else 0, "lookup": lanes * lookup.each,
            "word": lanes * parts.word_cost(k, act_bits, bits=WORD_BITS[act_bits])}


ACCOUNTS = (  # name, what it is, numbers of lanes
    ("built", "generator, two tables, row sum, psum of 2 words", (1, 4, 16, 64)),
    ("registers", "one table, lookup, one accumulator word", (1, 4, 16, 64)),
    ("lookup", "lookup, one accumulator word", (1,)),
)


def dp4(synthesizer):
    """Fig. 11: one activation row against one weight row, K activations a cycle and plane."""
    parts, flop, rows = Parts(synthesizer), flop_of(synthesizer), []
    for act_bits in (8, 16):
        for account, meaning, sizes in ACCOUNTS:
            for lanes in sizes:
                units = {k: dot_unit(parts, k, lanes, act_bits, account, flop) for k in LENGTHS}
                density = {k: lanes * k / sum(unit.values()) for k, unit in units.items()}
                best = max(density, key=density.get)
                shared = lanes != sizes[0]
                by_k = ", ".join(f"K = {k} {per_cent(density[k], density[best])}" for k in LENGTHS)
                rows.append(Row(f"table shared by N = {lanes}" if shared else f"A{act_bits}, {meaning}", f"K = {best}", "K = 4",
                                None, f"density of the best: {by_k}; K = 4: {sum(units[4].values()) / lanes:,.0f} um2 a lane, "
                                f"{shares(units[4])}; K = 5: {shares(units[5])}", shared))
    for act_bits in (8, 16):
        costs = {k: (parts.generator(1, 1, k, act_bits).area(), parts.lookup_cost(k, act_bits).each,
                     parts.psum_cost(k, act_bits).each, parts.word_cost(k, act_bits, bits=WORD_BITS[act_bits]))
                 for k in LENGTHS}
        rows.append(Row(f"A{act_bits}: parts by K", "", "", None,
                        "; ".join(f"K = {k}: table {um2(t)}, lookup {um2(l)} a lane ({um2(l / k)} a MAC), psum {um2(p)} "
                                  f"({um2(p / k)}), word {um2(w)} ({um2(w / k)})" for k, (t, l, p, w) in costs.items())
                        + " um2. Tables double with K, lookups soon do; accumulators do not grow and fall as 1/K per MAC: the more "
                        "lanes share a table and the larger their accumulators, the longer the best group"))
    return rows


def shapes(k):
    """(M, N) with M*N*K next to 512, M a power of two."""
    return [(m, max(1, round(512 / (m * k)))) for m in (1, 2, 4, 8, 16, 32, 64, 128, 256) if m * k <= 512]


def mnk(synthesizer):
    """The array's shape at M*N*K = 512, INT8; areas per MAC, because 512 is not a multiple of 3 or 5."""
    flop, rows = flop_of(synthesizer), []
    one, four = Parts(synthesizer), Parts(synthesizer, blocks=4)
    for m, n, generators in ((2, 64, 1), (8, 16, 4), (4, 32, 2)):
        core = synthesizer.synthesize("lut_core", Rows=m, Lanes=n, MaxPlanes=2, PsumBlocks=1, TableGenerators=generators,
                                      EpilogueLanes=n // 8)
        whole, model = core.area() - core.area("u_frame"), sum(one.array(m, n, 4, 2).values())
        rows.append(Row(f"model of M{m}N{n}K4, W2: um2 without frame", f"{model:,.0f}", f"{whole:,.0f}", model / whole,
                        f"'published' is here the synthesis of the whole array: error {100 * (model / whole - 1):+.2f} %"))
    accounts = (("registers, lookups, one word a lane", (1, 2, 3, 4), lambda *shape: one.bare_array(*shape, flop)),
                ("our array, one block", (1, 2, 3, 4), one.array),
                ("our array, four blocks", (2,), four.array))
    for account, widths, array in accounts:
        for bits in widths:
            found = {(m, n, k): array(m, n, k, bits) for k in range(2, 6) for m, n in shapes(k)}
            cost = {shape: sum(area.values()) / (shape[0] * shape[1] * shape[2]) for shape, area in found.items()}
            best, paper = min(cost, key=cost.get), (2, 64, 4)
            of_k = {k: min((shape for shape in cost if shape[2] == k), key=cost.get) for k in range(2, 6)}
            of_m = ", ".join(f"M{m}N{n} {cost[m, n, 4] / cost[best]:.2f}" for m, n in shapes(4))
            of_k = ", ".join("M{}N{}K{} {:.2f}".format(*shape, cost[shape] / cost[best]) for shape in of_k.values())
            rows.append(Row(f"W{bits}: {account}" if bits == widths[0] else f"W{bits}", "M{}N{}K{}".format(*best), "M2N64K4",
                            cost[best] / cost[paper],
                            f"um2 per MAC, {cost[best]:,.0f} to {cost[paper]:,.0f}; best of each K, to the best of all: "
                            f"{of_k}; K = 4: {of_m}; here: {shares(found[best])}; M2N64K4: {shares(found[paper])}",
                            bits != widths[0]))
    return rows


def storage(synthesizer):
    """Eq. 7 and 8 of M2N64K4 beside the flip-flops of the netlists."""
    parts, rows = Parts(synthesizer), []
    two, four = parts.generator(2, 1, 4).flops(), parts.generator(4, 1, 4).flops()  # the difference: two rows' tables
    fused = parts.operands(2 * 8 * 11).flops()
    rows.append(Row("table bits in use, INT8", "176", "128", 176 / 128,
                    "M 2^(K-1) LUT_BIT (eq. 7): entries here are exact sums of 8 + 3 bits, there quantized to 8"))
    rows.append(Row("table flip-flops, two sets", f"{four - two}", "128", (four - two) / 128,
                    f"tables are double-buffered here: 2 x 176 without bits equal in several entries, which Yosys "
                    f"merges; with partial sums and control the generator has {two}; "
                    f"ready-made tables (fused): {fused}", True))
    for bits in (1, 2, 4):
        flops = parts.fifo(256, max(2, bits)).flops()
        rows.append(Row(f"weight bits, W{bits}", f"{max(2, bits) * 256}", f"{256 * bits}", max(2, bits) / bits,
                        f"K N W_BIT (eq. 8); ours is a FIFO of as many planes, at least two: {flops} flip-flops with its "
                        "pointers"))
    return rows


def flop_of(synthesizer):
    """Area of a flip-flop without enable and reset, as synthesis picks it."""
    words = synthesizer.synthesize("single_word_psum", Lanes=4, MaxPlanes=4, PsumBits=16, TermBits=entry_bits(4, 8))
    return words.flop_area() / words.flops()


AREA_SECTIONS = {  # name: title, heading of the second column, function
    "dp4": ("Dot-product unit, M = N = 1: activations behind a table", "published", dp4),
    "mnk": ("Shape of the array at M*N*K = 512, A8", "published", mnk),
    "ablation": ("Table 2: what makes the array small, W2A8, M2N64K4", "published", ablation),
    "baselines": ("Adders and multipliers in the same frame, M2N64K4, A8", "published", baselines),
    "storage": ("Bits of tables and weights, M2N64K4", "published", storage),
}


def run_section(name, synthesizer):
    title, heading, section = AREA_SECTIONS[name]
    plan = Plan()
    section(plan)
    plan.make(synthesizer)
    library = synthesizer.liberty
    nand = library.nand2_area()
    unit = f", NAND2 {nand:g} um2" if nand else ""
    return f"{title} ({library.file.name}{unit}, {synthesizer.tool.split(' (')[0]})", heading, section(synthesizer)
