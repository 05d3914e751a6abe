// Random commands and codes for weight_decoder, and their oracle. A command's weights come in one of two ways: drawn as
// weights and packed by WeightDecoderBeats, or drawn as codes, legal or not, whose meaning the oracle knows. Covered: K
// that ends inside a code with anything left over, commands of one beat up to long ones, extreme weights, every code,
// commands with no, one and many illegal codes, the one often in the first or in the last lane.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "cosim/unit_bench.h"
#include "cosim/weight_decoder_oracle.h"

namespace lutetia {

class WeightDecoderBench final : public UnitBench {
 public:
  WeightDecoderBench(const WeightDecoderConfig& config, std::uint64_t seed, std::uint64_t transfers);
  std::unique_ptr<StreamUnit> make_model() const override;
  const BenchProgram& program() const override { return program_; }
  std::string check(const std::vector<std::vector<Payload>>& outputs) const override;

  const WeightDecoderConfig& config() const { return config_; }
  const std::vector<WeightDecoderTile>& tiles() const { return tiles_; }
  /// How often each code was used.
  const std::vector<std::uint64_t>& used() const { return used_; }

 private:
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  WeightDecoderTile random_tile();
  void append_weights(WeightDecoderTile& tile);
  void append_codes(WeightDecoderTile& tile);
  std::uint64_t random_single(const WeightDecoderCommand& command);
  std::uint32_t random_code(std::uint64_t illegal_one_in);

  WeightDecoderConfig config_;
  Random random_;
  std::vector<CodeMeaning> meanings_;
  std::vector<std::uint32_t> legal_, illegal_;  ///< all codes
  std::vector<std::uint64_t> used_;
  std::vector<WeightDecoderTile> tiles_;
  BenchProgram program_;
};

}  // namespace lutetia
