// The weight decoder between a weight reader and the matrix core: packed codes in, planes out, one tile after the
// other. Wraps the decoder's cycle body or its RTL.
#pragma once
#include <memory>

#include "kernel/stream_unit.h"
#include "units/matrix_core/matrix_core_weight_source.h"
#include "units/weight_decoder/weight_decoder_beats.h"

namespace lutetia {

class DecodedWeights final : public MatrixCoreWeightSource {
 public:
  /// `rows` of the core: a row block.
  DecodedWeights(const WeightDecoderConfig& config, std::uint32_t rows, std::unique_ptr<StreamUnit> decoder)
      : config_(config), rows_(rows), decoder_(std::move(decoder)) {}

  void start(const MatrixCoreCommand& command, const MatrixCoreOperands& operands) override;
  bool valid() const override { return decoder_->valid(0); }
  Payload front() const override;
  void pop() override { decoder_->pop(0); }
  void clock() override;

 private:
  /// Ternary weights of a tile from the codes q = w + 1 of its operands.
  struct Ternary final : WeightDecoderOperands {
    explicit Ternary(const MatrixCoreOperands& tile) : operands(tile) {}
    std::int32_t weight(std::uint32_t n, std::uint32_t k) const override {
      return static_cast<std::int32_t>(operands.weight_code(n, k)) - 1;
    }
    const MatrixCoreOperands& operands;
  };

  WeightDecoderConfig config_;
  std::uint32_t rows_;
  std::unique_ptr<StreamUnit> decoder_;
  std::unique_ptr<Ternary> weights_;
  std::unique_ptr<WeightDecoderBeats> beats_;
  bool feeding_ = false;  ///< false in the cycle of start()
  bool command_sent_ = false;
  std::uint64_t next_code_ = 0;
};

}  // namespace lutetia
