// What a measurement says has happened, in a core of gates: the transfers of its ports, and the events that only
// commands tell, as the machine counts them.
#include <gtest/gtest.h>

#include <numeric>

#include "cosim/unit_bench.h"
#include "gates/gate_level_unit.h"
#include "gates/yosys_netlist.h"
#include "units/matrix_core/matrix_core_unit.h"

namespace lutetia {
namespace {

using namespace gates_test;

TEST(GateLevel, EventsOfACoreAreThoseThatTheMachineCounts) {
  if (const std::string missing = missing_for_netlists(); !missing.empty()) GTEST_SKIP() << missing;
  const RtlParameters parameters = {{"Rows", 1},      {"Lanes", 1},         {"GroupLength", 1},
                                    {"ActBits", 8},   {"MaxPlanes", 2},     {"PsumBlocks", 2},
                                    {"PsumBits", 16}, {"EpilogueLanes", 1}, {"EpilogueRows", 1}};
  std::vector<std::string> files = {"common/matrix_core_pkg.sv", "common/fp16_dot_pkg.sv",
                                    "units/adder_core/adder_core.sv", "units/adder_core/adder_core_row.sv"};
  for (const char* file :
       {"fifo", "fp16_dot_accumulate", "fp16_product", "fp32_fma", "fp32_multiply", "int_to_fp32", "matrix_core_banks",
        "matrix_core_control", "matrix_core_drain", "matrix_core_epilogue", "matrix_core_epilogue_lane",
        "matrix_core_frame", "matrix_core_operands", "matrix_core_psum"})
    files.push_back("common/" + std::string(file) + ".sv");
  YosysNetlist made;
  ASSERT_TRUE(made.make(files, "adder_core", parameters));

  const auto bench = UnitBenchRegistry::create("adder_core", parameters, 1, 1500);
  const auto model = bench->make_model();
  const auto dut = GateLevelUnit::make("adder_core", parameters, *model, made.netlist, made.library, {}, made.problems);
  ASSERT_NE(dut, nullptr);
  BenchOptions no_stalls;
  no_stalls.stalls = StallMode::kNone;
  const BenchResult result = run_bench(*dut, *model, bench->program(), no_stalls);
  ASSERT_TRUE(result.passed) << result.failure;

  std::map<std::string, std::uint64_t> seen;
  for (const SwitchingWindow& window : dut->windows())
    for (std::size_t i = 0; i < window.events.size(); ++i) seen[dut->event_names()[i]] += window.events[i];
  MatrixCoreShape shape;
  shape.rows = shape.lanes = shape.group_length = shape.epilogue_lanes = 1;
  UnitEvents expected{};
  for (const Payload& command : bench->program().inputs[MatrixCorePort::kCommand])
    expected += matrix_core_events(shape, MatrixCoreCommand::decode(command));
  EXPECT_EQ(seen["cycle"], result.cycles);
  EXPECT_EQ(seen["fire"], expected[MatrixCoreEvent::kFire]);
  EXPECT_EQ(seen["word_switch"], expected[MatrixCoreEvent::kWordSwitch]);
  EXPECT_EQ(seen["row_fire"], expected[MatrixCoreEvent::kRowFire]);
  const char* ports[] = {"cmd", "act", "weight", "scale", "fill"};
  for (std::size_t i = 0; i < MatrixCorePort::kInputs; ++i)
    EXPECT_EQ(seen[ports[i]], expected[MatrixCoreEvent::kFirstPort + i]) << ports[i];
  EXPECT_EQ(seen["out"], expected[MatrixCoreEvent::kOut]);
  EXPECT_LT(seen["word_switch"], seen["fire"]);
}

}  // namespace
}  // namespace lutetia
