// DRAM behind its TLM-2.0 edge: an outside host reads back what it wrote, in the cycles that a MemoryPort gives.
#include <gtest/gtest.h>

#include "kernel/systemc_kernel.h"
#include "memory/dram/dram_memory.h"
#include "memory/dram/standards.h"
#include "memory/tlm_rig.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kBytes = 1 << 20;

/// Writes and reads of up to 256 bytes; a read knows what it must find.
std::vector<HostAccess> accesses_of(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> contents(kBytes, 0);
  std::vector<HostAccess> out;
  for (int i = 0; i < 300; ++i) {
    HostAccess access;
    access.bytes = static_cast<std::uint32_t>(1 + random.below(256));
    access.address = random.below(4096) * 64;
    access.write = random.bernoulli(0.5);
    access.data.resize(access.bytes);
    if (access.write) random.bytes(access.data.data(), access.bytes);
    for (std::uint32_t b = 0; b < access.bytes; ++b)
      (access.write ? contents[access.address + b] : access.data[b]) =
          access.write ? access.data[b] : contents[access.address + b];
    out.push_back(std::move(access));
  }
  return out;
}

TEST(DramTlm, AHostReadsBackWhatItWroteInTheCyclesOfAPort) {
  const DramConfig config = config_of(standard_named("ddr4"), "8Gb_x8", "2400U");
  const ClockDomain clock;
  SystemcKernel kernel("top");
  DramMemory memory("memory", config), twin("memory", config);
  ByteStore contents(kBytes);
  TlmMemoryModule target("edge", memory, contents, 4, clock);
  NonBlockingInitiator host("host", clock);
  host.socket.bind(target.socket);
  host.accesses = accesses_of(3);
  kernel.add(memory);
  kernel.add(target.core());
  const RunOutcome outcome = kernel.run([&] { return host.done(); }, [] { return false; });
  ASSERT_EQ(outcome.status, RunStatus::kFinished) << outcome.deadlock;
  ASSERT_EQ(host.statuses.size(), host.accesses.size());
  for (const auto status : host.statuses) EXPECT_EQ(status, tlm::TLM_OK_RESPONSE);

  DirectRequester direct("direct", clock, twin, 4, false);
  direct.accesses = host.accesses;
  EventKernel plain;
  plain.add(twin);
  plain.add(direct);
  EXPECT_EQ(plain.run([&] { return direct.done(); }).status, RunStatus::kFinished);
  EXPECT_EQ(host.entered, direct.entered);
  EXPECT_EQ(host.answered, direct.answered);
}

}  // namespace
}  // namespace lutetia
