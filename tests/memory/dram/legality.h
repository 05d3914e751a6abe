// A DRAM under random requests with the checker listening: what the tests of command legality share.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dram_rig.h"

namespace lutetia {

struct NamedMapping {
  const char* name;
  Mapping fields, permute;
};
inline const std::vector<NamedMapping> kMappings = {
    {"default", kInterleaved, {}},
    {"row_bank_column", kRowBankColumn, {}},
    {"split_permuted",
     {"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel", "column:2"},
     {"bank", "bank_group"}},
};
inline constexpr PagePolicy kPolicies[] = {PagePolicy::kOpen, PagePolicy::kOpenAdaptive, PagePolicy::kClosed,
                                           PagePolicy::kClosedAdaptive};

/// Whichever way the requests of a controller can come: scattered and in runs, in few rows and in many, some after a
/// pause.
inline Requests mixed(const DramSpec& spec, std::uint64_t count, std::uint64_t seed) {
  const std::uint64_t burst = spec.geometry.burst_bytes, bursts = spec.geometry.bytes() / burst;
  return {count, [=, random = Random(seed), at = std::uint64_t{0}, phase = std::uint64_t{0}, pauses = std::uint64_t{0},
                  now = Cycle{0}](std::uint64_t i) mutable {
            if (i % 512 == 0) phase = random.below(5);
            const bool near = phase == 1, run = phase == 2 || phase == 3;
            at = run ? (at + 1) % bursts : random.below(near ? std::min<std::uint64_t>(bursts, 4096) : bursts);
            PlayedRequest request = asked(at * burst, burst, random.bernoulli(phase == 3 ? 0.1 : 0.4));
            now += 4;
            if (phase == 4 && random.below(64) == 0) {
              pauses += random.below(3000);
              request.at = now + pauses;
            }
            return request;
          }};
}

struct Judged {
  std::uint64_t violations = 0, commands = 0;
  Cycle cycles = 0;
  std::string text;
};

inline Judged judged_run(const DramConfig& config, std::uint64_t count, std::uint64_t seed) {
  DramSystem system = system_of(config);
  CommandChecker checker(system.spec());
  system.set_sink(&checker);
  Requests source = mixed(system.spec(), count, seed);
  const PlayResult result = play(system, source);
  checker.finish(result.cycles);
  return {checker.violations(), checker.commands(), result.cycles, violations_text(checker)};
}

}  // namespace lutetia
