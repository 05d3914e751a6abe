#include "units/lut_core/lut_core_beats.h"

#include "numeric/weight_planes.h"

namespace lutetia {

std::uint32_t LutCoreBeats::bits(const LutCoreConfig& config, std::uint32_t input) {
  switch (input) {
    case LutCorePort::kCommand: return LutCoreCommand::kBits;
    case LutCorePort::kActivation: return config.rows * LutCoreConfig::kGroupLength * config.activation_bits;
    case LutCorePort::kWeight: return config.lanes * LutCoreConfig::kGroupLength;
    case LutCorePort::kScale: return config.epilogue_lanes * 40;
    case LutCorePort::kFill: return config.epilogue_lanes * 32;
    default: return 0;
  }
}

std::uint64_t LutCoreBeats::beats(std::uint32_t input) const {
  switch (input) {
    case LutCorePort::kCommand: return 1;
    case LutCorePort::kActivation: return command_.activation_beats(config_);
    case LutCorePort::kWeight: return command_.fires(config_);
    case LutCorePort::kScale: return command_.scale_beats(config_);
    case LutCorePort::kFill: return command_.fill ? command_.output_beats(config_) : 0;
    default: return 0;
  }
}

Payload LutCoreBeats::beat(std::uint32_t input, std::uint64_t index) const {
  switch (input) {
    case LutCorePort::kActivation: return activation_beat(index);
    case LutCorePort::kWeight: return weight_beat(index);
    case LutCorePort::kScale: return scale_beat(index);
    case LutCorePort::kFill: return fill_beat(index);
    default: return command_.encode();
  }
}

Payload LutCoreBeats::activation_beat(std::uint64_t index) const {
  const std::uint32_t block = static_cast<std::uint32_t>(index / command_.k_groups);
  const std::uint32_t k0 = static_cast<std::uint32_t>(index % command_.k_groups) * LutCoreConfig::kGroupLength;
  const std::uint32_t width = config_.activation_bits;
  Payload p(bits(config_, LutCorePort::kActivation));
  for (std::uint32_t m = 0; m < command_.rows_in_block(config_, block); ++m)
    for (std::uint32_t k = 0; k < LutCoreConfig::kGroupLength; ++k)
      p.set((m * LutCoreConfig::kGroupLength + k) * width, width,
            static_cast<std::uint64_t>(operands_.activation(block * config_.rows + m, k0 + k)));
  return p;
}

Payload LutCoreBeats::weight_beat(std::uint64_t index) const {
  const std::uint32_t plane = static_cast<std::uint32_t>(index % command_.planes);
  const std::uint64_t step = index / command_.planes;
  const std::uint32_t n0 = static_cast<std::uint32_t>(step % command_.n_blocks) * config_.lanes;
  const std::uint32_t k0 =
      static_cast<std::uint32_t>(step / command_.n_blocks % command_.k_groups) * LutCoreConfig::kGroupLength;
  Payload p(bits(config_, LutCorePort::kWeight));
  for (std::uint32_t n = 0; n < config_.lanes; ++n) {
    std::uint32_t plane_bits = 0;
    for (std::uint32_t k = 0; k < LutCoreConfig::kGroupLength; ++k)
      plane_bits |= ((operands_.weight_code(n0 + n, k0 + k) >> plane) & 1u) << k;
    p.set(n * LutCoreConfig::kGroupLength, LutCoreConfig::kGroupLength, fold(plane_bits));
  }
  return p;
}

Payload LutCoreBeats::scale_beat(std::uint64_t index) const {
  const std::uint32_t chunk = static_cast<std::uint32_t>(index % config_.chunks());
  const std::uint64_t step = index / config_.chunks();
  const std::uint32_t block = static_cast<std::uint32_t>(step % command_.n_blocks);
  const std::uint32_t group = static_cast<std::uint32_t>(step / command_.n_blocks % command_.scale_groups());
  const std::uint32_t n0 = block * config_.lanes + chunk * config_.epilogue_lanes;
  Payload p(bits(config_, LutCorePort::kScale));
  for (std::uint32_t e = 0; e < config_.epilogue_lanes; ++e) {
    p.set(e * 40, 32, operands_.scale(n0 + e, group));
    p.set(e * 40 + 32, 8, static_cast<std::uint64_t>(operands_.zero(n0 + e, group)));
  }
  return p;
}

Payload LutCoreBeats::fill_beat(std::uint64_t index) const {
  const OutputPlace place = output_place(config_, command_, index);
  Payload p(bits(config_, LutCorePort::kFill));
  for (std::uint32_t e = 0; e < config_.epilogue_lanes; ++e)
    p.set(e * 32, 32, operands_.fill(place.row, place.lane + e));
  return p;
}

LutCoreBeats::OutputPlace LutCoreBeats::output_place(const LutCoreConfig& config, const LutCoreCommand& command,
                                                     std::uint64_t index) {
  const std::uint64_t per_row = std::uint64_t{command.n_blocks} * config.chunks();
  const std::uint64_t block = index / (per_row * config.rows);  // every block but the last holds config.rows rows
  const std::uint32_t rows = command.rows_in_block(config, static_cast<std::uint32_t>(block));
  const std::uint64_t inside = index - block * per_row * config.rows;
  return {static_cast<std::uint32_t>(block * config.rows + inside % rows),
          static_cast<std::uint32_t>(inside / rows) * config.epilogue_lanes};
}

}  // namespace lutetia
