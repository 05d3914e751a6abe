#include "units/weight_decoder/weight_decoder_beats.h"

namespace lutetia {

WeightDecoderBeats::CodePlace WeightDecoderBeats::code_place(const WeightDecoderConfig& config,
                                                             const WeightDecoderCommand& command, std::uint64_t index) {
  const std::uint64_t per_row_block = command.n_blocks * config.codes(command.k_groups);
  CodePlace place;
  place.row_block = static_cast<std::uint32_t>(index / per_row_block);
  const std::uint64_t inside = index % per_row_block;
  // Whole periods first, each with the same number of codes; then K group by K group, whose codes all blocks take in
  // turn.
  std::uint64_t j = inside / (command.n_blocks * config.codes(config.period())) * config.period();
  while (command.n_blocks * config.codes(j + 1) <= inside) ++j;
  const std::uint64_t first = config.codes(j), of_group = config.codes(j + 1) - first;
  const std::uint64_t rest = inside - command.n_blocks * first;
  place.block = static_cast<std::uint32_t>(rest / of_group);
  place.code = first + rest % of_group;
  return place;
}

Payload WeightDecoderBeats::beat(std::uint32_t input, std::uint64_t index) const {
  if (input == WeightDecoderPort::kCommand) return command_.encode();
  const CodePlace place = code_place(config_, command_, index);
  const std::uint32_t bits = config_.code_bits(), weights = config_.code_weights();
  const std::uint32_t n0 = place.block * config_.lanes;
  const auto k0 = static_cast<std::uint32_t>(place.code * weights);
  Payload p(config_.code_beat_bits());
  for (std::uint32_t lane = 0; lane < config_.lanes; ++lane) {
    TernaryWeights w{};
    for (std::uint32_t t = 0; t < weights; ++t) w[t] = operands_.weight(n0 + lane, k0 + t);
    p.set(lane * bits, bits, encode_ternary(config_.ternary_code(), w));
  }
  return p;
}

}  // namespace lutetia
