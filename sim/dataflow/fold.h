// The value of one firing: the function of a node with its state. Used by the cycle body and by the untimed evaluation.
#pragma once
#include <algorithm>
#include <vector>

#include "dataflow/graph.h"

namespace lutetia::dataflow {

class NodeValues {
 public:
  explicit NodeValues(const Node& node) : node_(node), state_(node.width + 1), result_(node.width) {}

  /// `operands` of firing number `firing`; the result stays valid until the next firing.
  const double* fire(std::uint64_t firing, const Operands& operands) {
    if (node_.kind == NodeKind::kRepeat) return operands[0].value;
    if (node_.kind == NodeKind::kFlatmap) return operands[0].value + firing % node_.inputs[0].period * node_.width;
    if (node_.kind == NodeKind::kGather) {
      std::copy_n(operands[0].value, operands[0].width, result_.begin() + firing % node_.row * operands[0].width);
      return result_.data();
    }
    if (node_.function == nullptr) return result_.data();
    if (node_.function->use == ValueFunction::Use::kFold && node_.begins_row(firing))
      std::fill(state_.begin(), state_.end(), 0), std::fill_n(state_.begin(), node_.width, node_.function->start);
    node_.function->apply(operands, state_.data(), result_.data(), node_.width);
    return result_.data();
  }
  double* own_result() { return result_.data(); }

 private:
  const Node& node_;
  std::vector<double> state_, result_;
};

}  // namespace lutetia::dataflow
