// What nodes compute with the values of elements, by name. The value of an element is a few doubles, as many on all
// elements of a channel (its width). Of no importance for timing: a functional run shows that a graph computes what it
// claims to.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lutetia::dataflow {

/// One operand of a firing.
struct Operand {
  const double* value = nullptr;
  std::uint32_t width = 0;
  /// Number i of a vector; a scalar has one number for every i.
  double operator[](std::uint32_t i) const { return value[width == 1 ? 0 : i]; }
};
using Operands = std::vector<Operand>;

struct ValueFunction {
  enum class Use { kMap, kFold };  ///< of map, zip: one firing alone; of reduce, scan, matmul: a row with a state

  std::string name;
  Use use = Use::kMap;
  std::uint32_t least = 1, most = 1;  ///< operands
  std::string text;
  /// Width of the result for these operands; 0 if they do not fit.
  std::uint32_t (*width)(const std::vector<std::uint32_t>& operands) = nullptr;
  /// kMap: out = f(operands). kFold: state = step(state, operands), out = what a scan shows now.
  void (*apply)(const Operands& in, double* state, double* out, std::uint32_t width) = nullptr;
  /// kFold: the state at the start of a row, as many numbers as `width` and one more.
  double start = 0;
};

const std::vector<ValueFunction>& value_functions();
/// nullptr if there is none of this name.
const ValueFunction* find_function(const std::string& name);

}  // namespace lutetia::dataflow
