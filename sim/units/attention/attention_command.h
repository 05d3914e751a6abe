// The words on the cmd, row and state ports of the attention unit; README.md says what they mean.
#pragma once
#include <cstdint>

#include "kernel/payload.h"
#include "numeric/attention_arithmetic.h"

namespace lutetia {

struct AttentionCommand {
  std::uint32_t contexts = 1;
  std::uint32_t key_chunks = 1, value_chunks = 1;
  std::uint32_t sink_blocks = 0, from_block = 0, blocks = 0;
  std::uint32_t states = 0;
  std::uint32_t key_group = 0, value_group = 0;  ///< chunks per scale; 0 = none
  bool masked = false, partial = false, open = true, close = true;
  std::uint32_t shift = 24;
  std::uint32_t multiplier = 0;

  static constexpr std::uint32_t kBits = 163;

  std::uint64_t block_count() const { return std::uint64_t{sink_blocks} + blocks; }
  /// Number of the block that comes at position `b`.
  std::uint32_t block_at(std::uint64_t b) const {
    return static_cast<std::uint32_t>(b < sink_blocks ? b : from_block + (b - sink_blocks));
  }
  /// Items of a context: states, then blocks.
  std::uint64_t items() const { return states + block_count(); }
  static std::uint32_t groups(std::uint32_t chunks, std::uint32_t group) {
    return group == 0 ? 0 : (chunks + group - 1) / group;
  }

  Payload encode() const {
    Payload p(kBits);
    p.set(0, 8, contexts);
    p.set(8, 8, key_chunks);
    p.set(16, 8, value_chunks);
    p.set(24, 24, sink_blocks);
    p.set(48, 24, from_block);
    p.set(72, 24, blocks);
    p.set(96, 8, states);
    p.set(104, 8, key_group);
    p.set(112, 8, value_group);
    p.set(120, 1, masked);
    p.set(121, 1, partial);
    p.set(122, 1, open);
    p.set(123, 1, close);
    p.set(124, 7, shift);
    p.set(131, 32, multiplier);
    return p;
  }
  static AttentionCommand decode(const Payload& p) {
    const auto field = [&p](std::uint32_t at, std::uint32_t width) {
      return static_cast<std::uint32_t>(p.get(at, width));
    };
    AttentionCommand c;
    c.contexts = field(0, 8);
    c.key_chunks = field(8, 8);
    c.value_chunks = field(16, 8);
    c.sink_blocks = field(24, 24);
    c.from_block = field(48, 24);
    c.blocks = field(72, 24);
    c.states = field(96, 8);
    c.key_group = field(104, 8);
    c.value_group = field(112, 8);
    c.masked = field(120, 1) != 0;
    c.partial = field(121, 1) != 0;
    c.open = field(122, 1) != 0;
    c.close = field(123, 1) != 0;
    c.shift = field(124, 7);
    c.multiplier = field(131, 32);
    return c;
  }
};

/// Which keys a context may see.
struct AttentionRow {
  std::uint32_t from = 0, to = 0, sink = 0;
  static constexpr std::uint32_t kBits = 72;

  bool sees(std::uint64_t key) const { return key < to && (key >= from || key < sink); }
  Payload encode() const {
    Payload p(kBits);
    p.set(0, 24, from);
    p.set(24, 24, to);
    p.set(48, 24, sink);
    return p;
  }
  static AttentionRow decode(const Payload& p) {
    return {static_cast<std::uint32_t>(p.get(0, 24)), static_cast<std::uint32_t>(p.get(24, 24)),
            static_cast<std::uint32_t>(p.get(48, 24))};
  }
};

/// Head of a partial result; its accumulators are beats of their own.
struct AttentionState {
  std::uint64_t sum = 0;
  std::int32_t maximum = 0;  ///< means nothing if the sum is 0
  static constexpr std::uint32_t kMaximumBits = 12, kBits = kRowSumBits + kMaximumBits;

  void encode(Payload& p) const {
    p.set(0, kRowSumBits, sum);
    p.set(kRowSumBits, kMaximumBits, static_cast<std::uint64_t>(maximum));
  }
  static AttentionState decode(const Payload& p) {
    return {p.get(0, kRowSumBits), static_cast<std::int32_t>(p.get_signed(kRowSumBits, kMaximumBits))};
  }
};

}  // namespace lutetia
