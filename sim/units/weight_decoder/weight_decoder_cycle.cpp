#include "units/weight_decoder/weight_decoder_cycle.h"

#include <utility>

#include "numeric/weight_planes.h"
#include "units/weight_decoder/weight_decoder_beats.h"

namespace lutetia {

WeightDecoderCycle::WeightDecoderCycle(const WeightDecoderConfig& config)
    : config_(config),
      inputs_(input_ports(config)),
      outputs_(output_ports(config)),
      buffers_(config.blocks, std::vector<Lane>(config.lanes)) {
  group_.planes.resize(WeightDecoderConfig::kPlanes);
}

const std::vector<std::string>& WeightDecoderCycle::names() {
  static const std::vector<std::string> names = {"busy", "no_command", "codes", "fill", "output"};
  return names;
}

std::vector<StreamPort> WeightDecoderCycle::input_ports(const WeightDecoderConfig& config) {
  return {{"cmd", WeightDecoderBeats::bits(config, WeightDecoderPort::kCommand)},
          {"code", WeightDecoderBeats::bits(config, WeightDecoderPort::kCode)}};
}

std::vector<StreamPort> WeightDecoderCycle::output_ports(const WeightDecoderConfig& config) {
  return {{"weight", config.weight_beat_bits()}};
}

void WeightDecoderCycle::push(std::uint32_t input, const Payload& payload) {
  if (input == WeightDecoderPort::kCommand)
    new_commands_.push_back(WeightDecoderCommand::decode(payload));
  else
    new_codes_.push_back(payload);
}

Activity WeightDecoderCycle::activity() const {
  if (group_.full) return planes_.size() < WeightDecoderConfig::kStreamDepth ? kBusy : kOutput;
  if (commands_.empty()) return kNoCommand;
  return can_gather(true) ? kFill : kCodes;
}

// Every part decides from the registers as they stand: `emit` runs first, as nothing that it reads is changed by others
// before, and tells `gather` whether the group register is free at the end of the cycle.
void WeightDecoderCycle::clock() {
  const bool emits = activity() == kBusy;
  if (std::exchange(popped_, false)) planes_.pop_front();
  if (emits) emit();
  if (can_gather(!group_.full)) gather();
  for (; !new_commands_.empty(); new_commands_.pop_front()) commands_.push_back(new_commands_.front());
  for (; !new_codes_.empty(); new_codes_.pop_front()) codes_.push_back(std::move(new_codes_.front()));
}

void WeightDecoderCycle::emit() {
  planes_.push_back(std::move(group_.planes[group_.plane]));
  if (++group_.plane < WeightDecoderConfig::kPlanes) return;
  group_.plane = 0;
  group_.full = false;
}

bool WeightDecoderCycle::can_gather(bool group_free) const {
  if (commands_.empty() || (needs_code() && codes_.empty())) return false;
  const std::uint32_t then = buffered() + (needs_code() ? config_.code_weights() : 0);
  return then < WeightDecoderConfig::kGroupLength || group_free;
}

/// One step: takes a code if the buffer needs one, loads the group register if that is enough.
void WeightDecoderCycle::gather() {
  if (needs_code()) take_code();
  if (needs_code()) return;
  load_group();
  next_block();
}

void WeightDecoderCycle::take_code() {
  const std::uint32_t bits = config_.code_bits();
  for (std::uint32_t lane = 0; lane < config_.lanes; ++lane) {
    const auto code = static_cast<std::uint32_t>(codes_.front().get(lane * bits, bits));
    const DecodedTernary decoded = decode_ternary(config_.ternary_code(), code);
    for (std::uint32_t t = 0; t < config_.code_weights(); ++t) buffer()[lane].push_back(decoded.weights[t]);
    if (decoded.legal) continue;
    ++illegal_codes_;
    illegal_seen_ = true;
  }
  codes_.pop_front();
}

void WeightDecoderCycle::load_group() {
  for (std::uint32_t p = 0; p < WeightDecoderConfig::kPlanes; ++p) {
    Payload plane(config_.weight_beat_bits());
    for (std::uint32_t lane = 0; lane < config_.lanes; ++lane) {
      std::uint32_t bits = 0;
      for (std::uint32_t k = 0; k < WeightDecoderConfig::kGroupLength; ++k)
        bits |= (ternary_weight_code(buffer()[lane][k]) >> p & 1u) << k;
      plane.set(lane * WeightDecoderConfig::kGroupLength, WeightDecoderConfig::kGroupLength, fold(bits));
    }
    plane.set(config_.illegal_bit(), 1, illegal_seen_);
    group_.planes[p] = std::move(plane);
  }
  for (Lane& lane : buffer()) lane.erase(lane.begin(), lane.begin() + WeightDecoderConfig::kGroupLength);
  group_.full = true;
}

/// Steps block, K group, row block; at the end of K what is left over belongs to nothing.
void WeightDecoderCycle::next_block() {
  const WeightDecoderCommand& command = commands_.front();
  if (++block_ < command.n_blocks) return;
  block_ = 0;
  if (++k_group_ < command.k_groups) return;
  k_group_ = 0;
  for (std::vector<Lane>& block : buffers_)
    for (Lane& lane : block) lane.clear();
  if (++row_block_ < command.row_blocks) return;
  row_block_ = 0;
  illegal_seen_ = false;
  commands_.pop_front();
}

}  // namespace lutetia
