// Law 2 over a whole machine, and the workload it is usually shown with.
#pragma once
#include "support/machine_run.h"

namespace lutetia {

/// Everything that two fidelities of one run must have in common, and what counters must say of its transfers.
inline void expect_agreement(const Design& design, const Trace& trace, Fidelity a, Fidelity b) {
  MachineRun first, second;
  run_machine(design, trace, a, first);
  run_machine(design, trace, b, second);
  EXPECT_EQ(first.result.cycles, second.result.cycles);
  EXPECT_EQ("", first.log.difference(second.log));
  EXPECT_GT(first.log.size(), 1000u);
  ASSERT_EQ(first.result.activity.size(), second.result.activity.size());
  for (std::size_t i = 0; i < first.result.activity.size(); ++i) {
    const auto& x = first.result.activity[i].shares;
    const auto& y = second.result.activity[i].shares;
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t j = 0; j < x.size(); ++j)
      EXPECT_EQ(x[j].cycles, y[j].cycles) << first.result.activity[i].block << " " << x[j].name;
  }
  for (std::size_t i = 0; i < first.result.operators.size(); ++i) {
    EXPECT_EQ(first.result.operators[i].start, second.result.operators[i].start) << first.result.operators[i].op->name;
    EXPECT_EQ(first.result.operators[i].end, second.result.operators[i].end) << first.result.operators[i].op->name;
  }
  for (const auto& [path, value] : first.result.statistics.values)
    EXPECT_EQ(value.count, second.result.statistics.counter(path)) << path;
  const RunResult& valued = b == Fidelity::kTransaction ? first.result : second.result;
  EXPECT_GT(valued.outputs_checked.value_or(0), 0u);
  const std::uint64_t busy = first.result.activity.front().shares.front().cycles;
  const MatrixCoreShape core = *matrix_core_shape(design);
  const std::string unit = core.unit;
  EXPECT_EQ(busy, first.result.statistics.counter(unit + ".weight_planes"));
  EXPECT_EQ(first.log.transfers().at(unit + " stream weight").size(), busy);
  const auto expect_counted = [&](const char* port, const char* counter, std::uint64_t per_beat = 1) {
    const auto found = first.log.transfers().find(unit + " stream " + port);
    const std::uint64_t beats = found == first.log.transfers().end() ? 0 : found->second.size();
    EXPECT_EQ(beats * per_beat, first.result.statistics.counter(unit + "." + counter)) << port;
  };
  expect_counted("out", "output_beats");
  expect_counted("scale", "scale_beats");
  expect_counted("fill", "fill_beats");
  expect_counted("cmd", "tiles");
  expect_counted("act", core.words.operands, core.rows);
}

inline Trace tiny_bitnet() {
  ExpandOptions options;
  options.prefill = 16;
  options.decode = 4;
  return expand(load_model("bitnet-tiny"), options);
}

}  // namespace lutetia
