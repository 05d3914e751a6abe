// What the weight decoder must give, straight from the weights: a plane is one bit of w + 1. And what a code means, by
// encoding everything there is and looking where it ends up. Shares nothing with sim/units/weight_decoder, the tables
// of numeric/ternary_code.* and the RTL but the shape of a command and the fold.
#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "numeric/weight_planes.h"
#include "units/weight_decoder/weight_decoder_command.h"

namespace lutetia {

/// Weights of a code, and whether some of them are zeros only because the code is illegal.
struct CodeMeaning {
  std::vector<std::int32_t> weights;
  bool illegal = false;
};

/// All codes of a kind: 0 i2_s, 1 tl2, 2 tq1_0.
inline std::vector<CodeMeaning> code_meanings(std::uint32_t kind) {
  const std::uint32_t count[] = {4, 3, 5}, bits[] = {8, 5, 8};
  std::vector<CodeMeaning> all(std::size_t{1} << bits[kind], {std::vector<std::int32_t>(count[kind]), true});
  if (kind == 0) {  // field by field
    for (std::size_t code = 0; code < all.size(); ++code) {
      all[code].illegal = false;
      for (std::size_t n = 0; n < 4; ++n) {
        const std::size_t field = code / (std::size_t{1} << (2 * (3 - n))) % 4;
        if (field == 3) all[code].illegal = true;
        all[code].weights[n] = field == 3 ? 0 : static_cast<std::int32_t>(field) - 1;
      }
    }
    return all;
  }
  std::vector<std::int32_t> w(count[kind], -1);
  for (std::size_t n = 0; n < w.size();) {
    std::int32_t value = 0, unsigned_value = 0;
    for (const std::int32_t x : w) {
      value = 3 * value + x;
      unsigned_value = 3 * unsigned_value + x + 1;
    }
    const std::int32_t code = kind == 2   ? unsigned_value * 256 / 243 + (unsigned_value * 256 % 243 != 0 ? 1 : 0)
                              : value < 0 ? 16 - value
                                          : value;
    all[static_cast<std::size_t>(code)] = {w, false};
    for (n = 0; n < w.size() && ++w[n] == 2; ++n) w[n] = -1;  // the next combination
  }
  return all;
}

/// One command by meaning.
struct WeightDecoderTile {
  WeightDecoderCommand command;
  std::uint32_t lanes = 0, code_weights = 0;
  std::uint32_t depth = 0;            ///< weights that the codes of a lane hold: 4 * k_groups, rounded up
  std::vector<std::int32_t> weights;  ///< [row block][n][k], after illegal codes became zeros
  std::vector<bool> illegal;          ///< [row block][n][code]

  std::uint32_t outputs() const { return command.n_blocks * lanes; }
  std::size_t weight_at(std::uint32_t i, std::uint32_t n, std::uint32_t k) const {
    return (std::size_t{i} * outputs() + n) * depth + k;
  }
  std::size_t code_at(std::uint32_t i, std::uint32_t n, std::uint32_t code) const {
    return (std::size_t{i} * outputs() + n) * (depth / code_weights) + code;
  }
};

/// Compares the beats of the weight stream from `first` on with the tile and moves `first` behind it. Empty if they are
/// right, otherwise the first mistake. The order is that of the contract: row block, K group, block, plane.
inline std::string weight_decoder_check(const WeightDecoderTile& t, const std::vector<Payload>& beats,
                                        std::size_t& first) {
  bool illegal = false;
  for (std::uint32_t i = 0; i < t.command.row_blocks; ++i) {
    std::vector<std::uint32_t> codes(t.command.n_blocks, 0);  // that a block has taken
    for (std::uint32_t j = 0; j < t.command.k_groups; ++j)
      for (std::uint32_t b = 0; b < t.command.n_blocks; ++b) {
        for (; codes[b] * t.code_weights < 4 * (j + 1); ++codes[b])
          for (std::uint32_t lane = 0; lane < t.lanes; ++lane)
            if (t.illegal[t.code_at(i, b * t.lanes + lane, codes[b])]) illegal = true;
        for (std::uint32_t p = 0; p < 2; ++p, ++first) {
          if (first >= beats.size()) return "weight beats are missing";
          const std::string where = fmt::format("row block {}, K group {}, block {}, plane {}", i, j, b, p);
          if ((beats[first].get(4 * t.lanes, 1) != 0) != illegal)
            return fmt::format("flag for illegal codes must be {} ({}; beat {})", illegal, where, first);
          for (std::uint32_t lane = 0; lane < t.lanes; ++lane) {
            std::uint32_t plane = 0;
            for (std::uint32_t k = 0; k < 4; ++k) {
              const std::int32_t q = t.weights[t.weight_at(i, b * t.lanes + lane, 4 * j + k)] + 1;
              if ((p == 0 && q == 1) || (p == 1 && q == 2)) plane += 1u << k;
            }
            if (beats[first].get(4 * lane, 4) != fold(plane))
              return fmt::format("lane {} is {:x}, must be {:x} ({}; beat {})", lane, beats[first].get(4 * lane, 4),
                                 fold(plane), where, first);
          }
        }
      }
  }
  return {};
}

}  // namespace lutetia
