// Packs ternary weights into the beats of the decoder's input streams, in the order of README.md. Used wherever values
// flow: a reader of the machine, the co-simulation stimulus, the tests.
#pragma once
#include <cstdint>

#include "units/weight_decoder/weight_decoder_command.h"

namespace lutetia {

/// Weights of one tile; n and k count from the tile's corner.
class WeightDecoderOperands {
 public:
  virtual ~WeightDecoderOperands() = default;
  /// -1, 0 or 1. Asked for every lane of every block, and for k up to the last weight of the last code: what lies
  /// outside the real matrix must be 0.
  virtual std::int32_t weight(std::uint32_t n, std::uint32_t k) const = 0;
};

class WeightDecoderBeats {
 public:
  WeightDecoderBeats(const WeightDecoderConfig& config, const WeightDecoderCommand& command,
                     const WeightDecoderOperands& operands)
      : config_(config), command_(command), operands_(operands) {}

  /// Beat number `index` of an input stream of this command.
  Payload beat(std::uint32_t input, std::uint64_t index) const;
  std::uint64_t beats(std::uint32_t input) const {
    return input == WeightDecoderPort::kCommand ? 1 : command_.code_beats(config_);
  }
  static std::uint32_t bits(const WeightDecoderConfig& config, std::uint32_t input) {
    return input == WeightDecoderPort::kCommand ? WeightDecoderCommand::kBits : config.code_beat_bits();
  }

  /// Which code of which block a code beat holds.
  struct CodePlace {
    std::uint32_t row_block = 0;
    std::uint32_t block = 0;
    std::uint64_t code = 0;  ///< of the block; its first weight is number code * code_weights of a lane's row
  };
  static CodePlace code_place(const WeightDecoderConfig& config, const WeightDecoderCommand& command,
                              std::uint64_t index);

 private:
  const WeightDecoderConfig& config_;
  WeightDecoderCommand command_;
  const WeightDecoderOperands& operands_;
};

}  // namespace lutetia
