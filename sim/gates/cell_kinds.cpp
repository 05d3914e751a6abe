#include "gates/cell_kinds.h"

#include <vector>

namespace lutetia {
namespace {

struct Sides {
  std::vector<std::int32_t> inputs, outputs;
};

Sides sides(const Cell& cell) {
  Sides found;
  for (std::size_t i = 0; i < cell.pins.size(); ++i)
    (cell.pins[i].output ? found.outputs : found.inputs).push_back(static_cast<std::int32_t>(i));
  return found;
}

/// The outputs of a function for all values of these inputs, the first one being the lowest bit; 0 without a function.
std::uint32_t column(const Cell& cell, std::int32_t output, const std::vector<std::int32_t>& inputs) {
  const auto& function = cell.pins[static_cast<std::size_t>(output)].function;
  std::uint32_t out = 0;
  for (std::uint32_t values = 0; function && values < (1u << inputs.size()); ++values) {
    std::uint32_t pins = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) pins |= (values >> i & 1u) << inputs[i];
    if (function->at(pins)) out |= 1u << values;
  }
  return out;
}

}  // namespace

std::optional<FullAdder> full_adder(const Cell& cell) {
  const Sides pins = sides(cell);
  if (cell.flop || pins.inputs.size() != 3 || pins.outputs.size() != 2) return std::nullopt;
  constexpr std::uint32_t kSum = 0x96, kCarry = 0xE8, kAll = 0xFF;
  FullAdder adder;
  adder.a = pins.inputs[0], adder.b = pins.inputs[1], adder.c = pins.inputs[2];
  int sums = 0, carries = 0;
  for (const std::int32_t output : pins.outputs) {
    const std::uint32_t values = column(cell, output, pins.inputs);
    if (values == kSum || values == (kSum ^ kAll)) {
      adder.sum = output;
      adder.sum_inverted = values != kSum;
      ++sums;
    } else if (values == kCarry || values == (kCarry ^ kAll)) {
      adder.carry = output;
      adder.carry_inverted = values != kCarry;
      ++carries;
    }
  }
  return sums == 1 && carries == 1 ? std::optional<FullAdder>(adder) : std::nullopt;
}

bool is_nand2(const Cell& cell) {
  const Sides pins = sides(cell);
  return !cell.flop && pins.inputs.size() == 2 && pins.outputs.size() == 1 &&
         column(cell, pins.outputs[0], pins.inputs) == 0x7;
}

bool is_usable(const Cell& cell) {
  return !cell.dont_use && cell.obstacle.empty();
}

}  // namespace lutetia
