// What tests of the whole DRAM drive it with: configurations, streams of requests, and a sink that remembers.
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "memory/dram/command_checker.h"
#include "memory/dram/request_player.h"
#include "standards.h"

namespace lutetia {

using Mapping = std::vector<std::string>;

/// Fields from the most significant down. A stream stays in a bank for a row, or visits a bank group per burst.
inline const Mapping kRowBankColumn = {"row", "rank", "bank", "bank_group", "pseudo_channel", "column", "channel"};
inline const Mapping kInterleaved = {"row", "rank", "bank", "column", "bank_group", "pseudo_channel", "channel"};

/// Read once per process; a standard's file is long.
inline const DramStandard& standard_once(const std::string& name) {
  static std::map<std::string, DramStandard> standards;
  const auto found = standards.find(name);
  return found != standards.end() ? found->second : standards.emplace(name, standard_named(name)).first->second;
}

/// The DDR4 with which public simulators were measured.
inline DramConfig ddr4_config(RefreshMode refresh = RefreshMode::kAllBank, const Mapping& mapping = kInterleaved) {
  DramConfig config = config_of(standard_once("ddr4"), "8Gb_x8", "2400U", refresh);
  config.controller.mapping = mapping;
  return config;
}

/// The first device and speed of a standard that fit each other.
inline DramConfig first_config(const std::string& standard, RefreshMode refresh = RefreshMode::kAllBank) {
  const auto pair = legal_pairs(standard_once(standard)).front();
  return config_of(standard_once(standard), pair.first, pair.second, refresh);
}

inline std::vector<RefreshMode> refresh_modes(const DramStandard& standard) {
  std::vector<RefreshMode> out = {RefreshMode::kNone, RefreshMode::kAllBank};
  if (standard.commands.count("REFpb") != 0) out.push_back(RefreshMode::kPerBank);
  return out;
}

/// A system of a configuration that must be without fault.
inline DramSystem system_of(const DramConfig& config) {
  DramSpec spec;
  Problems problems;
  EXPECT_TRUE(resolve_dram(config, "dram", spec, problems)) << text_of(problems);
  return DramSystem(config);
}

/// `count` requests, each made by a function of its number.
class Requests final : public RequestSource {
 public:
  using Make = std::function<PlayedRequest(std::uint64_t)>;
  Requests(std::uint64_t count, Make make) : count_(count), make_(std::move(make)) {}
  bool next(PlayedRequest& request) override {
    if (made_ == count_) return false;
    request = make_(made_++);
    return true;
  }

 private:
  std::uint64_t count_, made_ = 0;
  Make make_;
};

inline PlayedRequest asked(std::uint64_t address, std::uint64_t bytes, bool write = false) {
  return {PlayedRequest::kAsSoonAsPossible, write, address, bytes};
}

inline Requests sequential(const DramSpec& spec, std::uint64_t count, bool write = false) {
  const std::uint64_t burst = spec.geometry.burst_bytes;
  return {count, [=](std::uint64_t i) { return asked(i * burst, burst, write); }};
}

/// Bursts anywhere in the first `range` bytes; a share of them is written.
inline Requests scattered(const DramSpec& spec, std::uint64_t count, std::uint64_t seed, double writes = 0,
                          std::uint64_t range = 0) {
  const std::uint64_t burst = spec.geometry.burst_bytes;
  const std::uint64_t bursts = (range == 0 ? spec.geometry.bytes() : range) / burst;
  return {count, [=, random = Random(seed)](std::uint64_t) mutable {
            const std::uint64_t address = random.below(bursts) * burst;
            return asked(address, burst, random.bernoulli(writes));
          }};
}

struct CommandRecorder final : CommandSink {
  void issued(const DramCommand& command) override { commands.push_back(command); }
  std::vector<DramCommand> commands;
};

inline bool operator==(const DramCommand& a, const DramCommand& b) {
  return a.at == b.at && a.command == b.command && a.channel == b.channel && a.bank == b.bank && a.row == b.row &&
         a.column == b.column;
}

inline std::string violations_text(const CommandChecker& checker) {
  std::string out = std::to_string(checker.violations()) + " violations\n";
  for (const Violation& v : checker.first_violations()) out += checker.text(v) + "\n";
  return out;
}

}  // namespace lutetia
