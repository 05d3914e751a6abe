#include "dataflow/cycle_node.h"

namespace lutetia::dataflow {

CycleNode::CycleNode(const Node& node, std::vector<CycleFifo*> in, std::vector<CycleFifo*> out,
                     const std::vector<Channel>& channels, const SourceValues* sources, std::vector<double>* sink)
    : node_(node),
      in_(std::move(in)),
      out_(std::move(out)),
      sources_(sources),
      sink_(sink),
      values_(node),
      result_(node.width),
      reset_left_(node.reset) {
  for (const Input& input : node.inputs) {
    widths_.push_back(channels[input.channel].width);
    held_operands_.emplace_back(sources_ != nullptr ? input.take * widths_.back() : widths_.back());
  }
  run_.wait_data.resize(in_.size());
  run_.wait_space.resize(out_.size());
}

bool CycleNode::tick(Cycle now) {
  // The counters say what is left after the cycle before.
  if (now != 0 && interval_left_ != 0)
    --interval_left_;
  else if (now != 0 && reset_left_ != 0)
    --reset_left_;
  if (holds_) ++age_;
  bool acted = false;
  // Once per cycle, but for a node without interval.
  while (interval_left_ == 0 && reset_left_ == 0) {
    if (!holds_) {
      if (!take(now)) break;
      acted = true;
    }
    if (!give(now)) break;
    acted = true;
  }
  return acted;
}

bool CycleNode::take(Cycle now) {
  if (finished()) return false;
  for (std::size_t k = 0; k < in_.size(); ++k)
    if (node_.inputs[k].takes(fired_) && !in_[k]->can_pop()) return false;
  // What the node waited for is the operand that came last.
  std::size_t last = in_.size();
  for (std::size_t k = 0; k < in_.size(); ++k)
    if (node_.inputs[k].takes(fired_) && (last == in_.size() || in_[k]->front_since() > in_[last]->front_since()))
      last = k;
  if (data_waited_ != 0) run_.wait_data[last] += data_waited_;
  data_waited_ = 0;
  operands_.clear();
  for (std::size_t k = 0; k < in_.size(); ++k) {
    const Input& input = node_.inputs[k];
    const std::uint64_t place = sources_ != nullptr ? fired_ % input.period % input.take * widths_[k] : 0;
    double* operand = held_operands_[k].data() + place;
    if (input.takes(fired_)) in_[k]->pop(now, operand);
    operands_.push_back({operand, widths_[k]});
  }
  if (sources_ != nullptr) {
    if (node_.kind == NodeKind::kSource) {
      (*sources_)(node_, fired_, result_.data());
    } else if (node_.kind == NodeKind::kSink) {
      sink_->insert(sink_->end(), operands_[0].value, operands_[0].value + operands_[0].width);
    } else {
      const double* value = values_.fire(fired_, operands_);
      result_.assign(value, value + node_.width);
    }
  }
  holds_ = true;
  age_ = 0;
  return true;
}

bool CycleNode::give(Cycle now) {
  if (node_.gives(fired_)) {
    for (const CycleFifo* fifo : out_)
      if (!fifo->can_push()) return false;
    std::size_t last = 0;
    for (std::size_t k = 1; k < out_.size(); ++k)
      if (out_[k]->room_since() > out_[last]->room_since()) last = k;
    if (space_waited_ != 0) run_.wait_space[last] += space_waited_;
    space_waited_ = 0;
    // The result was under way while it waited for room, but needs one more cycle to be seen.
    const std::uint64_t remaining = node_.latency > age_ ? node_.latency - age_ : 1;
    for (CycleFifo* fifo : out_) fifo->push(now, remaining, result_.data());
  }
  holds_ = false;
  ++fired_;
  interval_left_ = node_.interval;
  if (!finished() && node_.begins_row(fired_)) reset_left_ = node_.reset;
  return true;
}

void CycleNode::account() {
  if (interval_left_ != 0)
    ++run_.busy;
  else if (reset_left_ != 0)
    ++run_.reset;
  else if (holds_)
    ++space_waited_;
  else if (!finished())
    ++data_waited_;
  else
    ++run_.finished;
}

NodeRun CycleNode::result() const {
  NodeRun run = run_;
  run.firings = fired_;
  run.holds = holds_;
  return run;
}

}  // namespace lutetia::dataflow
