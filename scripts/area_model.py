"""Areas of arrays from synthesized parts: hierarchy is kept, so a core is the sum of its modules, which are synthesized one
by one. Where sizes vary, by slopes: tables cost per row, lookups and sums per lane and row, weights per lane."""
import dataclasses

ROW_SUM_BITS = {1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3}  # $clog2(GroupLength)


class Unknown:
    """A netlist that is not there yet: numbers that divide and subtract without accident."""

    def __init__(self, number):
        self.number = number

    def area(self, path=""):
        return self.number / (2 if path else 1)

    flop_area = cells = flops = matching = area


class Plan:
    """Stands in for a Synthesizer to learn what a function will ask for."""

    def __init__(self):
        self.jobs = {}

    def synthesize(self, top, **parameters):
        return self.jobs.setdefault((top, tuple(sorted(parameters.items()))), Unknown(len(self.jobs) + 1.0))

    def make(self, synthesizer):
        synthesizer.synthesize_all([(top, dict(parameters)) for top, parameters in self.jobs])


def entry_bits(k, act_bits):
    return act_bits + k.bit_length()


@dataclasses.dataclass
class Line:
    """Area a + b * n, from two sizes."""
    fixed: float
    each: float

    def at(self, count):
        return self.fixed + self.each * count


def line(area_of, low, high):
    first, second = area_of(low), area_of(high)
    each = (second - first) / (high - low)
    return Line(first - each * low, each)


class Parts:
    """Parts of cores with GroupLength k; blocks, psum_bits as in the parameters of the cores."""

    def __init__(self, synthesizer, blocks=1, psum_bits=None):
        self.synth, self.blocks, self.psum_bits = synthesizer, blocks, psum_bits

    def psum_width(self, act_bits):
        return self.psum_bits or (32 if act_bits == 8 else 40)  # as sim/units/lut_core/README.md advises

    # Modules as they stand in a core.

    def generator(self, rows, generators, k, act_bits=8, symmetric=1):
        return self.synth.synthesize("lut_core_table_generator", Rows=rows, TableGenerators=generators, GroupLength=k,
                                     ActBits=act_bits, Symmetric=symmetric)

    def operands(self, width):
        return self.synth.synthesize("matrix_core_operands", Width=width)

    def lut_row(self, lanes, k, act_bits=8, symmetric=1, fold=1):
        return self.synth.synthesize("lut_core_row", Lanes=lanes, GroupLength=k, EntryBits=entry_bits(k, act_bits), Symmetric=symmetric,
                                     Fold=fold)

    def psum(self, lanes, k, act_bits=8, planes=4, weight_bits=1, epilogue_lanes=None):
        bits = entry_bits(k, act_bits)
        return self.synth.synthesize("matrix_core_psum", Lanes=lanes, TermBits=bits + weight_bits - 1, SumBits=bits,
                                     MaxPlanes=planes, PsumBlocks=self.blocks, PsumBits=self.psum_width(act_bits),
                                     RowSumBits=act_bits + 16 + ROW_SUM_BITS[k], EpilogueLanes=epilogue_lanes or max(1, lanes // 8))

    def fifo(self, width, depth):
        return self.synth.synthesize("fifo", Width=width, Depth=depth)

    def frame(self, rows, lanes, k, act_bits=8, planes=2, epilogue_lanes=None):
        """For two planes: others differ by a few bits of control only."""
        return self.synth.synthesize("matrix_core_frame", Rows=rows, Lanes=lanes, MaxPlanes=planes, PsumBlocks=self.blocks,
                                     PsumBits=self.psum_width(act_bits), RowSumBits=act_bits + 16 + ROW_SUM_BITS[k],
                                     EpilogueLanes=epilogue_lanes or max(1, lanes // 8))

    # Cores as sums of them: {part: area}.

    def core(self, name, rows, lanes, k, weight_bits, act_bits=8, symmetric=1, fold=1, fused=0, generators=1):
        serial = name != "mac_core"
        planes = weight_bits if serial else 1
        operand_bits = k * act_bits
        parts = {}
        if name == "lut_core" and fused:
            operand_bits = (2**(k - 1) if symmetric else 2**k) * entry_bits(k, act_bits)
            parts["tables"] = self.operands(rows * operand_bits).area()
        elif name == "lut_core":
            parts["tables"] = self.generator(rows, generators, k, act_bits, symmetric).area()
        else:
            parts["operands"] = self.operands(rows * operand_bits).area()
        if name == "lut_core":
            terms = self.lut_row(lanes, k, act_bits, symmetric, fold).area()
        elif name == "adder_core":
            terms = self.synth.synthesize("adder_core_row", Lanes=lanes, GroupLength=k, ActBits=act_bits).area()
        else:  # by lane, because ABC takes a minute for four multipliers of 8 bits; the sum of activations is there once
            one, two, lane = (self.synth.synthesize("mac_core_row", Lanes=n, GroupLength=k, ActBits=act_bits, WeightBits=b).area()
                              for n, b in ((1, 1), (2, 1), (1, weight_bits)))
            terms = lane * lanes - (2 * one - two) * (lanes - 1)
        parts["terms"] = rows * terms
        parts["psum"] = rows * self.psum_cost(k, act_bits, planes, 1 if serial else weight_bits).at(lanes)
        parts["weights"] = self.fifo(lanes * k * (1 if serial else weight_bits), max(2, planes)).area()
        parts["act FIFO"] = self.fifo(rows * operand_bits, 2).area()
        parts["frame"] = self.frame(rows, lanes, k, act_bits).area()
        return parts

    # Slopes.

    def table_cost(self, k, act_bits=8):
        """(fixed, per row, per generator) of generated, double-buffered tables."""
        one, many, full = (self.generator(r, g, k, act_bits).area() for r, g in ((1, 1), (4, 1), (4, 4)))
        per_row, per_generator = (many - one) / 3, (full - many) / 3
        return one - per_row - per_generator, per_row, per_generator

    def lookup_cost(self, k, act_bits=8):
        return line(lambda lanes: self.lut_row(lanes, k, act_bits).area(), 4, 16)

    def psum_cost(self, k, act_bits=8, planes=4, weight_bits=1):
        alike = 2 if k < 4 else 4  # terms are as wide; only the row sum of longer groups has a bit more
        return line(lambda lanes: self.psum(lanes, alike, act_bits, planes, weight_bits).area(), 8, 16)

    def fifo_cost(self, depth):
        return line(lambda width: self.fifo(width, depth).area(), 16, 64)

    def word_cost(self, k, act_bits=8, planes=4, bits=16, weight_bits=1):
        """Per lane: an accumulator of one word whose sum comes in from outside (tests/rtl/single_word_psum.sv)."""
        return line(lambda lanes: self.synth.synthesize("single_word_psum", Lanes=lanes, MaxPlanes=planes, PsumBits=bits,
                                                        TermBits=entry_bits(k, act_bits) + weight_bits - 1).area(), 4, 8).each

    def array(self, rows, lanes, k, weight_bits, act_bits=8):
        """Everything of lut_core but its frame, by slopes; as many table generators as full rate with one block needs:
        a table lives for weight_bits cycles."""
        interval = max(d for d in range(1, weight_bits + 1) if rows % d == 0)
        fixed, per_row, per_generator = self.table_cost(k, act_bits)
        return {
            "tables": fixed + rows * per_row + rows // interval * per_generator,
            "terms": rows * self.lookup_cost(k, act_bits).at(lanes),
            "psum": rows * self.psum_cost(k, act_bits, weight_bits).at(lanes),
            "weights": self.fifo_cost(max(2, weight_bits)).at(lanes * k),
            "act FIFO": self.fifo_cost(2).at(rows * k * act_bits),
        }

    def bare_array(self, rows, lanes, k, weight_bits, flop, act_bits=8, bits=16):
        """What the publication counts: its eq. 7 and 8 in flip-flops, lookups, one accumulator word per lane."""
        return {
            "tables": rows * 2**(k - 1) * entry_bits(k, act_bits) * flop,
            "terms": rows * lanes * self.lookup_cost(k, act_bits).each,
            "psum": rows * lanes * self.word_cost(k, act_bits, weight_bits, bits),
            "weights": k * lanes * weight_bits * flop,
        }
