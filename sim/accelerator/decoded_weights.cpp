#include "accelerator/decoded_weights.h"

namespace lutetia {

void DecodedWeights::start(const MatrixCoreCommand& command, const MatrixCoreOperands& operands) {
  weights_ = std::make_unique<Ternary>(operands);
  WeightDecoderCommand decode;
  decode.row_blocks = (command.rows + rows_ - 1) / rows_;
  decode.k_groups = command.k_groups;
  decode.n_blocks = command.n_blocks;
  beats_ = std::make_unique<WeightDecoderBeats>(config_, decode, *weights_);
  feeding_ = command_sent_ = false;
  next_code_ = 0;
}

Payload DecodedWeights::front() const {
  const Payload& beat = decoder_->front(0);  // the flag of illegal codes lies on top
  constexpr std::uint32_t kStep = WeightDecoderConfig::kGroupLength;
  Payload planes(config_.lanes * kStep);
  for (std::uint32_t lane = 0; lane < config_.lanes; ++lane)
    planes.set(lane * kStep, kStep, beat.get(lane * kStep, kStep));
  return planes;
}

void DecodedWeights::clock() {
  if (feeding_ && !command_sent_ && decoder_->ready(WeightDecoderPort::kCommand)) {
    decoder_->push(WeightDecoderPort::kCommand, beats_->beat(WeightDecoderPort::kCommand, 0));
    command_sent_ = true;
  }
  if (feeding_ && next_code_ < beats_->beats(WeightDecoderPort::kCode) && decoder_->ready(WeightDecoderPort::kCode))
    decoder_->push(WeightDecoderPort::kCode, beats_->beat(WeightDecoderPort::kCode, next_code_++));
  feeding_ = beats_ != nullptr;
  decoder_->clock();
}

}  // namespace lutetia
