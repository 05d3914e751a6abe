#include "units/attention/attention_normalise_node.h"

#include <utility>

namespace lutetia {

AttentionNormaliseNode::AttentionNormaliseNode(const AttentionConfig& config, AttentionAccumulateNode& accumulate,
                                               AttentionStreamFifo& out)
    : config_(config), commands_("normalise_cmd", AttentionConfig::kStreamDepth), accumulate_(accumulate), out_(out) {}

void AttentionNormaliseNode::evaluate() {
  if (!commands_.valid() || !accumulate_.ready()) return;
  if (commands_.front().partial)
    issue_partial();
  else
    issue_result();
}

void AttentionNormaliseNode::settle() {
  commands_.clock();
  ++now_;
}

void AttentionNormaliseNode::issue_partial() {
  if (!out_.has_slot()) return;
  const AttentionBank& bank = accumulate_.bank();
  Payload p(config_.output_bits());
  if (beat_ == 0) {
    AttentionState{bank.sum[context_], bank.maximum[context_]}.encode(p);
  } else {
    const WideInt* sums = &bank.accumulator[accumulate_.offset(context_, beat_ - 1)];
    for (std::uint32_t e = 0; e < config_.dims; ++e) set_attention_accumulator(config_, p, e, sums[e]);
  }
  out_.push(std::move(p));
  step(1 + commands_.front().value_chunks);
}

/// Divider, result register and output beats work side by side, each on registers as they stand.
void AttentionNormaliseNode::issue_result() {
  const std::uint32_t contexts = commands_.front().contexts;
  const bool starts = !divider_.busy && divided_ < contexts;
  const bool done = divider_.busy && divider_.done_from <= now_;
  bool emptied = !result_full_;
  if (result_full_ && out_.has_slot()) {
    out_.push(result_beat());
    emptied = step(commands_.front().value_chunks);
  }
  result_full_ = !emptied || done;
  if (done && emptied) divider_.busy = false;
  if (starts) {
    divider_ = {true, now_ + AttentionConfig::kDivideLatency};
    ++divided_;
  }
  if (commands_.front().contexts == divided_ && !divider_.busy && !result_full_) divided_ = 0;  // the command ended
}

bool AttentionNormaliseNode::step(std::uint32_t beats) {
  if (++beat_ < beats) return false;
  beat_ = 0;
  if (++context_ < commands_.front().contexts) return true;
  context_ = 0;
  accumulate_.release();
  commands_.pop();
  return true;
}

Payload AttentionNormaliseNode::result_beat() const {
  const AttentionBank& bank = accumulate_.bank();
  Payload p(config_.output_bits());
  if (bank.sum[context_] == 0) return p;
  const Reciprocal r = reciprocal(bank.sum[context_]);
  const WideInt* sums = &bank.accumulator[accumulate_.offset(context_, beat_)];
  for (std::uint32_t e = 0; e < config_.dims; ++e) {
    const std::uint32_t bits = config_.output_format == AttentionOutput::kInt8
                                   ? static_cast<std::uint32_t>(normalise_int8(sums[e], r))
                                   : normalise_fp16(sums[e], r, config_.floating() ? kFp16Fraction : 0);
    p.set(e * 16, 16, bits);
  }
  return p;
}

}  // namespace lutetia
