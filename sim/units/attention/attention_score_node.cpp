#include "units/attention/attention_score_node.h"

#include <utility>

namespace lutetia {

AttentionScoreNode::AttentionScoreNode(const AttentionConfig& config, AttentionQueryNode& queries,
                                       AttentionStreamFifo& key, AttentionStreamFifo& key_scale,
                                       AttentionScoreFifo& scores)
    : config_(config),
      commands_("scores_cmd", AttentionConfig::kStreamDepth),
      queries_(queries),
      key_(key),
      key_scale_(key_scale),
      scores_(scores),
      operands_(std::size_t{config.keys} * config.dims),
      multipliers_(config.keys),
      groups_(std::size_t{config.contexts} * config.keys),
      totals_(std::size_t{config.contexts} * config.keys) {}

AttentionScoreNode::Activity AttentionScoreNode::activity() const {
  if (!commands_.valid()) return kIdle;
  const AttentionCommand& command = commands_.front();
  if (!queries_.full() || command.block_count() == 0) return kQueries;
  if (!key_.valid() || (command.key_group != 0 && !key_scale_.valid())) return kKeys;
  if (last_chunk() && !scores_.has_slot()) return kDownstream;
  return kBusy;
}

void AttentionScoreNode::evaluate() {
  if (activity() == kBusy) return fire();
  // The null cycle of a command without blocks.
  if (commands_.valid() && commands_.front().block_count() == 0 && queries_.full()) end_command();
}

bool AttentionScoreNode::last_of_group() const {
  const std::uint32_t group = commands_.front().key_group;
  return last_chunk() || (group != 0 && (chunk_ + 1) % group == 0);
}

/// A beat stays at the front for all contexts, so it is taken apart once.
void AttentionScoreNode::load_operands() {
  const AttentionCommand& command = commands_.front();
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    AttentionScale scale{command.multiplier, 0};
    if (command.key_group != 0) scale = AttentionScale::of_key(key_scale_.front(), i);
    multipliers_[i] = scale.factor;
    for (std::uint32_t e = 0; e < config_.dims; ++e) {
      const std::uint32_t element = i * config_.dims + e;
      operands_[element] = attention_kv(config_, key_.front(), element, command.key_group != 0 ? &scale : nullptr);
    }
  }
}

void AttentionScoreNode::fire() {
  if (context_ == 0) load_operands();
  accumulate();
  if (last_chunk()) finish();
  if (last_context()) {
    if (commands_.front().key_group != 0 && last_of_group()) key_scale_.pop();
    key_.pop();
  }

  if (++context_ < commands_.front().contexts) return;
  context_ = 0;
  if (++chunk_ < commands_.front().key_chunks) return;
  chunk_ = 0;
  if (++block_ < commands_.front().block_count()) return;
  block_ = 0;
  end_command();
}

void AttentionScoreNode::accumulate() {
  const std::int64_t* query = queries_.operands(context_, chunk_);
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    const std::int64_t* key = &operands_[std::size_t{i} * config_.dims];
    WideInt sum = 0;
    for (std::uint32_t e = 0; e < config_.dims; ++e) sum += WideInt{query[e]} * key[e];
    const std::size_t at = std::size_t{context_} * config_.keys + i;
    if (chunk_ == 0) totals_[at] = groups_[at] = 0;
    groups_[at] += sum;
    if (last_of_group()) totals_[at] += std::exchange(groups_[at], 0) * multipliers_[i];
  }
}

void AttentionScoreNode::finish() {
  const AttentionCommand& command = commands_.front();
  const std::uint64_t first = std::uint64_t{command.block_at(block_)} * config_.keys;
  AttentionScores item;
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    item.score.push_back(score_log2(totals_[std::size_t{context_} * config_.keys + i], command.shift));
    item.visible.push_back(queries_.row(context_).sees(first + i) ? 1 : 0);
  }
  scores_.push(std::move(item));
}

void AttentionScoreNode::end_command() {
  if (commands_.front().close) queries_.release();
  commands_.pop();
}

}  // namespace lutetia
