#include "cosim/matrix_core_bench.h"

#include <algorithm>

#include "cosim/matrix_core_oracle.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {

namespace {

/// FP32 bits: mostly numbers of everyday size, sometimes anything at all.
std::uint32_t random_fp32(Random& random, std::uint64_t odd_one_in) {
  const std::uint32_t sign = random.below(4) == 0 ? 0x80000000u : 0u;
  // Few significant bits make sums that lie exactly between two numbers; random ones hardly ever do.
  const std::uint32_t fraction =
      static_cast<std::uint32_t>(random.next()) & (random.below(2) == 0 ? 0x7fffffu : 0x700000u);
  if (random.below(odd_one_in) != 0)
    return sign | static_cast<std::uint32_t>(random.between(110, 134)) << 23 | fraction;
  switch (random.below(7)) {
    case 0: return sign;                                                                          // zero
    case 1: return sign | fraction;                                                               // subnormal
    case 2: return sign | static_cast<std::uint32_t>(random.between(1, 40)) << 23 | fraction;     // tiny
    case 3: return sign | static_cast<std::uint32_t>(random.between(225, 254)) << 23 | fraction;  // overflows
    case 4: return sign | 0x7f800000u;                                                            // infinity
    case 5: return sign | 0x7f800001u | fraction;                                                 // NaN of any kind
    default: return static_cast<std::uint32_t>(random.next());
  }
}

}  // namespace

MatrixCoreBench::MatrixCoreBench(const MatrixCoreShape& shape, std::uint64_t seed, std::uint64_t transfers)
    : shape_(shape), random_(seed) {
  const std::uint64_t flavour = seed % kFlavours;
  for (std::size_t f = 0; f < std::size(kAllWeightFormats); ++f)
    if (runs(kAllWeightFormats[f], shape) && (flavour == 0 || flavour == f + 1))
      formats_.push_back(kAllWeightFormats[f]);
  if (formats_.empty())
    for (const WeightFormat f : kAllWeightFormats)
      if (runs(f, shape)) formats_.push_back(f);
  program_.inputs.resize(MatrixCorePort::kInputs);
  program_.outputs.resize(MatrixCorePort::kOutputs);
  while (transfers_ < transfers) {
    tiles_.push_back(random_tile());
    append(*tiles_.back());
  }
}

std::unique_ptr<StreamUnit> MatrixCoreBench::make_model() const {
  return std::make_unique<MatrixCoreCycle>(shape_);
}

std::string MatrixCoreBench::check(const std::vector<std::vector<Payload>>& outputs) const {
  std::size_t beat = 0;
  for (std::size_t i = 0; i < tiles_.size(); ++i) {
    const std::string mistake = matrix_core_check(shape_, *tiles_[i], outputs.at(MatrixCorePort::kOut), beat);
    if (!mistake.empty()) return "command " + std::to_string(i) + ": " + mistake;
  }
  return {};
}

std::unique_ptr<MatrixCoreTile> MatrixCoreBench::random_tile() {
  const WeightFormat format = formats_[random_.below(formats_.size())];
  const WeightPlanes planes = planes_of(format, shape_);
  // Equal planes weigh 1 each.
  const std::uint64_t safe =
      planes.equal ? shape_.safe_group_elements(1) / planes.planes : shape_.safe_group_elements(planes.planes);
  const std::uint32_t group = shape_.group_length;
  const auto most = static_cast<std::uint32_t>(std::min<std::uint64_t>(safe / group, 65535) * group);

  // A third of the commands are a few fires long, half of these a single K group of a single block.
  const bool tiny = one_in(3), least = tiny && one_in(2);
  const std::int64_t widest = std::int64_t{shape_.lanes} * shape_.psum_blocks;
  const auto rows = static_cast<std::uint32_t>(random_.between(1, tiny ? shape_.rows : 3 * shape_.rows + 1));
  const auto outputs = static_cast<std::uint32_t>(least       ? random_.between(1, shape_.lanes)
                                                  : one_in(2) ? shape_.lanes * random_.between(1, shape_.psum_blocks)
                                                              : random_.between(1, widest));
  const auto depth = static_cast<std::uint32_t>(least        ? random_.between(1, group)
                                                : tiny       ? random_.between(1, 9)
                                                : one_in(12) ? random_.between(200, 600)
                                                             : random_.between(1, 60));
  auto tile = std::make_unique<MatrixCoreTile>(shape_, format, rows, outputs, depth, random_scale_group(depth, most),
                                               one_in(2));
  fill_values(*tile);
  return tile;
}

/// In elements. More than `safe` of them could overflow a partial sum.
std::uint32_t MatrixCoreBench::random_scale_group(std::uint32_t depth, std::uint32_t safe) {
  const std::uint32_t group = shape_.group_length, groups = static_cast<std::uint32_t>(ceil_div(depth, group));
  const std::uint32_t lengths[] = {1,
                                   8,
                                   16,
                                   32,
                                   groups,
                                   static_cast<std::uint32_t>(random_.between(1, groups)),
                                   static_cast<std::uint32_t>(random_.between(1, 12)),
                                   65535};
  std::uint32_t length = group * lengths[random_.below(std::size(lengths))];
  if (shape_.segment_groups > 0) length = std::min(length, group * shape_.segment_groups);
  return group * groups > safe ? std::min(length, safe) : length;
}

void MatrixCoreBench::fill_values(MatrixCoreTile& t) {
  const std::int64_t top = (std::int64_t{1} << (shape_.activation_bits - 1)) - 1;
  const std::uint64_t activation_kind = random_.below(5), weight_kind = random_.below(5), zero_kind = random_.below(3);
  if (shape_.float_format != nullptr) {
    for (std::int32_t& a : t.activations) a = random_float(activation_kind);
  } else
    for (std::int32_t& a : t.activations) switch (activation_kind) {
        case 0: a = static_cast<std::int32_t>(-top - 1); break;
        case 1: a = static_cast<std::int32_t>(one_in(2) ? top : -top - 1); break;
        case 2: a = one_in(4) ? static_cast<std::int32_t>(random_.between(-top - 1, top)) : 0; break;
        default: a = static_cast<std::int32_t>(random_.between(-top - 1, top));
      }
  const std::int32_t low = lowest_weight(t.format), high = highest_weight(t.format);
  for (std::int32_t& w : t.weights) switch (weight_kind) {
      case 0: w = low; break;
      case 1: w = one_in(2) ? low : high; break;
      default: w = static_cast<std::int32_t>(random_.between(low, high));
    }
  if (shape_.float_psums) provoke(t);
  // z' = (that of the format) + 2 * zero must fit into 8 bits.
  const std::int32_t own = t.planes.zero;
  if (!shape_.float_psums)
    for (std::int32_t& z : t.zeros) switch (zero_kind) {
        case 0: z = 0; break;
        case 1: z = static_cast<std::int32_t>(random_.between(-128, 127)) - own; break;
        default: z = (one_in(2) ? -128 : one_in(2) ? 127 : 0) - own;
      }
  const std::uint64_t odd = one_in(3) ? 3 : 40;
  for (std::uint32_t& s : t.scales) s = random_fp32(random_, odd);
  for (std::uint32_t& f : t.fills) f = random_fp32(random_, odd);
}

/// A code of the core's floating-point format. Kinds: everyday sizes; anything at all; zeros and subnormals; the
/// largest ones; everyday sizes with a rare NaN or infinity.
std::int32_t MatrixCoreBench::random_float(std::uint64_t kind) {
  const NumberFormat& f = *shape_.float_format;
  const std::uint64_t any = random_.below(std::uint64_t{1} << f.bits);
  const std::uint64_t sign = std::uint64_t{1} << (f.bits - 1), fraction = any & ((1u << f.mantissa) - 1);
  const auto everyday = [&] {
    const auto field = static_cast<std::uint64_t>(random_.between(std::max(1, f.bias - 6), f.bias + 2));
    return (any & sign) | field << f.mantissa | fraction;
  };
  std::uint64_t code = any;
  switch (kind) {
    case 0: code = everyday(); break;
    case 1: break;
    case 2: code = one_in(3) ? any & sign : (any & sign) | fraction; break;
    case 3: code = (any & sign) | ((std::uint64_t{1} << f.exponent) - 2) << f.mantissa | fraction; break;
    default: code = one_in(60) ? any | ((std::uint64_t{1} << f.exponent) - 1) << f.mantissa : everyday();
  }
  // Outside kinds 1 and 4 a tile without NaN shows that nothing of an earlier one is left.
  return static_cast<std::int32_t>(code);
}

/// Floating-point sums, which hide most mistakes behind a NaN or in bits that are rounded away: a tile may get sizes
/// spread over the whole range, or neighbours in K that cancel, all or but for the last place, or giants.
void MatrixCoreBench::provoke(MatrixCoreTile& t) {
  const NumberFormat& f = *shape_.float_format;
  const auto sign = std::int32_t{1} << (f.bits - 1), ones = ((std::int32_t{1} << f.exponent) - 1) << f.mantissa;
  switch (random_.below(5)) {
    case 0: break;
    case 1:
      for (std::int32_t& a : t.activations) {
        a = static_cast<std::int32_t>(random_.below(std::uint64_t{1} << f.bits));
        if ((a & ones) == ones) a &= ~ones;
      }
      break;
    case 2:
      for (std::size_t i = 1; i < t.activations.size(); i += 2)
        t.activations[i] = t.activations[i - 1] ^ sign ^ (one_in(3) ? 1 : 0);
      for (std::size_t i = 1; i < t.weights.size(); i += 2)
        if (!one_in(8)) t.weights[i] = t.weights[i - 1];
      break;
    default: place_giants(t);
  }
}

/// Small activations beside rare ones that are as large as can be, or infinite; many of their weights are zero.
void MatrixCoreBench::place_giants(MatrixCoreTile& t) {
  const NumberFormat& f = *shape_.float_format;
  const auto sign = std::int32_t{1} << (f.bits - 1), fraction = (std::int32_t{1} << f.mantissa) - 1;
  const auto infinity = ((std::int32_t{1} << f.exponent) - 1) << f.mantissa;
  const bool infinite = one_in(2), tiny = one_in(2);
  for (std::int32_t& a : t.activations) a = tiny ? random_float(0) & (sign | fraction) : random_float(0);
  for (std::uint32_t k = 0; k < t.depth; ++k) {
    if (!one_in(infinite ? t.depth / 2 + 1 : 8)) continue;
    for (std::uint32_t m = 0; m < t.rows; ++m) {
      const auto any = static_cast<std::int32_t>(random_.below(std::uint64_t{1} << f.bits));
      t.activations[std::size_t{m} * t.depth + k] =
          (any & sign) | (infinite ? infinity : (infinity - fraction - 1) | (any & fraction));
    }
    for (std::uint32_t n = 0; n < t.outputs; ++n)
      if (infinite ? one_in(4) : !one_in(4)) t.weights[std::size_t{n} * t.depth + k] = 0;
  }
}

void MatrixCoreBench::append(const MatrixCoreTile& tile) {
  append_matrix_core_tile(shape_, tile, program_);
  transfers_ = program_.outputs[MatrixCorePort::kOut];
  for (const auto& input : program_.inputs) transfers_ += input.size();
}

void append_matrix_core_tile(const MatrixCoreShape& shape, const MatrixCoreTile& tile, BenchProgram& program) {
  program.inputs.resize(MatrixCorePort::kInputs);
  program.outputs.resize(MatrixCorePort::kOutputs);
  const MatrixCoreBeats beats(shape, tile.command, tile);
  for (std::uint32_t input = 0; input < MatrixCorePort::kInputs; ++input)
    for (std::uint64_t i = 0; i < beats.beats(input); ++i) program.inputs[input].push_back(beats.beat(input, i));
  program.outputs[MatrixCorePort::kOut] += tile.command.output_beats(shape);
}

}  // namespace lutetia
