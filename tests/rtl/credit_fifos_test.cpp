// Credit FIFOs (credit_fifos.sv) against a queue, and against sim/kernel's rule for how soon a slot can be taken again.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <random>
#include <stdexcept>

#include "Vcredit_fifos.h"
#include "verilated.h"

namespace {

constexpr std::array<std::size_t, 5> kDepths = {1, 2, 3, 5, 8};

class Fifos {
 public:
  Fifos() {
    dut_.rst_ni = 0;
    Clock();
    dut_.rst_ni = 1;
    dut_.eval();
  }
  ~Fifos() { dut_.final(); }

  bool Room(std::size_t v) const { return (dut_.room_o >> v & 1) != 0; }
  bool Valid(std::size_t v) const { return (dut_.out_valid_o >> v & 1) != 0; }
  bool Busy(std::size_t v) const { return (dut_.busy_o >> v & 1) != 0; }
  std::uint16_t Front(std::size_t v) const { return static_cast<std::uint16_t>(dut_.out_data_o[v / 2] >> v % 2 * 16); }
  void Reserve(std::size_t v) { dut_.reserve_i = static_cast<std::uint8_t>(dut_.reserve_i | 1u << v); }
  void Accept(std::size_t v) { dut_.out_ready_i = static_cast<std::uint8_t>(dut_.out_ready_i | 1u << v); }
  void Push(std::size_t v, std::uint16_t word) {
    dut_.push_i = static_cast<std::uint8_t>(dut_.push_i | 1u << v);
    const auto shift = static_cast<std::uint32_t>(v % 2 * 16);
    dut_.push_data_i[v / 2] = (dut_.push_data_i[v / 2] & ~(0xffffu << shift)) | std::uint32_t{word} << shift;
  }
  void Clock() {
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
    dut_.reserve_i = dut_.push_i = dut_.out_ready_i = 0;
  }

 private:
  VerilatedContext context_;
  Vcredit_fifos dut_{&context_};
};

TEST(CreditFifos, RandomReservationsPushesAndPops) {
  struct Model {
    std::size_t in_pipeline = 0;
    std::deque<std::uint16_t> words;
  };
  Fifos fifos;
  std::array<Model, kDepths.size()> models;
  std::mt19937 random(20240705);
  std::array<std::size_t, kDepths.size()> full{};
  for (int cycle = 0; cycle < 200'000; ++cycle) {
    // Phases of fast and slow producers, pipelines and consumers.
    const unsigned reserves = 1 + cycle / 64 % 4, pushes = 1 + cycle / 256 % 3, pops = 1 + cycle / 1024 % 4;
    for (std::size_t v = 0; v < kDepths.size(); ++v) {
      Model& m = models[v];
      const std::size_t taken = m.in_pipeline + m.words.size();
      ASSERT_EQ(fifos.Room(v), taken < kDepths[v]) << "cycle " << cycle << ", depth " << kDepths[v];
      ASSERT_EQ(fifos.Busy(v), taken != 0);
      ASSERT_EQ(fifos.Valid(v), !m.words.empty()) << "cycle " << cycle << ", depth " << kDepths[v];
      if (!m.words.empty()) {
        ASSERT_EQ(fifos.Front(v), m.words.front()) << "cycle " << cycle;
      }
      full[v] += taken == kDepths[v] ? 1 : 0;
      const bool reserve = taken < kDepths[v] && random() % reserves == 0;
      const bool push = m.in_pipeline > 0 && random() % pushes == 0;
      if (random() % pops == 0) {  // ready without valid does nothing
        fifos.Accept(v);
        if (!m.words.empty()) m.words.pop_front();
      }
      if (push) {
        const auto word = static_cast<std::uint16_t>(random());
        fifos.Push(v, word);
        m.words.push_back(word);
        --m.in_pipeline;
      }
      if (reserve) {
        fifos.Reserve(v);
        ++m.in_pipeline;
      }
    }
    fifos.Clock();
  }
  for (std::size_t v = 0; v < kDepths.size(); ++v) EXPECT_GT(full[v], 1000u) << "depth " << kDepths[v];
}

// fire(i) >= pop(i - depth) + 1: with a pipeline of L - 1 stages and an eager consumer, a slot is taken for L + 1
// cycles.
TEST(CreditFifos, ADepthOfLatencyPlusOneIsFullRate) {
  constexpr int kLatency = 4, kCycles = 1000;
  Fifos fifos;
  std::array<std::deque<int>, kDepths.size()> pipelines;
  std::array<int, kDepths.size()> fires{};
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    for (std::size_t v = 0; v < kDepths.size(); ++v) {
      fifos.Accept(v);
      if (!pipelines[v].empty() && pipelines[v].front() == cycle) fifos.Push(v, 0), pipelines[v].pop_front();
      if (!fifos.Room(v)) continue;
      fifos.Reserve(v);
      pipelines[v].push_back(cycle + kLatency - 1);
      ++fires[v];
    }
    fifos.Clock();
  }
  for (std::size_t v = 0; v < kDepths.size(); ++v) {
    const int slots = static_cast<int>(kDepths[v]);
    EXPECT_NEAR(fires[v], slots > kLatency ? kCycles : kCycles * slots / (kLatency + 1), slots) << "depth " << slots;
  }
}

TEST(CreditFifos, AReservationWithoutRoomDies) {
  Fifos fifos;
  fifos.Reserve(0);
  fifos.Clock();
  fifos.Reserve(0);
  EXPECT_THROW(fifos.Clock(), std::runtime_error);
}

TEST(CreditFifos, APushWithoutAReservationDies) {
  Fifos fifos;
  fifos.Push(4, 1);
  EXPECT_THROW(fifos.Clock(), std::runtime_error);
}

}  // namespace
