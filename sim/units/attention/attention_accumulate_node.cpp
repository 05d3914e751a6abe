#include "units/attention/attention_accumulate_node.h"

#include <utility>

namespace lutetia {
namespace {

/// Two's complement of `bits` bits: what a register would hold. Sums of legal passes never wrap; others wrap here as
/// they do in the RTL.
WideInt wrapped(WideInt value, std::uint32_t bits) {
  const WideInt span = WideInt{1} << bits, low = value & (span - 1);
  return (low & (span >> 1)) != 0 ? low - span : low;
}

}  // namespace

AttentionAccumulateNode::AttentionAccumulateNode(const AttentionConfig& config, AttentionWeightFifo& weights,
                                                 AttentionStreamFifo& partial, AttentionStreamFifo& value,
                                                 AttentionStreamFifo& value_scale)
    : config_(config),
      commands_("accumulate_cmd", AttentionConfig::kStreamDepth),
      weights_(weights),
      partial_(partial),
      value_(value),
      value_scale_(value_scale),
      held_(config.contexts),
      operands_(std::size_t{config.keys} * config.dims),
      fractions_(config.keys) {
  for (AttentionBank& bank : banks_) {
    bank.sum.resize(config.contexts);
    bank.maximum.resize(config.contexts);
    bank.accumulator.resize(std::size_t{config.contexts} * config.max_chunks * config.dims);
  }
}

bool AttentionAccumulateNode::can_fire() const {
  if (!commands_.valid() || banks_[place_.bank].taken) return false;
  if (fired_ && last_ == place_) return false;
  if (place_.chunk == 0 && !weights_.valid()) return false;
  if (item_ < commands_.front().states) return partial_.valid();
  return value_.valid() && (commands_.front().value_group == 0 || value_scale_.valid());
}

bool AttentionAccumulateNode::last_of_group() const {
  const std::uint32_t group = commands_.front().value_group;
  return place_.chunk + 1 == commands_.front().value_chunks || (place_.chunk + 1) % group == 0;
}

void AttentionAccumulateNode::evaluate() {
  firing_ = can_fire();
  if (!firing_) return;
  last_ = place_;
  if (place_.chunk == 0) {
    held_[place_.context] = weights_.take();
    add_row_sum();
  }
  if (item_ < commands_.front().states)
    add_state();
  else
    add_values();
  step();
}

void AttentionAccumulateNode::add_row_sum() {
  const AttentionWeights& item = held_[place_.context];
  AttentionBank& bank = banks_[place_.bank];
  const bool replaces = commands_.front().open && item_ == 0;
  WideInt sum = replaces ? 0 : rescale(WideInt{bank.sum[place_.context]}, item.distance, kRowSumBits);
  if (item.state) sum += rescale(WideInt{item.state_sum}, item.state_distance, kRowSumBits);
  for (const std::uint32_t weight : item.weight) sum += weight;
  bank.sum[place_.context] = static_cast<std::uint64_t>(sum & ((WideInt{1} << kRowSumBits) - 1));
  bank.maximum[place_.context] = item.maximum;
}

void AttentionAccumulateNode::add_state() {
  const AttentionWeights& item = held_[place_.context];
  WideInt* sums = &banks_[place_.bank].accumulator[offset(place_.context, place_.chunk)];
  const bool replaces = commands_.front().open && item_ == 0;
  const std::uint32_t bits = config_.accumulator_bits();
  for (std::uint32_t e = 0; e < config_.dims; ++e) {
    WideInt sum = replaces ? 0 : rescale(sums[e], item.distance, bits);
    if (item.state_sum != 0)
      sum += rescale(attention_accumulator(config_, partial_.front(), e), item.state_distance, bits);
    sums[e] = wrapped(sum, bits);
  }
  partial_.pop();
}

/// A beat stays at the front for all contexts, so it is taken apart once.
void AttentionAccumulateNode::load_operands() {
  const bool scaled = commands_.front().value_group != 0;
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    AttentionScale scale;
    if (scaled) scale = AttentionScale::of_value(value_scale_.front(), i);
    fractions_[i] = scale.factor;
    for (std::uint32_t e = 0; e < config_.dims; ++e) {
      const std::uint32_t element = i * config_.dims + e;
      operands_[element] = attention_kv(config_, value_.front(), element, scaled ? &scale : nullptr);
    }
  }
}

void AttentionAccumulateNode::add_values() {
  const AttentionCommand& command = commands_.front();
  if (place_.context == 0) load_operands();
  const AttentionWeights& item = held_[place_.context];
  WideInt* sums = &banks_[place_.bank].accumulator[offset(place_.context, place_.chunk)];
  const bool replaces = command.open && item_ == 0;
  const std::uint32_t bits = config_.accumulator_bits();
  for (std::uint32_t e = 0; e < config_.dims; ++e) sums[e] = replaces ? 0 : rescale(sums[e], item.distance, bits);
  for (std::uint32_t i = 0; i < config_.keys; ++i) {
    const std::uint32_t p = item.weight[i];
    const std::int64_t weight = command.value_group != 0 ? scale_weight(p, fractions_[i]) : p;
    if (weight == 0) continue;
    const std::int64_t* value = &operands_[std::size_t{i} * config_.dims];
    for (std::uint32_t e = 0; e < config_.dims; ++e) sums[e] += WideInt{weight} * value[e];
  }
  for (std::uint32_t e = 0; e < config_.dims; ++e) sums[e] = wrapped(sums[e], bits);
  if (place_.context + 1 < command.contexts) return;
  if (command.value_group != 0 && last_of_group()) value_scale_.pop();
  value_.pop();
}

void AttentionAccumulateNode::step() {
  const AttentionCommand& command = commands_.front();
  if (++place_.context < command.contexts) return;
  place_.context = 0;
  if (++place_.chunk < command.value_chunks) return;
  place_.chunk = 0;
  if (++item_ < command.items()) return;
  item_ = 0;
  filled_ = command.close;
  commands_.pop();
}

void AttentionAccumulateNode::settle() {
  if (std::exchange(filled_, false)) {
    banks_[place_.bank].taken = true;
    banks_[place_.bank].ready_from = now_ + AttentionConfig::kAccumulateLatency;
    place_.bank ^= 1u;
  }
  if (std::exchange(released_, false)) {
    banks_[read_].taken = false;
    read_ ^= 1u;
  }
  fired_ = firing_;
  commands_.clock();
  ++now_;
}

}  // namespace lutetia
