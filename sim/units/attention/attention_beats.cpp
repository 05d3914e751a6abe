#include "units/attention/attention_beats.h"

namespace lutetia {

std::uint64_t attention_beats(const AttentionCommand& c, std::uint32_t input) {
  const std::uint64_t blocks = c.block_count();
  switch (input) {
    case AttentionPort::kCommand: return 1;
    case AttentionPort::kRow: return c.open ? c.contexts : 0;
    case AttentionPort::kQuery: return c.open ? std::uint64_t{c.contexts} * c.key_chunks : 0;
    case AttentionPort::kKey: return blocks * c.key_chunks;
    case AttentionPort::kKeyScale: return blocks * AttentionCommand::groups(c.key_chunks, c.key_group);
    case AttentionPort::kMask: return c.masked ? blocks * c.contexts : 0;
    case AttentionPort::kState: return std::uint64_t{c.states} * c.contexts;
    case AttentionPort::kPartial: return std::uint64_t{c.states} * c.contexts * c.value_chunks;
    case AttentionPort::kValue: return blocks * c.value_chunks;
    case AttentionPort::kValueScale: return blocks * AttentionCommand::groups(c.value_chunks, c.value_group);
    default: return 0;
  }
}

std::uint64_t attention_output_beats(const AttentionCommand& c) {
  return c.close ? std::uint64_t{c.contexts} * (c.value_chunks + (c.partial ? 1 : 0)) : 0;
}

/// To the next command that has a beat for this stream.
void AttentionBeatReader::skip_empty() {
  for (; index_ < commands_->size(); ++index_, beat_ = 0) {
    command_ = commands_->command(index_);
    if (beat_ < attention_beats(command_, input_)) return;
  }
}

Payload AttentionBeatReader::beat(const AttentionOperands& operands) const {
  switch (input_) {
    case AttentionPort::kCommand: return command_.encode();
    case AttentionPort::kRow: return commands_->row(index_, static_cast<std::uint32_t>(beat_)).encode();
    case AttentionPort::kQuery: return query_beat(operands);
    case AttentionPort::kKey:
    case AttentionPort::kValue: return cache_beat(operands);
    default: return scale_beat(operands);
  }
}

Payload AttentionBeatReader::query_beat(const AttentionOperands& operands) const {
  const std::uint32_t bits = config_->query_bits();
  Payload beat(config_->dims * bits);
  const auto c = static_cast<std::uint32_t>(beat_ / command_.key_chunks);
  const auto first = static_cast<std::uint32_t>(beat_ % command_.key_chunks) * config_->dims;
  const AttentionTileCommands::Context context = commands_->context(index_, c);
  for (std::uint32_t e = 0; e < config_->dims && first + e < commands_->tile().k; ++e)
    beat.set(e * bits, bits, operands.query(commands_->pass(index_), context.token, context.head, first + e));
  return beat;
}

Payload AttentionBeatReader::cache_beat(const AttentionOperands& operands) const {
  const bool keys = input_ == AttentionPort::kKey;
  const std::uint32_t chunks = keys ? command_.key_chunks : command_.value_chunks;
  const std::uint32_t dims = keys ? commands_->tile().k : commands_->tile().attention.value_dims;
  const std::uint32_t bits = config_->kv_element_bits(), pass = commands_->pass(index_);
  const std::uint32_t key0 = command_.block_at(beat_ / chunks) * config_->keys;
  const auto first = static_cast<std::uint32_t>(beat_ % chunks) * config_->dims;
  Payload beat(config_->keys * config_->dims * bits);
  for (std::uint32_t i = 0; i < config_->keys && key0 + i < commands_->tile().attention.keys; ++i)
    for (std::uint32_t e = 0; e < config_->dims && first + e < dims; ++e)
      beat.set((i * config_->dims + e) * bits, bits,
               keys ? operands.key(pass, key0 + i, first + e) : operands.value(pass, key0 + i, first + e));
  return beat;
}

Payload AttentionBeatReader::scale_beat(const AttentionOperands& operands) const {
  const bool keys = input_ == AttentionPort::kKeyScale;
  const std::uint32_t groups = keys ? AttentionCommand::groups(command_.key_chunks, command_.key_group)
                                    : AttentionCommand::groups(command_.value_chunks, command_.value_group);
  const std::uint32_t width = keys ? AttentionPort::kKeyScaleBits : AttentionPort::kValueScaleBits;
  const std::uint32_t key0 = command_.block_at(beat_ / groups) * config_->keys, pass = commands_->pass(index_);
  Payload beat(config_->keys * width);
  for (std::uint32_t i = 0; i < config_->keys && key0 + i < commands_->tile().attention.keys; ++i) {
    const AttentionScale scale = keys ? operands.key_scale(pass, key0 + i) : operands.value_scale(pass, key0 + i);
    beat.set(i * width, width - 8, scale.factor);
    beat.set(i * width + width - 8, 8, scale.zero);
  }
  return beat;
}

}  // namespace lutetia
