// The sequencer against a naive one that is evaluated in every cycle: what goes, when it goes, and what it waits for.
#include "accelerator/sequencer.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "config/leaves.h"
#include "kernel/event_kernel.h"
#include "memory/fixed_memory.h"
#include "units/token_queue.h"

namespace lutetia {
namespace {

/// Takes one tile after the other; tile.m is its duration, tile.n when its operands are read (counted from its start).
class ToyUnit final : public ComputeUnit {
 public:
  explicit ToyUnit(const std::string& name) : ComputeUnit(name, {}), reads_(operands_read_), dones_(done_) {}
  void tick(Cycle now) override {
    reads_.tick(now);
    dones_.tick(now);
    if (now < free_at_ || !commands_.can_pop(now)) return;
    taken.push_back(commands_.pop(now));
    reads_.add(now + taken.back().n);
    free_at_ = now + taken.back().m;
    dones_.add(free_at_);
  }
  Cycle next_event(Cycle now) const override {
    return std::min({reads_.next_event(now), dones_.next_event(now), std::max(free_at_, commands_.next_pop(now))});
  }
  void print_state(std::ostream&) const override {}
  std::vector<Wait> waits(Cycle) const override { return {{&commands_, Wait::For::kData}}; }
  UnitAbilities abilities() const override { return {}; }
  std::vector<ActivityShare> activity(Cycle) const override { return {}; }

  std::vector<TileCommand> taken;

 private:
  Cycle free_at_ = 0;
  TokenQueue reads_, dones_;
};

class ListSource final : public InstructionSource {
 public:
  explicit ListSource(std::vector<Instruction> program) : program_(std::move(program)) {}
  bool next(Instruction& instruction) override {
    if (asked == program_.size()) return false;
    instruction = program_[asked++];
    return true;
  }
  std::size_t asked = 0;

 private:
  std::vector<Instruction> program_;
};

/// Every instruction is an operator of its own, so that operator times are instruction times.
std::vector<Instruction> random_program(Random& random, std::size_t size) {
  std::vector<Instruction> program;
  std::array<std::uint64_t, kEngines> issued{};
  for (std::size_t i = 0; i < size; ++i) {
    Instruction instruction;
    instruction.engine = static_cast<Engine>(random.below(kEngines));
    instruction.operator_index = static_cast<std::uint32_t>(i);
    instruction.bytes = random.below(500);
    instruction.tile.operator_index = instruction.operator_index;
    instruction.tile.m = static_cast<std::uint32_t>(random.between(1, 40));
    instruction.tile.n = static_cast<std::uint32_t>(random.between(0, instruction.tile.m));
    for (std::size_t e = 0; e < kEvents; ++e) {
      const std::uint64_t before = issued[static_cast<std::size_t>(engine_of(static_cast<Event>(e)))];
      if (random.bernoulli(0.3)) instruction.wait[e] = before - random.below(std::min<std::uint64_t>(before, 3) + 1);
    }
    ++issued[static_cast<std::size_t>(instruction.engine)];
    program.push_back(instruction);
  }
  return program;
}

class Bench : public TransferObserver {
 public:
  Bench(const SequencerConfig& config, const std::vector<Instruction>& program)
      : source(program), sequencer("sequencer", {}, config, source, program.size()) {
    for (Dma* dma : {&load, &store}) dma->set_port(memory.add_port(dma->name() + ".port", 8, dma));
    sequencer.connect_dma(Engine::kLoad, load);
    sequencer.connect_dma(Engine::kStore, store);
    sequencer.connect_unit(Engine::kMatrix, matrix);
    sequencer.connect_unit(Engine::kVector, vector);
    sequencer.connect_unit(Engine::kAttention, attention);
    for (Dma* dma : {&load, &store}) dma->commands().set_observer(this), dma->done().set_observer(this);
    for (ToyUnit* unit : {&matrix, &vector, &attention})
      unit->commands().set_observer(this), unit->operands_read().set_observer(this), unit->done().set_observer(this);
  }
  RunOutcome run(EventKernelOptions options = {}) {
    EventKernel kernel(options);
    for (Clocked* block :
         std::initializer_list<Clocked*>{&sequencer, &load, &store, &memory, &matrix, &vector, &attention})
      kernel.add(*block);
    return kernel.run([&] { return sequencer.finished(); });
  }
  void pushed(const ChannelBase& channel, Cycle at) override { pushes[channel.name()].push_back(at); }
  void popped(const ChannelBase& channel, Cycle at) override { pops[channel.name()].push_back(at); }

  ListSource source;
  Sequencer sequencer;
  FixedMemory memory{"memory", {BytesPerSecond(16'000'000'000), Picoseconds(20'000), Hertz(1'000'000'000)}};
  Dma load{"load", {}, {}}, store{"store", {}, {}};
  ToyUnit matrix{"matrix"}, vector{"vector"}, attention{"attention"};
  std::map<std::string, std::vector<Cycle>> pushes, pops;
};

constexpr const char* kCommands[] = {"load.commands", "store.commands", "matrix.commands", "vector.commands",
                                     "attention.commands"};
constexpr const char* kTokens[] = {"load.done",
                                   "store.done",
                                   "matrix.operands_read",
                                   "matrix.done",
                                   "vector.operands_read",
                                   "vector.done",
                                   "attention.operands_read",
                                   "attention.done"};

/// When each instruction goes if tokens and commands are taken as `bench` saw it.
std::vector<Cycle> naive_issue(const SequencerConfig& config, const std::vector<Instruction>& program, Bench& bench) {
  const auto before = [](const std::vector<Cycle>& times, Cycle now) {
    return static_cast<std::uint64_t>(std::lower_bound(times.begin(), times.end(), now) - times.begin());
  };
  std::vector<Cycle> issue(program.size(), kNever);
  std::array<std::vector<std::size_t>, kEngines> queue;
  std::array<std::uint64_t, kEngines> gone{};
  std::size_t fetched = 0, left = program.size();
  for (Cycle now = 0; left > 0 && now < 1'000'000; ++now) {
    for (std::size_t e = 0; e < kEngines; ++e) {
      if (queue[e].empty()) continue;
      const Instruction& head = program[queue[e].front()];
      bool go = gone[e] - before(bench.pops[kCommands[e]], now) < 2;  // room in the command channel
      for (std::size_t event = 0; event < kEvents; ++event)
        go = go && before(bench.pops[kTokens[event]], now + 1) >= head.wait[event];
      if (!go) continue;
      issue[queue[e].front()] = now;
      queue[e].erase(queue[e].begin());
      ++gone[e];
      --left;
    }
    for (std::uint32_t i = 0; i < config.fetch_width && fetched < program.size(); ++i) {
      auto& target = queue[static_cast<std::size_t>(program[fetched].engine)];
      if (target.size() >= config.queue_depth) break;
      target.push_back(fetched++);
    }
  }
  return issue;
}

TEST(Sequencer, EveryInstructionGoesInTheCycleInWhichANaiveSequencerLetsItGo) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const SequencerConfig config{static_cast<std::uint32_t>(random.between(1, 6)),
                                 static_cast<std::uint32_t>(random.between(1, 4))};
    const std::vector<Instruction> program = random_program(random, 120);
    Bench bench(config, program);
    const RunOutcome outcome = bench.run();
    ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
    const std::vector<Cycle> issue = naive_issue(config, program, bench);
    for (std::size_t i = 0; i < program.size(); ++i)
      ASSERT_EQ(bench.sequencer.operator_times()[i].start, issue[i]) << "instruction " << i;
  }
}

TEST(Sequencer, AnEngineGetsItsInstructionsInProgramOrderAndNoneBeforeItsWaits) {
  for (std::uint64_t seed = 500; seed < 600; ++seed) {
    Random random(seed);
    const std::vector<Instruction> program = random_program(random, 150);
    Bench bench({16, 4}, program);
    ASSERT_EQ(bench.run().status, RunStatus::kFinished);
    std::array<std::vector<std::uint32_t>, kEngines> by_engine;
    for (const Instruction& i : program) by_engine[static_cast<std::size_t>(i.engine)].push_back(i.operator_index);
    const auto& times = bench.sequencer.operator_times();
    const std::pair<const ToyUnit*, Engine> units[] = {
        {&bench.matrix, Engine::kMatrix}, {&bench.vector, Engine::kVector}, {&bench.attention, Engine::kAttention}};
    for (const auto& [unit, engine] : units) {
      const auto& expected = by_engine[static_cast<std::size_t>(engine)];
      ASSERT_EQ(unit->taken.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(unit->taken[i].operator_index, expected[i]);
    }
    for (const Instruction& i : program) {
      ASSERT_LT(times[i.operator_index].start, times[i.operator_index].end);
      for (std::size_t e = 0; e < kEvents; ++e) {
        if (i.wait[e] == 0) continue;
        ASSERT_LE(bench.pops[kTokens[e]].at(i.wait[e] - 1), times[i.operator_index].start) << "seed " << seed;
      }
    }
  }
}

TEST(Sequencer, OperatorTimesAndCompletionsSpanIssueToLastToken) {
  class Completions final : public InstructionObserver {
   public:
    void completed(Engine, std::uint32_t index, Cycle issued, Cycle completed) override {
      spans[index] = {issued, completed};
    }
    std::map<std::uint32_t, std::pair<Cycle, Cycle>> spans;
  } completions;
  Random random(9);
  const std::vector<Instruction> program = random_program(random, 100);
  Bench bench({8, 2}, program);
  bench.sequencer.set_observer(&completions);
  ASSERT_EQ(bench.run().status, RunStatus::kFinished);
  Cycle last = 0;
  for (std::uint32_t i = 0; i < program.size(); ++i) {
    const OperatorTime time = bench.sequencer.operator_times()[i];
    EXPECT_EQ(completions.spans.at(i), (std::pair<Cycle, Cycle>(time.start, time.end)));
    last = std::max(last, time.end);
  }
  EXPECT_EQ(bench.sequencer.finished_at(), last);
  EXPECT_EQ(bench.sequencer.instructions_done(), program.size());
  EXPECT_EQ(bench.sequencer.newest_operator(), program.size() - 1);
}

TEST(Sequencer, FetchesNoMoreThanItsWidthInACycleAndItsDepthInAQueue) {
  for (const std::uint32_t width : {1u, 3u, 8u})
    for (const std::uint32_t depth : {1u, 5u, 16u}) {
      std::vector<Instruction> program(100);
      for (Instruction& i : program) {
        i.engine = Engine::kMatrix;
        i.operator_index = 0;
        i.wait_for(Event::kStoreDone, 1);  // never
      }
      ListSource source(program);
      Sequencer sequencer("sequencer", {}, {depth, width}, source, 1);
      ToyUnit unit("matrix");
      sequencer.connect_unit(Engine::kMatrix, unit);
      for (Cycle now = 0; now < 40; ++now) {
        sequencer.tick(now);
        const std::uint64_t in_queue = std::min<std::uint64_t>(depth, width * (now + 1));
        ASSERT_EQ(source.asked, in_queue + 1) << "and one that waits for room";
        ASSERT_EQ(sequencer.next_event(now), in_queue < depth ? now + 1 : kNever);
      }
      EXPECT_EQ(unit.commands().pushes(), 0u);
    }
}

TEST(Sequencer, AFullQueueHoldsBackWhatComesBehindItInTheProgram) {
  std::vector<Instruction> program(4);
  for (std::size_t i = 0; i < 3; ++i) program[i].engine = Engine::kMatrix, program[i].wait_for(Event::kStoreDone, 1);
  program[3].engine = Engine::kVector;
  for (const std::uint32_t depth : {2u, 3u}) {
    ListSource source(program);
    Sequencer sequencer("sequencer", {}, {depth, 8}, source, 1);
    ToyUnit matrix("matrix"), vector("vector");
    sequencer.connect_unit(Engine::kMatrix, matrix);
    sequencer.connect_unit(Engine::kVector, vector);
    for (Cycle now = 0; now < 10; ++now) sequencer.tick(now);
    EXPECT_EQ(vector.commands().pushes(), depth == 3 ? 1u : 0u);
  }
}

TEST(Sequencer, ACommandCarriesTheCyclesItsIdleUnitWaitedAndForWhom) {
  std::vector<Instruction> program(2);
  program[0].engine = Engine::kLoad;
  program[0].bytes = 1600;  // 100 cycles of bus, 20 of latency
  program[1].engine = Engine::kMatrix;
  program[1].operator_index = 1;
  program[1].tile.m = 10;
  program[1].wait_for(Event::kLoadDone, 1);
  Bench bench({4, 4}, program);
  ASSERT_EQ(bench.run().status, RunStatus::kFinished);
  const WaitCycles& waited = bench.matrix.taken.at(0).waited;
  const Cycle issued = bench.sequencer.operator_times()[1].start;
  EXPECT_EQ(waited[static_cast<std::size_t>(WaitCause::kLoad)], issued);
  EXPECT_EQ(waited[static_cast<std::size_t>(WaitCause::kStore)], 0u);
  EXPECT_GE(issued, 120u);
}

TEST(Sequencer, AnEmptyProgramIsFinishedFromTheStart) {
  Bench bench({4, 4}, {});
  EXPECT_TRUE(bench.sequencer.finished());
  EXPECT_EQ(bench.run().activations, 0u);
}

TEST(Sequencer, SleepingChangesNoTransfer) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Random random(seed);
    const std::vector<Instruction> program = random_program(random, 80);
    Bench sleeping({4, 2}, program), ticking({4, 2}, program);
    sleeping.run();
    ticking.run({true, seed, true});
    ASSERT_EQ(sleeping.pushes, ticking.pushes) << "seed " << seed;
    ASSERT_EQ(sleeping.pops, ticking.pops) << "seed " << seed;
  }
}

TEST(Sequencer, AProgramThatWaitsForItselfIsADeadlockWithAState) {
  std::vector<Instruction> program(1);
  program[0].engine = Engine::kVector;
  program[0].wait_for(Event::kVectorDone, 1);
  Bench bench({4, 4}, program);
  const RunOutcome outcome = bench.run();
  ASSERT_EQ(outcome.status, RunStatus::kDeadlock);
  EXPECT_EQ(outcome.deadlock.blocks[0].state,
            "0 instructions done, 1 in flight; vector head of operator 0 wait_vector 1 (at 0)");
}

TEST(SequencerConfig, DescribesItselfSoundly) {
  EXPECT_TRUE(check_schema<SequencerConfig>().empty());
}

}  // namespace
}  // namespace lutetia
