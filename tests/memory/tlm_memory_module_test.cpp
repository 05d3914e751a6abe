// The TLM-2.0 edge: contents, timing equal to a MemoryPort's, back-pressure, errors. Every test elaborates, so under
// CTest each is a process of its own.
#include "memory/tlm_memory_module.h"

#include <gtest/gtest.h>

#include <sstream>

#include "kernel/systemc_kernel.h"
#include "memory/fixed_memory.h"
#include "memory/sram.h"
#include "memory_rig.h"
#include "tlm_rig.h"

/// Asked by LeakSanitizer at the end of the process, if it is linked.
extern "C" int __lsan_is_turned_off() {
  return lutetia::has_threads ? 1 : 0;
}

namespace lutetia {
namespace {

constexpr std::uint64_t kCapacity = 1 << 20;
const FixedMemoryConfig kMemory = memory_config(10'000'000'000, 30'000);

/// `count` accesses to [base, base + bytes); reads expect what the writes before them left.
std::vector<HostAccess> random_accesses(std::uint64_t seed, int count, std::uint64_t base, std::uint64_t bytes,
                                        std::uint64_t gap) {
  Random random(seed);
  std::vector<std::uint8_t> contents(bytes);
  std::vector<HostAccess> out;
  Cycle earliest = 1;
  for (int i = 0; i < count; ++i) {
    HostAccess access;
    const std::uint64_t n = 1 + random.below(random.bernoulli(0.1) ? 10'000 : 100);
    const std::uint64_t offset = random.below(bytes - n + 1);
    access.address = base + offset;
    access.bytes = static_cast<std::uint32_t>(n);
    access.write = random.bernoulli(0.5);
    if (access.write) random.bytes(contents.data() + offset, n);
    access.data.assign(contents.data() + offset, contents.data() + offset + n);
    if (gap > 0) earliest += random.below(gap);
    access.earliest = earliest;
    out.push_back(access);
  }
  return out;
}

RunOutcome run_until(SystemcKernel& kernel, const std::function<bool()>& finished) {
  const RunOutcome outcome = kernel.run(finished, [] { return false; });
  EXPECT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
  return outcome;
}

void expect_all_ok(const Initiator& initiator) {
  EXPECT_EQ(initiator.statuses.size(), initiator.accesses.size());
  for (const auto status : initiator.statuses) EXPECT_EQ(status, tlm::TLM_OK_RESPONSE);
}

/// Runs the accesses through an initiator and through a plain block, and compares every cycle.
template <class I>
void expect_timing_of_a_port(const ClockDomain& clock, std::uint32_t outstanding, std::uint64_t gap, bool one_by_one) {
  const std::vector<HostAccess> accesses = random_accesses(7, 200, 0, kCapacity, gap);
  SystemcKernel kernel("top");
  FixedMemory memory("memory", kMemory), twin("memory", kMemory);
  ByteStore contents(kCapacity);
  TlmMemoryModule target("edge", memory, contents, outstanding, clock);
  I initiator("host", clock);
  initiator.socket.bind(target.socket);
  initiator.accesses = accesses;
  kernel.add(memory);
  kernel.add(target.core());
  run_until(kernel, [&] { return initiator.done(); });
  expect_all_ok(initiator);

  DirectRequester direct("direct", clock, twin, outstanding, one_by_one);
  direct.accesses = accesses;
  EventKernel plain;
  plain.add(twin);
  plain.add(direct);
  EXPECT_EQ(plain.run([&] { return direct.done(); }).status, RunStatus::kFinished);
  if (!one_by_one) {
    EXPECT_EQ(initiator.entered, direct.entered);
  }
  EXPECT_EQ(initiator.answered, direct.answered);
  EXPECT_EQ(memory.bytes_read(), twin.bytes_read());
  EXPECT_EQ(memory.bytes_written(), twin.bytes_written());
}

TEST(TlmMemoryModule, BlockingAccessesReadWhatTheyWroteInTheCyclesOfAPort) {
  expect_timing_of_a_port<BlockingInitiator>({}, 4, 0, true);
}
TEST(TlmMemoryModule, BlockingAccessesWithGapsInAnotherClockTakeTheCyclesOfAPort) {
  expect_timing_of_a_port<BlockingInitiator>({"bus", Hertz(333'333'333)}, 4, 300, true);
}
TEST(TlmMemoryModule, NonBlockingAccessesReadWhatTheyWroteInTheCyclesOfAPort) {
  expect_timing_of_a_port<NonBlockingInitiator>({}, 4, 0, false);
}
TEST(TlmMemoryModule, NonBlockingAccessesWithOneSlotTakeTheCyclesOfAPort) {
  expect_timing_of_a_port<NonBlockingInitiator>({}, 1, 20, false);
}
TEST(TlmMemoryModule, NonBlockingAccessesInAnotherClockTakeTheCyclesOfAPort) {
  expect_timing_of_a_port<NonBlockingInitiator>({"bus", Hertz(1'410'000'000)}, 8, 20, false);
}

TEST(TlmMemoryModule, ARequestBeyondTheOutstandingOnesEntersOnlyAfterAResponse) {
  SystemcKernel kernel("top");
  FixedMemory memory("memory", kMemory);
  ByteStore contents(kCapacity);
  TlmMemoryModule target("edge", memory, contents, 3);
  NonBlockingInitiator initiator("host");
  initiator.socket.bind(target.socket);
  initiator.accesses.assign(20, {0, 64, false, {}, 1});
  kernel.add(memory);
  kernel.add(target.core());
  run_until(kernel, [&] { return initiator.done(); });
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(initiator.entered[i], 1 + i);
  for (std::size_t i = 3; i < 20; ++i) EXPECT_EQ(initiator.entered[i], initiator.answered[i - 3]);
}

TEST(TlmMemoryModule, AnInitiatorThatThinksBeforeEndRespHoldsTheSlotAndTheNextResponse) {
  SystemcKernel kernel("top");
  FixedMemory memory("memory", kMemory);
  ByteStore contents(kCapacity);
  TlmMemoryModule target("edge", memory, contents, 2);
  NonBlockingInitiator initiator("host", {}, sc_core::sc_time(99, sc_core::SC_NS));
  initiator.socket.bind(target.socket);
  initiator.accesses.assign(10, {0, 64, false, {}, 1});
  kernel.add(memory);
  kernel.add(target.core());
  run_until(kernel, [&] { return initiator.done(); });
  // END_RESP at the edge of cycle t + 99 is seen in t + 100.
  for (std::size_t i = 1; i < 10; ++i) EXPECT_GE(initiator.answered[i], initiator.answered[i - 1] + 100);
  for (std::size_t i = 2; i < 10; ++i) EXPECT_EQ(initiator.entered[i], initiator.answered[i - 2] + 100);
}

TEST(TlmMemoryModule, AnInitiatorThatNeverEndsAResponseIsADeadlockThatSaysSo) {
  SystemcKernel kernel("top");
  FixedMemory memory("memory", kMemory);
  ByteStore contents(kCapacity);
  TlmMemoryModule target("edge", memory, contents, 2);
  NonBlockingInitiator initiator("host", {}, sc_core::sc_max_time());
  initiator.socket.bind(target.socket);
  initiator.accesses.assign(5, {0, 64, false, {}, 1});
  kernel.add(memory);
  kernel.add(target.core());
  const RunOutcome outcome = kernel.run([&] { return initiator.done(); }, [] { return false; });
  EXPECT_EQ(outcome.status, RunStatus::kDeadlock);
  EXPECT_EQ(initiator.answered.size(), 1u);
  std::ostringstream report;
  report << outcome.deadlock;
  EXPECT_NE(report.str().find("the host has not taken its response"), std::string::npos) << report.str();
}

TEST(TlmMemoryModule, AThousandAccessesOfTwoInitiatorsReadWhatTheirOwnWritesLeft) {
  SystemcKernel kernel("top");
  SramConfig config;
  config.capacity = Bytes(kCapacity);
  Sram memory("memory", config);
  ByteStore contents(kCapacity);
  const ClockDomain bus{"bus", Hertz(800'000'000)};
  TlmMemoryModule first("edge0", memory, contents, 4), second("edge1", memory, contents, 8, bus);
  NonBlockingInitiator non_blocking("host0", {}, sc_core::sc_time(700, sc_core::SC_PS));
  BlockingInitiator blocking("host1", bus);
  non_blocking.socket.bind(first.socket);
  blocking.socket.bind(second.socket);
  non_blocking.accesses = random_accesses(1, 500, 0, kCapacity / 2, 0);
  blocking.accesses = random_accesses(2, 500, kCapacity / 2, kCapacity / 2, 40);
  kernel.add(memory);
  kernel.add(first.core());
  kernel.add(second.core());
  run_until(kernel, [&] { return non_blocking.done() && blocking.done(); });
  expect_all_ok(non_blocking);
  expect_all_ok(blocking);
  std::uint64_t bytes = 0;
  for (const Initiator* initiator : {static_cast<Initiator*>(&non_blocking), static_cast<Initiator*>(&blocking)})
    for (const HostAccess& access : initiator->accesses) bytes += access.bytes;
  EXPECT_EQ(memory.bytes_read() + memory.bytes_written(), bytes);
  EXPECT_EQ(memory.requests(), 1000u);
}

/// Runs `test` in a thread of SystemC with an initiator socket bound to a memory of kCapacity bytes.
class Script final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Script);
  tlm_utils::simple_initiator_socket<Script> socket{"socket"};
  Script(const sc_core::sc_module_name& name, std::function<void(Script&)> test)
      : sc_module(name), test_(std::move(test)) {
    has_threads = true;
    socket.register_nb_transport_bw(this, &Script::nb_transport_bw);
    SC_THREAD(work);
  }
  bool done = false;

 private:
  void work() {
    test_(*this);
    done = true;
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase& phase, sc_core::sc_time&) {
    return phase == tlm::BEGIN_RESP ? tlm::TLM_COMPLETED : tlm::TLM_ACCEPTED;
  }
  std::function<void(Script&)> test_;
};

void run_script(const std::function<void(Script&)>& test) {
  SystemcKernel kernel("top");
  FixedMemory memory("memory", kMemory);
  ByteStore contents(kCapacity);
  TlmMemoryModule target("edge", memory, contents);
  Script script("script", test);
  script.socket.bind(target.socket);
  kernel.add(memory);
  kernel.add(target.core());
  run_until(kernel, [&] { return script.done; });
}

struct Access {
  Access(tlm::tlm_command command, std::uint64_t address, unsigned bytes) : data(bytes) {
    payload.set_command(command);
    payload.set_address(address);
    payload.set_data_ptr(data.data());
    payload.set_data_length(bytes);
    payload.set_streaming_width(bytes);
  }
  std::vector<std::uint8_t> data;
  tlm::tlm_generic_payload payload;
};

TEST(TlmMemoryModule, WhatItCannotDoIsRefusedAtOnceWithTheStatusThatSaysWhy) {
  run_script([](Script& script) {
    std::uint8_t enable = TLM_BYTE_ENABLED;
    std::vector<std::pair<tlm::tlm_response_status, std::function<void(tlm::tlm_generic_payload&)>>> faults = {
        {tlm::TLM_COMMAND_ERROR_RESPONSE, [](auto& p) { p.set_command(tlm::TLM_IGNORE_COMMAND); }},
        {tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE, [&](auto& p) { p.set_byte_enable_ptr(&enable); }},
        {tlm::TLM_BURST_ERROR_RESPONSE, [](auto& p) { p.set_streaming_width(32); }},
        {tlm::TLM_BURST_ERROR_RESPONSE, [](auto& p) { p.set_data_length(0); }},
        {tlm::TLM_ADDRESS_ERROR_RESPONSE, [](auto& p) { p.set_address(kCapacity - 63); }},
        {tlm::TLM_ADDRESS_ERROR_RESPONSE, [](auto& p) { p.set_address(~std::uint64_t{0}); }},
    };
    for (const auto& [status, spoil] : faults) {
      Access blocking(tlm::TLM_READ_COMMAND, 0, 64), non_blocking(tlm::TLM_WRITE_COMMAND, 0, 64);
      spoil(blocking.payload);
      spoil(non_blocking.payload);
      sc_core::sc_time delay;
      tlm::tlm_phase phase = tlm::BEGIN_REQ;
      script.socket->b_transport(blocking.payload, delay);
      EXPECT_EQ(blocking.payload.get_response_status(), status);
      EXPECT_EQ(script.socket->nb_transport_fw(non_blocking.payload, phase, delay), tlm::TLM_COMPLETED);
      EXPECT_EQ(non_blocking.payload.get_response_status(), status);
    }
    EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
    Access last(tlm::TLM_READ_COMMAND, kCapacity - 64, 64);
    sc_core::sc_time delay;
    script.socket->b_transport(last.payload, delay);
    EXPECT_EQ(last.payload.get_response_status(), tlm::TLM_OK_RESPONSE);
  });
}

TEST(TlmMemoryModule, TheAnnotatedDelayIsWaitedOut) {
  run_script([](Script& script) {
    Access access(tlm::TLM_READ_COMMAND, 0, 10);
    sc_core::sc_time delay(500, sc_core::SC_NS);
    script.socket->b_transport(access.payload, delay);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    // Enters in 501, is taken in 502, 10 bytes at 10 per cycle, latency 30, one cycle back.
    EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::sc_time(502 + 1 + 30 + 1, sc_core::SC_NS));
  });
}

TEST(TlmMemoryModule, DebugTransportSeesTheContentsWithoutTime) {
  run_script([](Script& script) {
    Access written(tlm::TLM_WRITE_COMMAND, kCapacity - 10, 64), seen(tlm::TLM_READ_COMMAND, kCapacity - 20, 64);
    std::fill(written.data.begin(), written.data.end(), 7);
    EXPECT_EQ(script.socket->transport_dbg(written.payload), 10u);
    EXPECT_EQ(script.socket->transport_dbg(seen.payload), 20u);
    EXPECT_EQ(seen.data[9], 0);
    EXPECT_EQ(seen.data[10], 7);
    EXPECT_EQ(seen.data[20], 0);
    seen.payload.set_address(kCapacity);
    EXPECT_EQ(script.socket->transport_dbg(seen.payload), 0u);
    EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
  });
}

TEST(TlmMemoryModule, ASecondBeginReqBeforeEndReqIsAnError) {
  run_script([](Script& script) {
    Access first(tlm::TLM_READ_COMMAND, 0, 64), second(tlm::TLM_READ_COMMAND, 0, 64);
    sc_core::sc_time delay;
    tlm::tlm_phase phase = tlm::BEGIN_REQ, again = tlm::BEGIN_REQ, early = tlm::END_RESP;
    EXPECT_EQ(script.socket->nb_transport_fw(first.payload, phase, delay), tlm::TLM_ACCEPTED);
    EXPECT_THROW(script.socket->nb_transport_fw(second.payload, again, delay), sc_core::sc_report);
    EXPECT_THROW(script.socket->nb_transport_fw(first.payload, early, delay), sc_core::sc_report);
    sc_core::wait(1, sc_core::SC_US);
    EXPECT_EQ(first.payload.get_response_status(), tlm::TLM_OK_RESPONSE);
    phase = tlm::BEGIN_REQ;
    EXPECT_EQ(script.socket->nb_transport_fw(second.payload, phase, delay), tlm::TLM_ACCEPTED);
    sc_core::wait(1, sc_core::SC_US);
    EXPECT_EQ(second.payload.get_response_status(), tlm::TLM_OK_RESPONSE);
  });
}

TEST(TlmMemoryModule, ThreadsMayBlockAtOneSocketAtTheSameTimeAndBesideANonBlockingRequest) {
  run_script([](Script& script) {
    std::vector<sc_core::sc_time> ends;
    const auto access = [&] {
      Access read(tlm::TLM_READ_COMMAND, 0, 10);
      sc_core::sc_time delay;
      script.socket->b_transport(read.payload, delay);
      ends.push_back(sc_core::sc_time_stamp());
    };
    for (int i = 0; i < 20; ++i) sc_core::sc_spawn(access);
    Access beside(tlm::TLM_READ_COMMAND, 0, 10);
    sc_core::sc_time delay;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    script.socket->nb_transport_fw(beside.payload, phase, delay);
    sc_core::wait(1, sc_core::SC_US);
    EXPECT_EQ(beside.payload.get_response_status(), tlm::TLM_OK_RESPONSE);
    ASSERT_EQ(ends.size(), 20u);
    for (std::size_t i = 1; i < 20; ++i) EXPECT_GT(ends[i], ends[i - 1]);
  });
}

}  // namespace
}  // namespace lutetia
