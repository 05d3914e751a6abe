// The part in which matrix cores differ: what is kept of a row's K group, and what a lane adds to its partial sum.
#pragma once
#include <cstdint>

#include "kernel/payload.h"

namespace lutetia {

class MatrixCoreArray {
 public:
  virtual ~MatrixCoreArray() = default;
  /// Integers kept per row and K group: entries of a table, or the activations themselves.
  virtual std::uint32_t operand_words() const = 0;
  /// From the activations of a K group to what is kept of them.
  virtual void build(const std::int64_t* activations, std::int64_t* operand) const = 0;
  /// Sum of the K group's activations, from what is kept.
  virtual std::int64_t row_sum(const std::int64_t* operand) const = 0;
  /// Words that a lane keeps from a fire to its accumulation.
  virtual std::uint32_t term_words() const { return 1; }
  /// What every lane of a row adds, before the shift by plane, for a weight beat.
  virtual void terms(const std::int64_t* operand, const Payload& weights, std::int64_t* terms) const = 0;
  /// Adds the terms of a row to the lanes' partial sums, or begins these with them.
  virtual void accumulate(const std::int64_t* terms, std::uint32_t lanes, std::uint32_t shift, bool replace,
                          std::int64_t* psum) const {
    for (std::uint32_t n = 0; n < lanes; ++n) psum[n] = (replace ? 0 : psum[n]) + terms[n] * (std::int64_t{1} << shift);
  }
};

}  // namespace lutetia
