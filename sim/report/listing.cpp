#include "report/listing.h"

#include <fmt/format.h>

#include <ostream>

#include "mapping/tile_program.h"
#include "report/human.h"

namespace lutetia {
namespace {

constexpr const char* kHead =
    "# One instruction a line, in the order in which the sequencer fetches them. Five engines work side by side, each "
    "on\n"
    "# its own instructions in this order: load, store, matrix, vector, attention.\n"
    "#\n"
    "#   ENGINE.NUMBER  the engine, and which of its instructions this is, counted from 1\n"
    "#   ld, st         bytes from and to memory, @address; ld fills the next slot of a buffer, st empties one\n"
    "#   lmma.mMnNkK.A.W.ACCUM.O, mma.mMnNkK.A.W.ACCUM.O\n"
    "#                  a tile on the matrix unit: array of M rows, N lanes, K activations at a time; activations A,\n"
    "#                  weights in wW bit planes (lmma) or as integers sW (mma), partial sums, results\n"
    "#   v.OPERATION    a tile on the vector unit\n"
    "#   sdpa           a tile on the attention unit; m query tokens, n keys, b pairs of sequence and key/value head, "
    "g query\n"
    "#                  heads that share them; open, close: the tile begins, ends its passes over the keys;\n"
    "#                  resume, partial: passes go on from partial results in the buffer, leave such\n"
    "#   m=FIRST+COUNT  rows of the tile; so n: columns, k: reduction, b: independent products (sequences and heads)\n"
    "#   group=G        K elements that share a weight scale\n"
    "#   zero=Z         zero point of the +-1 planes, times the row sum of activations, taken off by the epilogue\n"
    "#   fill, spill    accumulators start from the partial sums of the tile before; this tile leaves partial sums\n"
    "#   after          instructions that must be complete; with .read: their operands read, so that buffers are "
    "free\n";

/// "s8", "f16", "e4m3".
std::string operand_name(const NumberFormat& format) {
  if (is_integer(format)) return fmt::format("s{}", format.bits);
  if (format.bits == 8) return fmt::format("e{}m{}", format.exponent, format.mantissa);
  return format.name == "bf16" ? "bf16" : fmt::format("f{}", format.bits);
}

std::string range(char loop, std::uint32_t first, std::uint32_t count) {
  return fmt::format(" {}={}+{}", loop, first, count);
}

std::string matrix_text(const TileCommand& tile, const OperatorPlan& plan) {
  std::string out = range('m', tile.m0, tile.m) + range('n', tile.n0, tile.n) + range('k', tile.k0, tile.k);
  out += tile.scale_group == 0 ? " group=tile" : fmt::format(" group={}", tile.scale_group);
  out += fmt::format(" zero={}", tile.weights.zero);
  if (tile.weights.equal) out += " equal_planes";
  if (tile.fill) out += " fill";
  if (tile.k0 + std::uint64_t{tile.k} < plan.shape.k) out += " spill";
  return out;
}

std::string vector_text(const TileCommand& tile) {
  if (tile.op == TileOp::kMultiplyAdd)
    return range('b', tile.b0, tile.b) + range('m', tile.m0, tile.m) + range('n', tile.n0, tile.n) +
           range('k', tile.k0, tile.k) + fmt::format(" macs={}", tile.work);
  return range('m', tile.m0, tile.m) + range('n', 0, tile.n);
}

std::string attention_text(const TileCommand& tile) {
  const AttentionTile& a = tile.attention;
  return range('b', tile.b0, tile.b) + range('g', a.head0, a.heads) + range('m', tile.m0, tile.m) +
         range('n', tile.n0, tile.n) + (a.open ? " open" : "") + (a.close ? " close" : "") +
         (a.resume ? " resume" : "") + (a.partial ? " partial" : "");
}

std::string waits_text(const Instruction& instruction) {
  std::string out;
  for (std::size_t e = 0; e < kEvents; ++e) {
    if (instruction.wait[e] == 0) continue;
    const Event event = static_cast<Event>(e);
    const bool read = event == Event::kMatrixRead || event == Event::kVectorRead || event == Event::kAttentionRead;
    out +=
        fmt::format("{}{}.{}{}", out.empty() ? "  after " : ", ",
                    kEngineNames[static_cast<std::size_t>(engine_of(event))], instruction.wait[e], read ? ".read" : "");
  }
  return out;
}

std::string instruction_text(const Instruction& i, const TileProgram& program, const MachineShape& shape) {
  const OperatorPlan& plan = program.plans()[i.operator_index];
  switch (i.engine) {
    case Engine::kLoad: return fmt::format("ld {} @{:#x}", grouped(i.bytes), i.address);
    case Engine::kStore: return fmt::format("st {} @{:#x}", grouped(i.bytes), i.address);
    case Engine::kVector: return fmt::format("v.{}{}", name(i.tile.op), vector_text(i.tile));
    case Engine::kAttention: return "sdpa" + attention_text(i.tile);
    case Engine::kMatrix: break;
  }
  const Operator& op = program.trace().operators[i.operator_index];
  return lmma_name(shape.matrix, *find_tensor(op, Role::kInput)->format, i.tile.weights) + matrix_text(i.tile, plan);
}

}  // namespace

std::string lmma_name(const MatrixUnitShape& array, const NumberFormat& activations, const WeightPlanes& weights) {
  const bool planes = weights.integer_bits == 0;
  return fmt::format("{}.m{}n{}k{}.{}.{}{}.{}{}.f32", planes ? "lmma" : "mma", array.rows, array.lanes,
                     array.group_length, operand_name(activations), planes ? 'w' : 's',
                     planes ? weights.planes : weights.integer_bits, array.float_psums ? 'f' : 's', array.psum_bits);
}

void write_listing(std::ostream& out, const Design& design, const Trace& trace) {
  const TraceHeader& h = trace.header;
  out << fmt::format("# tile program of {} on {}: prefill {}, decode {}, batch {}\n", h.model, design.name, h.prefill,
                     h.decode, h.batch)
      << kHead;
  const MachineShape shape = machine_shape(design);
  Problems problems;
  TileProgram program(trace, shape, problems);
  if (!problems.empty()) return;
  std::array<std::uint64_t, kEngines> numbers{};
  std::uint32_t current = UINT32_MAX;
  Instruction i;
  while (program.next(i)) {
    if (i.operator_index != current) {
      current = i.operator_index;
      const Operator& op = trace.operators[current];
      out << fmt::format("\n# operator {}, {} ({}), step {}; {}\n", op.id, op.name, name(op.kind), op.step,
                         to_text(mapping_of(program.plans()[current], shape)));
    }
    const auto engine = static_cast<std::size_t>(i.engine);
    const std::string number = fmt::format("{}.{}", kEngineNames[engine], ++numbers[engine]);
    out << fmt::format("{:<12} {}{}\n", number, instruction_text(i, program, shape), waits_text(i));
  }
}

}  // namespace lutetia
