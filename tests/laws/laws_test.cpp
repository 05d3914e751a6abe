// The laws that every run is held to must be able to fail: one wrong number at a time in the result of a sound run.
#include "accelerator/laws.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/machine_run.h"

namespace lutetia {
namespace {

class Laws : public testing::Test {
 protected:
  Laws() {
    ExpandOptions options;
    options.prefill = 9;
    trace_ = expand(load_model("bitnet-tiny"), options);
    run_machine(load_design("lut-tensor-core"), trace_, Fidelity::kCycle, run_, {}, false);
  }
  /// The broken laws after one change to the sound result.
  std::vector<std::string> after(const std::function<void(RunResult&)>& change) {
    RunResult changed = run_.result;
    change(changed);
    return check_laws(changed);
  }
  void expect_broken(const std::string& words, const std::function<void(RunResult&)>& change) {
    const std::vector<std::string> broken = after(change);
    ASSERT_FALSE(broken.empty()) << words;
    EXPECT_NE(broken.front().find(words), std::string::npos) << broken.front();
  }

  Trace trace_;
  MachineRun run_;
};

TEST_F(Laws, ASoundRunBreaksNone) {
  EXPECT_TRUE(after([](RunResult&) {}).empty());
}

TEST_F(Laws, AByteThatTheMemoryDidNotServeIsNoticed) {
  expect_broken("memory served", [](RunResult& r) { ++r.memory_read; });
  expect_broken("memory took", [](RunResult& r) { --r.memory_written; });
  expect_broken("its tensors have", [](RunResult& r) {
    r.operators[3].bytes.streaming -= 1;
    r.traffic.activations_read -= 1;
    r.memory_read -= 1;
  });
}

TEST_F(Laws, ACycleThatIsNotAttributedIsNoticed) {
  expect_broken("adds up to", [](RunResult& r) { ++r.activity.front().shares.front().cycles; });
}

TEST_F(Laws, ANegativeShareOfTimeIsNoticed) {
  expect_broken("adds up to", [](RunResult& r) {
    std::vector<ActivityShare>& shares = r.activity.front().shares;
    shares.front().cycles += r.cycles;
    shares.back().cycles -= r.cycles;
  });
}

TEST_F(Laws, WorkThatNoUnitDidIsNoticed) {
  expect_broken("for the vector unit", [](RunResult& r) {
    for (OperatorResult& row : r.operators)
      if (row.plan.product && row.plan.engine == Engine::kVector) return void(++row.macs);
  });
  expect_broken("for the matrix core, counted by plane", [](RunResult& r) {
    for (OperatorResult& row : r.operators)
      if (row.plan.engine == Engine::kMatrix) return void(row.macs *= 1000);
  });
}

TEST_F(Laws, ARunFasterThanItsBoundsIsNoticed) {
  expect_broken("bounds: ", [](RunResult& r) { r.bounds.memory = 2.0 * static_cast<double>(r.cycles); });
  expect_broken("operator", [](RunResult& r) { r.operators[3].end = r.operators[3].start + 1; });
  expect_broken("ends before it starts", [](RunResult& r) { r.operators[3].end = r.operators[3].start - 1; });
}

TEST_F(Laws, ARunWithValuesThatComparesNothingIsNoticed) {
  expect_broken("nothing was compared", [](RunResult& r) { r.outputs_checked = 0; });
}

}  // namespace
}  // namespace lutetia
