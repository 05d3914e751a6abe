#include "accelerator/synthetic_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerator/drawn_values.h"
#include "cosim/exact_fp32.h"
#include "cosim/float_group_oracle.h"
#include "cosim/fp16_dot_oracle.h"

namespace lutetia {
namespace {

enum Tensor : std::uint64_t { kActivations, kWeights, kScales };

}  // namespace

/// The operands of one tile, drawn once; coordinates outside the tile are activation 0 and weight code 0.
class SyntheticData::Tile final : public MatrixCoreOperands {
 public:
  Tile(const TileCommand& tile, std::uint64_t seed, const MatrixCoreShape& shape,
       const std::vector<std::uint32_t>* fills)
      : tile_(tile), shape_(shape), seed_(hash(seed, tile.operator_index)) {
    if (fills != nullptr) fills_ = *fills;
    activations_.reserve(std::size_t{tile.m} * tile.k);
    for (std::uint32_t m = 0; m < tile.m; ++m)
      for (std::uint32_t k = 0; k < tile.k; ++k)
        activations_.push_back(drawn_activation(hash(seed_, kActivations, tile.m0 + m, tile.k0 + k)));
    codes_.reserve(std::size_t{tile.n} * tile.k);
    const std::uint32_t integer_bits = tile.weights.integer_bits;
    const std::uint32_t codes = shape_.ternary_groups   ? 3
                                : integer_bits > 0      ? 1u << integer_bits
                                : tile.weights.zero < 0 ? 3
                                                        : 1u << tile.weights.planes;  // ternary has no fourth code
    for (std::uint32_t n = 0; n < tile.n; ++n)
      for (std::uint32_t k = 0; k < tile.k; ++k)
        codes_.push_back(static_cast<std::int16_t>(hash(seed_, kWeights, tile.n0 + n, tile.k0 + k) % codes) -
                         (shape_.ternary_groups ? 1
                          : integer_bits > 0    ? 1 << (integer_bits - 1)
                                                : 0));
  }

  std::int32_t activation(std::uint32_t m, std::uint32_t k) const override {
    return m < tile_.m && k < tile_.k ? activations_[std::size_t{m} * tile_.k + k] : 0;
  }
  std::uint32_t weight_code(std::uint32_t n, std::uint32_t k) const override {
    return n < tile_.n && k < tile_.k ? static_cast<std::uint32_t>(codes_[std::size_t{n} * tile_.k + k]) : 0;
  }
  /// Between 2^-8 and 2^-7, a full significand.
  std::uint32_t scale(std::uint32_t n, std::uint32_t g) const override {
    return 0x3b800000u | static_cast<std::uint32_t>(hash(seed_, kScales, tile_.n0 + n, tile_.k0 + g) & 0x7fffffu);
  }
  std::int32_t zero(std::uint32_t, std::uint32_t) const override { return tile_.weights.zero; }
  std::uint32_t fill(std::uint32_t m, std::uint32_t n) const override {
    return m < tile_.m && n < tile_.n ? fills_.at(std::size_t{m} * tile_.n + n) : 0;
  }

  /// The output, by exact arithmetic and without bit planes or tables.
  std::uint32_t expected(std::uint32_t m, std::uint32_t n) const {
    const std::uint32_t group = tile_.scale_group == 0 ? tile_.k : tile_.scale_group;
    std::uint32_t sum = tile_.fill ? fill(m, n) : 0;
    for (std::uint32_t k0 = 0, g = 0; k0 < tile_.k; k0 += group, ++g) {
      if (shape_.float_psums) {
        sum = exact::fma(fp16_dot_group(shape_, *this, m, n, k0, std::min(k0 + group, tile_.k)), scale(n, g), sum);
        continue;
      }
      if (shape_.row_scales()) {
        std::uint32_t row_scale = 0;
        const exact::Int group_sum =
            float_group_sum(shape_, tile_.weights, *this, m, n, g, k0, std::min(k0 + group, tile_.k), row_scale);
        sum = exact::fma(exact::from_int(group_sum), float_product(scale(n, g), row_scale), sum);
        continue;
      }
      exact::Int dot = 0;
      for (std::uint32_t k = k0; k < tile_.k && k < k0 + group; ++k)
        dot += exact::Int{activation(m, k)} * doubled_weight(weight_code(n, k));
      sum = exact::fma(exact::from_int(dot), scale(n, g), sum);
    }
    return sum;
  }

 private:
  std::int32_t drawn_activation(std::uint64_t random) const {
    if (shape_.float_format == nullptr) return drawn_integer(random, shape_.activation_bits);
    return static_cast<std::int32_t>(drawn_float(random, *shape_.float_format));
  }
  /// q' - z', twice what the code stands for; the weight itself where weights are integers and s' is not halved.
  std::int32_t doubled_weight(std::uint32_t code) const {
    if (tile_.weights.integer_bits > 0) return static_cast<std::int32_t>(code);
    const std::int32_t largest = (1 << tile_.weights.planes) - 1;
    return 2 * static_cast<std::int32_t>(code) - largest - tile_.weights.zero;
  }

  TileCommand tile_;
  const MatrixCoreShape& shape_;
  std::uint64_t seed_;
  std::vector<std::int32_t> activations_;
  std::vector<std::int16_t> codes_;  ///< or integers, on cores that multiply
  std::vector<std::uint32_t> fills_;
};

namespace {

/// Hands the core a tile that the results keep alive as well.
class SharedOperands final : public MatrixCoreOperands {
 public:
  explicit SharedOperands(std::shared_ptr<const MatrixCoreOperands> tile) : tile_(std::move(tile)) {}
  std::int32_t activation(std::uint32_t m, std::uint32_t k) const override { return tile_->activation(m, k); }
  std::uint32_t weight_code(std::uint32_t n, std::uint32_t k) const override { return tile_->weight_code(n, k); }
  std::uint32_t scale(std::uint32_t n, std::uint32_t g) const override { return tile_->scale(n, g); }
  std::int32_t zero(std::uint32_t n, std::uint32_t g) const override { return tile_->zero(n, g); }
  std::uint32_t fill(std::uint32_t m, std::uint32_t n) const override { return tile_->fill(m, n); }

 private:
  std::shared_ptr<const MatrixCoreOperands> tile_;
};

bool same_place(const TileCommand& a, const TileCommand& b) {
  return a.operator_index == b.operator_index && a.m0 == b.m0 && a.n0 == b.n0;
}

}  // namespace

std::unique_ptr<MatrixCoreOperands> SyntheticData::operands(const TileCommand& tile) {
  const std::vector<std::uint32_t>* fills = nullptr;
  if (tile.fill)
    for (const Results& r : results_)
      if (same_place(r.tile, tile)) fills = &r.bits;
  auto drawn = std::make_shared<Tile>(tile, seed_, shape_, fills);
  results_.push_back({tile, drawn, std::vector<std::uint32_t>(std::size_t{tile.m} * tile.n)});
  if (results_.size() > kResultsKept) results_.pop_front();
  return std::make_unique<SharedOperands>(drawn);
}

void SyntheticData::output(const TileCommand& tile, std::uint32_t row, std::uint32_t lane, std::uint32_t bits) {
  for (Results& r : results_) {
    if (!same_place(r.tile, tile) || r.tile.k0 != tile.k0) continue;
    r.bits[std::size_t{row} * tile.n + lane] = bits;
    ++checked_;
    const std::uint32_t expected = r.operands->expected(row, lane);
    if (bits == expected) return;
    if (mismatches_++ == 0)
      first_mismatch_ = fmt::format("operator {} output [{}][{}] is {:08x}, exact arithmetic gives {:08x}",
                                    tile.operator_index, tile.m0 + row, tile.n0 + lane, bits, expected);
    return;
  }
}

}  // namespace lutetia
