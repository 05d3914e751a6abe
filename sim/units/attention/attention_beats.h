// The operands of a kAttention tile as beats of the unit's input streams, in the order of README.md, read one after the
// other as the readers of a machine do.
#pragma once
#include <cstdint>

#include "kernel/payload.h"
#include "units/attention/attention_tile.h"
#include "units/attention/attention_words.h"

namespace lutetia {

/// Codes of one operator's operands, as they lie in memory. Asked only for elements that exist.
class AttentionOperands {
 public:
  virtual ~AttentionOperands() = default;
  virtual std::uint32_t query(std::uint32_t pass, std::uint32_t token, std::uint32_t head, std::uint32_t e) const = 0;
  virtual std::uint32_t key(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const = 0;
  virtual std::uint32_t value(std::uint32_t pass, std::uint32_t key, std::uint32_t e) const = 0;
  virtual AttentionScale key_scale(std::uint32_t pass, std::uint32_t key) const = 0;
  virtual AttentionScale value_scale(std::uint32_t pass, std::uint32_t key) const = 0;
};

/// Beats of an input stream that a command needs.
std::uint64_t attention_beats(const AttentionCommand& command, std::uint32_t input);
std::uint64_t attention_output_beats(const AttentionCommand& command);

/// One stream of one tile: operands of machines, which have neither masks nor, except for partial results that the unit
/// itself left in a buffer, states.
class AttentionBeatReader {
 public:
  AttentionBeatReader() = default;
  AttentionBeatReader(const AttentionConfig& config, const AttentionTileCommands& commands, std::uint32_t input)
      : config_(&config), commands_(&commands), input_(input) {
    skip_empty();
  }
  bool done() const { return commands_ == nullptr || index_ == commands_->size(); }
  Payload beat(const AttentionOperands& operands) const;
  /// Command of the next beat, and its number there.
  std::uint64_t index() const { return index_; }
  std::uint64_t number() const { return beat_; }
  const AttentionCommand& command() const { return command_; }
  void advance() {
    ++beat_;
    skip_empty();
  }

 private:
  void skip_empty();
  Payload query_beat(const AttentionOperands& operands) const;
  Payload cache_beat(const AttentionOperands& operands) const;
  Payload scale_beat(const AttentionOperands& operands) const;

  const AttentionConfig* config_ = nullptr;
  const AttentionTileCommands* commands_ = nullptr;
  std::uint32_t input_ = 0;
  std::uint64_t index_ = 0, beat_ = 0;
  AttentionCommand command_;
};

}  // namespace lutetia
