// Verilated units as such: assertions are alive, models do not disturb each other, waveforms are written, the registry
// finds and explains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cosim/cosim.h"
#include "cosim/matrix_core_bench.h"
#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "units/lut_core/lut_core_config.h"

namespace lutetia {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::unique_ptr<RtlUnit> small(std::uint64_t seed = 1) {
  return find_rtl_variant("lut_core", "small_a8")->make(seed);
}

/// Fills the command FIFO, so that the next offer has to wait.
Payload fill_commands(RtlUnit& unit) {
  MatrixCoreCommand command;
  for (int i = 0; unit.ready(MatrixCorePort::kCommand); ++i) {
    EXPECT_LT(i, 10);
    unit.push(MatrixCorePort::kCommand, command.encode());
    unit.clock();
  }
  return command.encode();
}

TEST(RtlUnit, DiesIfAPayloadIsWithdrawnBeforeItWasTaken) {
  const auto unit = small();
  const Payload command = fill_commands(*unit);
  unit->offer(MatrixCorePort::kCommand, command);
  unit->clock();
  ASSERT_FALSE(unit->ready(MatrixCorePort::kCommand));
  try {
    unit->clock();  // without the offer
    FAIL() << "the broken handshake went unnoticed: assertions are not compiled in";
  } catch (const RtlFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("fifo.sv:"));
    EXPECT_THAT(failure.what(), HasSubstr("small_a8"));
  }
}

TEST(RtlUnit, DiesIfAPayloadChangesBeforeItWasTaken) {
  const auto unit = small();
  Payload command = fill_commands(*unit);
  unit->offer(MatrixCorePort::kCommand, command);
  unit->clock();
  command.set(0, 16, 5);
  unit->offer(MatrixCorePort::kCommand, command);
  EXPECT_THROW(unit->clock(), RtlFailure);
}

TEST(RtlUnit, KeepsAPayloadThatWaits) {
  const auto unit = small();
  const Payload command = fill_commands(*unit);
  for (int i = 0; i < 50; ++i) {
    unit->offer(MatrixCorePort::kCommand, command);
    unit->clock();
  }
  EXPECT_FALSE(unit->ready(MatrixCorePort::kCommand));
}

TEST(RtlUnit, RefusesTransfersThatTheHandshakeDoesNotAllow) {
  const auto unit = small();
  EXPECT_THROW(unit->pop(0), RtlFailure);
  const Payload command = fill_commands(*unit);
  EXPECT_THROW(unit->push(MatrixCorePort::kCommand, command), RtlFailure);
  EXPECT_THROW(unit->offer(MatrixCorePort::kCommand, Payload(61)), std::logic_error);
}

TEST(RtlUnit, IsIdleAfterResetWhateverItsRegistersHeldBefore) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto unit = small(seed);
    EXPECT_TRUE(unit->idle()) << seed;
    EXPECT_FALSE(unit->valid(0)) << seed;
    for (std::uint32_t i = 0; i < unit->inputs().size(); ++i) EXPECT_TRUE(unit->ready(i)) << seed;
  }
}

TEST(RtlUnit, ANeighbourThatFailsDoesNotStopAnother) {
  const auto broken = small(1), other = small(2);
  const Payload command = fill_commands(*broken);
  broken->offer(MatrixCorePort::kCommand, command);
  broken->clock();
  EXPECT_THROW(broken->clock(), RtlFailure);
  const auto model = MatrixCoreBench(config_from_rtl<LutCoreConfig>(other->parameters()).shape(), 3, 100);
  const auto cycle_body = model.make_model();
  const BenchResult result = run_bench(*other, *cycle_body, model.program(), {});
  EXPECT_TRUE(result.passed) << result.failure;
}

TEST(RtlUnit, AFailedAssertionEndsARunWithItsCycle) {
  // A bench that withdraws: the program is over for the unit, while an offer still waits.
  class Withdrawing final : public RtlUnit {
   public:
    explicit Withdrawing(std::unique_ptr<RtlUnit> unit) : unit_(std::move(unit)) {}
    const std::string& variant() const override { return unit_->variant(); }
    const RtlParameters& parameters() const override { return unit_->parameters(); }
    const std::vector<StreamPort>& inputs() const override { return unit_->inputs(); }
    const std::vector<StreamPort>& outputs() const override { return unit_->outputs(); }
    bool ready(std::uint32_t i) const override { return unit_->ready(i); }
    bool valid(std::uint32_t o) const override { return unit_->valid(o); }
    const Payload& front(std::uint32_t o) const override { return unit_->front(o); }
    const std::vector<std::string>& activities() const override { return unit_->activities(); }
    Activity activity() const override { return unit_->activity(); }
    bool idle() const override { return unit_->idle(); }
    void offer(std::uint32_t i, const Payload& p) override {
      if (now_ % 2 == 0 || unit_->ready(i)) unit_->offer(i, p);
    }
    void accept(std::uint32_t o) override { unit_->accept(o); }
    void clock() override {
      unit_->clock();
      ++now_;
    }
    bool open_waveform(const std::string&) override { return false; }
    void close_waveform() override {}

   private:
    std::unique_ptr<RtlUnit> unit_;
    std::uint64_t now_ = 0;
  };
  Withdrawing unit(small());
  const MatrixCoreBench bench(config_from_rtl<LutCoreConfig>(unit.parameters()).shape(), 3, 1'000);
  const auto model = bench.make_model();
  const BenchResult result = run_bench(unit, *model, bench.program(), {});
  EXPECT_FALSE(result.passed);
  EXPECT_THAT(result.failure, HasSubstr("fifo.sv:"));
  EXPECT_THAT(result.failure, HasSubstr("cycle " + std::to_string(result.failed_at)));
}

TEST(RtlUnit, WritesAWaveformFromTheMiddleOfARun) {
  const std::string path = testing::TempDir() + "rtl_unit_test.fst";
  std::filesystem::remove(path);
  const auto unit = small();
  const MatrixCoreBench bench(config_from_rtl<LutCoreConfig>(unit->parameters()).shape(), 3, 1'000);
  const auto model = bench.make_model();
  BenchOptions options;
  options.waveform = path;
  options.waveform_from = 200;
  const BenchResult result = run_bench(*unit, *model, bench.program(), options);
  EXPECT_TRUE(result.passed) << result.failure;
  EXPECT_GT(std::filesystem::file_size(path), 1'000u);
  std::filesystem::remove(path);
}

TEST(RtlRegistry, FindsByPartOfTheParameters) {
  const RtlVariant* found = find_rtl_variant("lut_core", RtlParameters{{"Lanes", 12}, {"ActBits", 16}});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, "small_a16");
  const auto unit = found->make(1);
  EXPECT_EQ(unit->parameter("Lanes"), 12u);
  EXPECT_EQ(unit->variant(), "small_a16");
}

TEST(RtlRegistry, SaysWhatThereIsIfNothingFits) {
  const RtlParameters wanted = {{"Lanes", 13}};
  EXPECT_EQ(find_rtl_variant("lut_core", wanted), nullptr);
  const std::string text = no_rtl_variant("lut_core", wanted);
  EXPECT_THAT(text, HasSubstr("Lanes=13"));
  EXPECT_THAT(text,
              HasSubstr("small_a8: ActBits=8 ActFormat=0 EpilogueLanes=2 Fold=1 FusedTables=0 GroupLength=4 Lanes=12"));
  EXPECT_THAT(text, HasSubstr("rtl/units/lut_core/verilations.txt"));
}

TEST(Cosim, TellsAUserWhatIsWrong) {
  const auto problems = [](const CosimOptions& options) {
    std::ostringstream log;
    const CosimReport report = run_cosim(options, log);
    EXPECT_FALSE(report.passed());
    EXPECT_TRUE(report.rows.empty());
    return log.str();
  };
  CosimOptions options;
  options.units = {"lut_cor"};
  EXPECT_THAT(problems(options), AllOf(HasSubstr("no such unit with RTL; this build has: "), HasSubstr("lut_core")));
  options = {};
  options.variant = "large";
  EXPECT_THAT(problems(options), HasSubstr("small_a8"));
  options = {};
  options.waveform = "x.fst";
  EXPECT_THAT(problems(options), HasSubstr("one file shows one run"));
  options = {};
  options.units = {"lut_core"};
  options.variant = "small_a8";
  options.stalls = {StallMode::kNone};
  options.waveform = testing::TempDir() + "no/such/folder/x.fst";
  EXPECT_THAT(problems(options), HasSubstr("cannot write"));
  options = {};
  options.transactions = 0;
  EXPECT_THAT(problems(options), HasSubstr("at least 1"));
}

TEST(Cosim, PrintsARowPerStallMode) {
  CosimOptions options;
  options.units = {"lut_core"};
  options.variant = "small_a8";
  options.transactions = 500;
  std::ostringstream log;
  const CosimReport report = run_cosim(options, log);
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(report.rows.size(), 4u);
  for (const char* mode : {"none", "input", "output", "both"})
    EXPECT_THAT(log.str(), HasSubstr(std::string(" ") + mode + " "));
  EXPECT_THAT(log.str(), HasSubstr("equal"));
}

}  // namespace
}  // namespace lutetia
