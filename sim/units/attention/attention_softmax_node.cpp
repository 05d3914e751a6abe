#include "units/attention/attention_softmax_node.h"

#include <algorithm>
#include <limits>

#include "numeric/exp2_segments.h"

namespace lutetia {

AttentionSoftmaxNode::AttentionSoftmaxNode(const AttentionConfig& config, AttentionScoreFifo& scores,
                                           AttentionStreamFifo& mask, AttentionStreamFifo& state,
                                           AttentionWeightFifo& weights)
    : config_(config),
      commands_("softmax_cmd", AttentionConfig::kStreamDepth),
      scores_(scores),
      mask_(mask),
      state_(state),
      weights_(weights),
      running_(config.contexts) {}

void AttentionSoftmaxNode::evaluate() {
  if (!commands_.valid() || !weights_.has_slot()) return;
  const AttentionCommand& command = commands_.front();
  const bool state = item_ < command.states;
  if (state ? !state_.valid() : !scores_.valid() || (command.masked && !mask_.valid())) return;
  Running& running = running_[context_];
  if (command.open && item_ == 0) running = Running{};
  weights_.push(state ? of_state(running) : of_block(running));

  if (++context_ < command.contexts) return;
  context_ = 0;
  if (++item_ < command.items()) return;
  item_ = 0;
  commands_.pop();
}

std::uint32_t AttentionSoftmaxNode::raise(Running& running, std::int32_t maximum) {
  const std::int32_t before = running.any ? running.maximum : maximum;
  running.any = true;
  running.maximum = std::max(before, maximum);
  return static_cast<std::uint32_t>(running.maximum - before);
}

AttentionWeights AttentionSoftmaxNode::of_state(Running& running) {
  const AttentionState state = AttentionState::decode(state_.front());
  state_.pop();
  AttentionWeights item;
  item.state = true;
  item.state_sum = state.sum;
  if (state.sum != 0) {
    item.distance = raise(running, state.maximum);
    item.state_distance = static_cast<std::uint32_t>(running.maximum - state.maximum);
  }
  item.maximum = running.maximum;
  return item;
}

AttentionWeights AttentionSoftmaxNode::of_block(Running& running) {
  const bool masked = commands_.front().masked;
  AttentionScores scores = scores_.take();
  std::int32_t largest = std::numeric_limits<std::int32_t>::min();
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    if (masked) {
      const std::uint32_t at = i * AttentionPort::kMaskBits;
      scores.score[i] = add_bias(scores.score[i], static_cast<std::int32_t>(mask_.front().get_signed(at, 21)));
      if (mask_.front().get(at + 21, 1) == 0) scores.visible[i] = 0;
    }
    if (scores.visible[i] != 0) largest = std::max(largest, ceiling(scores.score[i]));
  }
  if (masked) mask_.pop();

  AttentionWeights item;
  if (largest != std::numeric_limits<std::int32_t>::min()) item.distance = raise(running, largest);
  item.maximum = running.maximum;
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    const std::int32_t distance = running.maximum * 1024 - scores.score[i];
    item.weight.push_back(scores.visible[i] != 0 ? exp2_minus(static_cast<std::uint32_t>(distance)) : 0);
  }
  return item;
}

}  // namespace lutetia
