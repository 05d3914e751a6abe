// The bench itself: every way in which a unit can be wrong must fail the run and be told, and a right one must pass.
// The unit under test is the cycle body behind a wrapper that spoils one thing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "cosim/bench.h"
#include "cosim/matrix_core_bench.h"
#include "units/lut_core/lut_core_config.h"
#include "units/matrix_core/matrix_core_cycle.h"

namespace lutetia {
namespace {

using testing::HasSubstr;

MatrixCoreShape small_shape() {
  LutCoreConfig config;
  config.lanes = 12;
  config.epilogue_lanes = 2;
  config.psum_blocks = 2;
  return config.shape();
}

/// A unit whose outside can be falsified from some cycle on.
class Spoiled final : public StreamUnit {
 public:
  struct Faults {
    std::uint64_t from = 300;  ///< cycle
    bool never_ready = false, never_valid = false, wrong_bit = false, wrong_activity = false, never_idle = false;
  };
  Spoiled(const MatrixCoreShape& shape, Faults faults) : unit_(shape), faults_(faults) {}

  const std::vector<StreamPort>& inputs() const override { return unit_.inputs(); }
  const std::vector<StreamPort>& outputs() const override { return unit_.outputs(); }
  bool ready(std::uint32_t i) const override { return unit_.ready(i) && !(faults_.never_ready && on()); }
  void push(std::uint32_t i, const Payload& p) override { unit_.push(i, p); }
  bool valid(std::uint32_t o) const override { return unit_.valid(o) && !(faults_.never_valid && on()); }
  const Payload& front(std::uint32_t o) const override {
    payload_ = unit_.front(o);
    if (faults_.wrong_bit && on()) payload_.words()[0] ^= 1;
    return payload_;
  }
  void pop(std::uint32_t o) override { unit_.pop(o); }
  const std::vector<std::string>& activities() const override { return unit_.activities(); }
  Activity activity() const override { return faults_.wrong_activity && on() ? 5 : unit_.activity(); }
  bool idle() const override { return unit_.idle() && !faults_.never_idle; }
  void clock() override {
    unit_.clock();
    ++now_;
  }

 private:
  bool on() const { return now_ >= faults_.from; }
  MatrixCoreCycle unit_;
  Faults faults_;
  std::uint64_t now_ = 0;
  mutable Payload payload_;
};

/// Both sides of a run, with a program for them.
struct Scenario {
  MatrixCoreShape shape = small_shape();
  MatrixCoreBench bench{shape, MatrixCoreBench::kFlavours, 3'000};
  BenchProgram program = bench.program();
  BenchOptions options;

  BenchResult spoiled(Spoiled::Faults faults) {
    Spoiled dut(shape, faults);
    MatrixCoreCycle model(shape);
    return run_bench(dut, model, program, options);
  }
  BenchResult good() {
    Spoiled::Faults none;
    return spoiled(none);
  }
};

TEST(Bench, PassesAUnitThatIsRight) {
  for (const StallMode stalls : kAllStallModes) {
    Scenario run;
    run.options.stalls = stalls;
    const BenchResult result = run.good();
    EXPECT_TRUE(result.passed) << result.failure;
    EXPECT_TRUE(result.failure.empty());
    EXPECT_GE(result.transfers(), 3'000u);
    EXPECT_EQ(run.bench.check(result.outputs), "");
    std::uint64_t explained = 0;
    for (const std::uint64_t cycles : result.activity_cycles) explained += cycles;
    EXPECT_EQ(explained, result.cycles);
  }
}

TEST(Bench, FindsAWrongBit) {
  Scenario run;
  run.options.replay = "lutetia cosim this";
  Spoiled::Faults faults;
  faults.wrong_bit = true;
  const BenchResult result = run.spoiled(faults);
  EXPECT_FALSE(result.passed);
  EXPECT_GE(result.failed_at, faults.from);
  EXPECT_THAT(result.failure, HasSubstr("of output out"));
  EXPECT_THAT(result.failure, HasSubstr("last 16 transfers"));
  EXPECT_THAT(result.failure, HasSubstr("seed 1, stalls both"));
  EXPECT_THAT(result.failure, HasSubstr("replay: lutetia cosim this"));
}

TEST(Bench, FindsAMissingReadyInTheSameCycle) {
  Scenario run;
  Spoiled::Faults faults;
  faults.never_ready = true;
  const BenchResult result = run.spoiled(faults);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.failed_at, faults.from);
  EXPECT_THAT(result.failure, HasSubstr("ready of input"));
}

TEST(Bench, FindsAMissingValid) {
  Scenario run;
  Spoiled::Faults faults;
  faults.never_valid = true;
  const BenchResult result = run.spoiled(faults);
  EXPECT_FALSE(result.passed);
  EXPECT_THAT(result.failure, HasSubstr("valid of output out"));
}

TEST(Bench, FindsAWrongActivity) {
  Scenario run;
  Spoiled::Faults faults;
  faults.wrong_activity = true;
  const BenchResult result = run.spoiled(faults);
  EXPECT_EQ(result.failed_at, faults.from);
  EXPECT_THAT(result.failure, HasSubstr("activity: unit none"));
}

TEST(Bench, FindsWhatIsLeftInside) {
  Scenario run;
  Spoiled::Faults faults;
  faults.never_idle = true;
  EXPECT_THAT(run.spoiled(faults).failure, HasSubstr("the unit is not idle"));
}

TEST(Bench, FindsOutputsThatNobodyAskedFor) {
  Scenario run;
  --run.program.outputs[0];
  EXPECT_THAT(run.good().failure, HasSubstr("are due"));
}

TEST(Bench, ReportsAHangWithTheStateOfBothSides) {
  Scenario run;
  ASSERT_GT(run.program.inputs[MatrixCorePort::kScale].size(), 100u);
  run.program.inputs[MatrixCorePort::kScale].resize(100);  // the drain waits for ever
  const BenchResult result = run.good();
  EXPECT_FALSE(result.passed);
  EXPECT_THAT(result.failure, HasSubstr("no transfer for 5000 cycles while work remains"));
  EXPECT_THAT(result.failure, HasSubstr("accepted 100 of 100"));
}

TEST(Bench, FailsIfNothingWasCompared) {
  Scenario run;
  run.program = BenchProgram{std::vector<std::vector<Payload>>(MatrixCorePort::kInputs), {0}};
  EXPECT_THAT(run.good().failure, HasSubstr("nothing was compared"));
}

TEST(Bench, RefusesAModelOfAnotherShape) {
  Scenario run;
  LutCoreConfig wider;
  wider.activation_bits = 16;
  MatrixCoreCycle dut(wider.shape()), model(run.shape);
  EXPECT_THAT(run_bench(dut, model, run.program, run.options).failure, HasSubstr("different ports"));
}

TEST(Bench, RepeatsARunExactly) {
  Scenario run;
  const std::uint64_t digest = run.good().digest;
  EXPECT_EQ(run.good().digest, digest);
  run.options.seed = 2;
  EXPECT_NE(run.good().digest, digest);
}

TEST(Bench, RecordsWhenEverythingHappened) {
  Scenario run;
  run.options.record_stamps = true;
  const BenchResult result = run.good();
  ASSERT_TRUE(result.passed) << result.failure;
  for (std::uint32_t i = 0; i < MatrixCorePort::kInputs; ++i) {
    const auto& offered = result.stamps.offered[i];
    const auto& accepted = result.stamps.accepted[i];
    ASSERT_EQ(accepted.size(), run.program.inputs[i].size());
    ASSERT_EQ(offered.size(), accepted.size());
    for (std::size_t n = 0; n < accepted.size(); ++n) {
      EXPECT_LE(offered[n], accepted[n]);
      if (n == 0) continue;
      EXPECT_GT(offered[n], accepted[n - 1]);
    }
  }
  EXPECT_EQ(result.stamps.output_ready[0].size(), result.cycles);
  for (const std::uint64_t cycle : result.stamps.transferred[0]) EXPECT_TRUE(result.stamps.output_ready[0][cycle]);
}

TEST(StallPattern, NoneNeverStalls) {
  StallPattern pattern(5, 0, false);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_EQ(pattern.hold_off(), 0u);
    EXPECT_TRUE(pattern.ready());
  }
}

TEST(StallPattern, MixesFullSpeedShortAndLongStalls) {
  StallPattern pattern(5, 0, true);
  std::uint32_t none = 0, one = 0, few = 0, many = 0, longest = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t n = pattern.hold_off();
    ++(n == 0 ? none : n == 1 ? one : n < 50 ? few : many);
    longest = std::max(longest, n);
  }
  EXPECT_GT(none, 5'000u);
  EXPECT_GT(one, 500u);
  EXPECT_GT(few, 500u);
  EXPECT_GT(many, 10u);
  EXPECT_LE(longest, StallPattern::kLongest);
}

TEST(StallPattern, DiffersFromPortToPortAndRepeatsForASeed) {
  StallPattern a(5, 0, true), b(5, 1, true), again(5, 0, true);
  int different = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::uint32_t n = a.hold_off();
    different += n != b.hold_off();
    EXPECT_EQ(n, again.hold_off());
  }
  EXPECT_GT(different, 100);
}

}  // namespace
}  // namespace lutetia
