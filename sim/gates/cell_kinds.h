// What cells are, told by their functions and not by their names.
#pragma once
#include <cstdint>
#include <optional>

#include "gates/cell_library.h"

namespace lutetia {

/// Pins of a cell with the sum and the carry of three inputs, either of them perhaps inverted.
struct FullAdder {
  std::int32_t a = 0, b = 0, c = 0, sum = 0, carry = 0;
  bool sum_inverted = false, carry_inverted = false;
};

std::optional<FullAdder> full_adder(const Cell& cell);
bool is_nand2(const Cell& cell);
/// A netlist may use it: neither dont_use nor an obstacle.
bool is_usable(const Cell& cell);

}  // namespace lutetia
