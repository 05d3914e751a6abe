// The decoder in front of the core that it is made for: its planes are the core's own weight beats, bit by bit, and the
// core works in the cycles in which it would work if its weights simply came L cycles late. The second is what a
// machine may rely on, and follows from the law of sim/units/weight_decoder/README.md.
#include <gtest/gtest.h>

#include "cosim/bench.h"
#include "cosim/matrix_core_bench.h"
#include "units/lut_core/lut_core_config.h"
#include "units/matrix_core/matrix_core_cycle.h"
#include "units/matrix_core/matrix_core_recurrence.h"
#include "units/weight_decoder/weight_decoder_beats.h"
#include "units/weight_decoder/weight_decoder_cycle.h"

namespace lutetia {
namespace {

struct TileWeights final : WeightDecoderOperands {
  explicit TileWeights(const MatrixCoreTile& t) : tile(t) {}
  std::int32_t weight(std::uint32_t n, std::uint32_t k) const override {
    return n < tile.outputs && k < tile.depth ? tile.weights[std::size_t{n} * tile.depth + k] : 0;
  }
  const MatrixCoreTile& tile;
};

/// Ternary tiles of whole blocks and K groups: nothing is padded, so planes may be compared bit by bit.
MatrixCoreTile random_tile(Random& random, const MatrixCoreShape& config) {
  const auto pick = [&random](std::int64_t most) { return static_cast<std::uint32_t>(random.between(1, most)); };
  MatrixCoreTile tile(config, WeightFormat::kTernary, pick(3 * config.rows), config.lanes * pick(config.psum_blocks),
                      4 * pick(30), 4 * pick(10), false);
  for (std::int32_t& w : tile.weights) w = static_cast<std::int32_t>(random.between(-1, 1));
  for (std::int32_t& a : tile.activations) a = static_cast<std::int32_t>(random.between(-128, 127));
  return tile;
}

struct Chain {
  std::vector<Payload> planes;   ///< between decoder and core
  std::vector<Stamp> transfers;  ///< of planes
  std::vector<Stamp> outputs;    ///< of the core
};

/// Everything is offered in every cycle, and taken in every cycle.
Chain run_chain(const MatrixCoreShape& core_shape, const WeightDecoderConfig& config, const BenchProgram& core_program,
                const BenchProgram& program) {
  MatrixCoreCycle core(core_shape);
  WeightDecoderCycle decoder(config);
  std::vector<std::size_t> core_sent(MatrixCorePort::kInputs), sent(WeightDecoderPort::kInputs);
  Chain chain;
  const auto feed = [](StreamUnit& unit, std::uint32_t port, const BenchProgram& from, std::vector<std::size_t>& to) {
    if (to[port] < from.inputs[port].size() && unit.ready(port)) unit.push(port, from.inputs[port][to[port]++]);
  };
  for (Stamp now = 0; chain.outputs.size() < core_program.outputs[0] && now < 1'000'000; ++now) {
    if (decoder.valid(0) && core.ready(MatrixCorePort::kWeight)) {
      Payload plane(MatrixCoreBeats::bits(core_shape, MatrixCorePort::kWeight));
      for (std::uint32_t bit = 0; bit < plane.bits(); ++bit) plane.set(bit, 1, decoder.front(0).get(bit, 1));
      core.push(MatrixCorePort::kWeight, plane);
      decoder.pop(0);
      chain.planes.push_back(plane);
      chain.transfers.push_back(now);
    }
    if (core.valid(0)) {
      core.pop(0);
      chain.outputs.push_back(now);
    }
    for (std::uint32_t port = 0; port < MatrixCorePort::kInputs; ++port)
      if (port != MatrixCorePort::kWeight) feed(core, port, core_program, core_sent);
    for (std::uint32_t port = 0; port < WeightDecoderPort::kInputs; ++port) feed(decoder, port, program, sent);
    core.clock();
    decoder.clock();
  }
  EXPECT_TRUE(decoder.idle());
  return chain;
}

struct LateWeights {
  Stamp latency;
  Chain chain{};
  static constexpr bool may_skip() { return false; }
  Stamp offer(std::uint32_t input, Stamp earliest) const {
    return input == MatrixCorePort::kWeight ? std::max(earliest, latency) : earliest;
  }
  static Stamp take(Stamp earliest) { return earliest; }
  void transfer_in(std::uint32_t input, Stamp at) {
    if (input == MatrixCorePort::kWeight) chain.transfers.push_back(at);
  }
  void transfer_out(Stamp at) { chain.outputs.push_back(at); }
};

TEST(WeightDecoderWithCore, GivesTheCoresPlanesAndIsOnlyLatency) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    LutCoreConfig core;
    core.lanes = 12;
    core.epilogue_lanes = 2;
    core.psum_blocks = 2;
    core.max_planes = static_cast<std::uint32_t>(random.between(2, 4));
    core.table_generators = core.rows = static_cast<std::uint32_t>(random.between(1, 3));
    const MatrixCoreShape core_shape = core.shape();
    WeightDecoderConfig config;
    config.lanes = core_shape.lanes;
    config.blocks = core_shape.psum_blocks;
    config.code = static_cast<std::uint32_t>(seed % 3);

    BenchProgram core_program, program;
    program.inputs.resize(WeightDecoderPort::kInputs);
    LateWeights expected{config.latency()};
    MatrixCoreRecurrence<LateWeights> recurrence(core_shape);
    for (int i = 0; i < 5; ++i) {
      const MatrixCoreTile tile = random_tile(random, core_shape);
      append_matrix_core_tile(core_shape, tile, core_program);
      const WeightDecoderCommand command{tile.command.row_blocks(core_shape), tile.command.k_groups,
                                         tile.command.n_blocks};
      const TileWeights weights(tile);
      const WeightDecoderBeats beats(config, command, weights);
      for (std::uint32_t input = 0; input < WeightDecoderPort::kInputs; ++input)
        for (std::uint64_t b = 0; b < beats.beats(input); ++b) program.inputs[input].push_back(beats.beat(input, b));
      recurrence.run(tile.command, expected);
    }
    const Chain chain = run_chain(core_shape, config, core_program, program);
    ASSERT_EQ(chain.planes, core_program.inputs[MatrixCorePort::kWeight]);
    ASSERT_EQ(chain.transfers, expected.chain.transfers);
    ASSERT_EQ(chain.outputs, expected.chain.outputs);
  }
}

}  // namespace
}  // namespace lutetia
