#include "cosim/weight_decoder_bench.h"

#include "base/quantity.h"
#include "cosim/rtl_config.h"
#include "units/weight_decoder/weight_decoder_beats.h"
#include "units/weight_decoder/weight_decoder_cycle.h"

namespace lutetia {

namespace {

const UnitBenchRegistry::Entry kEntry{"weight_decoder", "random commands, packed weights and codes of any kind",
                                      [](const RtlParameters& parameters, std::uint64_t seed, std::uint64_t transfers) {
                                        return std::make_unique<WeightDecoderBench>(
                                            config_from_rtl<WeightDecoderConfig>(parameters), seed, transfers);
                                      }};

/// The weights of one row block.
struct RowBlock final : WeightDecoderOperands {
  RowBlock(const WeightDecoderTile& t, std::uint32_t i) : tile(t), row_block(i) {}
  std::int32_t weight(std::uint32_t n, std::uint32_t k) const override {
    return tile.weights.at(tile.weight_at(row_block, n, k));
  }
  const WeightDecoderTile& tile;
  std::uint32_t row_block;
};

}  // namespace

WeightDecoderBench::WeightDecoderBench(const WeightDecoderConfig& config, std::uint64_t seed, std::uint64_t transfers)
    : config_(config), random_(seed), meanings_(code_meanings(config.code)), used_(meanings_.size()) {
  for (std::uint32_t code = 0; code < meanings_.size(); ++code)
    (meanings_[code].illegal ? illegal_ : legal_).push_back(code);
  program_.inputs.resize(WeightDecoderPort::kInputs);
  program_.outputs.resize(WeightDecoderPort::kOutputs);
  for (std::uint64_t sum = 0; sum < transfers;) {
    WeightDecoderTile tile = random_tile();
    program_.inputs[WeightDecoderPort::kCommand].push_back(tile.command.encode());
    if (one_in(2))
      append_weights(tile);
    else
      append_codes(tile);
    program_.outputs[WeightDecoderPort::kWeight] += tile.command.weight_beats();
    sum += 1 + tile.command.code_beats(config_) + tile.command.weight_beats();
    tiles_.push_back(std::move(tile));
  }
}

std::unique_ptr<StreamUnit> WeightDecoderBench::make_model() const {
  return std::make_unique<WeightDecoderCycle>(config_);
}

std::string WeightDecoderBench::check(const std::vector<std::vector<Payload>>& outputs) const {
  std::size_t beat = 0;
  for (std::size_t i = 0; i < tiles_.size(); ++i) {
    const std::string mistake = weight_decoder_check(tiles_[i], outputs.at(WeightDecoderPort::kWeight), beat);
    if (!mistake.empty()) return "command " + std::to_string(i) + ": " + mistake;
  }
  return {};
}

WeightDecoderTile WeightDecoderBench::random_tile() {
  // A third of the commands are a few beats long, half of these a single group.
  const bool tiny = one_in(3), least = tiny && one_in(2);
  WeightDecoderTile t;
  t.command.row_blocks = static_cast<std::uint32_t>(least ? 1 : random_.between(1, tiny ? 2 : 4));
  t.command.k_groups = static_cast<std::uint32_t>(least        ? 1
                                                  : tiny       ? random_.between(1, 3)
                                                  : one_in(12) ? random_.between(60, 150)
                                                               : random_.between(1, 24));
  t.command.n_blocks = static_cast<std::uint32_t>(random_.between(1, least ? 1 : config_.blocks));
  t.lanes = config_.lanes;
  t.code_weights = static_cast<std::uint32_t>(meanings_[0].weights.size());
  const auto codes = static_cast<std::uint32_t>(ceil_div(t.command.k_groups * 4, t.code_weights));
  t.depth = codes * t.code_weights;
  t.weights.resize(std::size_t{t.command.row_blocks} * t.outputs() * t.depth);
  t.illegal.resize(std::size_t{t.command.row_blocks} * t.outputs() * codes);
  return t;
}

/// Weights that the packer makes codes of; also what is left over at the end of K is random, though a sender puts
/// zeros.
void WeightDecoderBench::append_weights(WeightDecoderTile& tile) {
  const std::uint64_t kind = random_.below(5);
  for (std::int32_t& w : tile.weights) switch (kind) {
      case 0: w = -1; break;
      case 1: w = 1; break;
      case 2: w = one_in(8) ? static_cast<std::int32_t>(random_.between(-1, 1)) : 0; break;
      default: w = static_cast<std::int32_t>(random_.between(-1, 1));
    }
  for (std::uint32_t i = 0; i < tile.command.row_blocks; ++i) {
    const RowBlock operands(tile, i);
    WeightDecoderCommand one = tile.command;
    one.row_blocks = 1;
    const WeightDecoderBeats beats(config_, one, operands);
    for (std::uint64_t c = 0; c < beats.beats(WeightDecoderPort::kCode); ++c)
      program_.inputs[WeightDecoderPort::kCode].push_back(beats.beat(WeightDecoderPort::kCode, c));
  }
}

/// Codes as they come; row block, K group, block, and as many codes as the four weights of a K group still need.
void WeightDecoderBench::append_codes(WeightDecoderTile& tile) {
  // Half of these commands have a single illegal code, often in a lane at the edge; the others none or many.
  const std::uint64_t rates[] = {0, 2, 2, 40};
  const bool single = one_in(2);
  const std::uint64_t illegal_one_in = single ? 0 : rates[random_.below(std::size(rates))];
  std::uint64_t until_single = single ? random_single(tile.command) : ~std::uint64_t{0};
  const std::uint64_t edges[] = {0, config_.lanes - 1, random_.below(config_.lanes)};
  const std::uint64_t single_lane = edges[random_.below(std::size(edges))];
  const std::uint32_t bits = config_.code_bits();
  for (std::uint32_t i = 0; i < tile.command.row_blocks; ++i) {
    std::vector<std::uint32_t> taken(tile.command.n_blocks, 0);
    for (std::uint32_t j = 0; j < tile.command.k_groups; ++j)
      for (std::uint32_t b = 0; b < tile.command.n_blocks; ++b)
        for (; taken[b] * tile.code_weights < 4 * (j + 1); ++taken[b], --until_single) {
          Payload beat(config_.code_beat_bits());
          for (std::uint32_t lane = 0; lane < config_.lanes; ++lane) {
            const std::uint32_t n = b * config_.lanes + lane;
            const std::uint32_t code = random_code(until_single == 0 && lane == single_lane ? 1 : illegal_one_in);
            beat.set(lane * bits, bits, code);
            tile.illegal[tile.code_at(i, n, taken[b])] = meanings_[code].illegal;
            for (std::uint32_t t = 0; t < tile.code_weights; ++t)
              tile.weights[tile.weight_at(i, n, taken[b] * tile.code_weights + t)] = meanings_[code].weights[t];
          }
          program_.inputs[WeightDecoderPort::kCode].push_back(std::move(beat));
        }
  }
}

/// Beat of a command's only illegal code: often the first of a period, which stands at the front of its FIFO while a
/// group is loaded that needs no code.
std::uint64_t WeightDecoderBench::random_single(const WeightDecoderCommand& command) {
  const std::uint64_t beat = random_.below(command.code_beats(config_));
  if (one_in(2)) return beat;
  const std::uint64_t row_block = command.n_blocks * config_.codes(command.k_groups);
  return beat - beat % row_block % (command.n_blocks * config_.codes(config_.period()));
}

/// 0: none is illegal.
std::uint32_t WeightDecoderBench::random_code(std::uint64_t illegal_one_in) {
  const std::vector<std::uint32_t>& from = illegal_one_in != 0 && one_in(illegal_one_in) ? illegal_ : legal_;
  const std::uint32_t code = from[random_.below(from.size())];
  ++used_[code];
  return code;
}

}  // namespace lutetia
