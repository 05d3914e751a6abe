// The standards of configs/dram for tests: reading and resolving them, and the distance that their rows imply.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/read.h"
#include "memory/dram/dram_spec.h"

namespace lutetia {

inline std::string text_of(const Problems& problems) {
  std::string out;
  for (const Problem& p : problems.items()) out += p.text() + "\n";
  return out;
}

inline std::vector<std::string> standard_names() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(LUTETIA_SOURCE_DIR "/configs/dram"))
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

inline std::string standard_file(const std::string& name) {
  return std::string(LUTETIA_SOURCE_DIR "/configs/dram/") + name + ".yaml";
}

inline DramStandard standard_named(const std::string& name) {
  DramStandard out;
  Problems problems;
  read_yaml_file(standard_file(name), out, problems);
  EXPECT_TRUE(problems.empty()) << text_of(problems);
  return out;
}

/// Device and speed names that fit each other.
inline std::vector<std::pair<std::string, std::string>> legal_pairs(const DramStandard& standard) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const DramDevice& device : standard.devices)
    for (const DramSpeed& speed : standard.speeds)
      if (speed.width == 0 || speed.width == device.width) out.emplace_back(device.name, speed.name);
  return out;
}

inline DramConfig config_of(const DramStandard& standard, const std::string& device, const std::string& speed,
                            RefreshMode refresh = RefreshMode::kAllBank) {
  DramConfig config;
  config.standard = standard;
  config.device = device;
  config.speed = speed;
  config.controller.refresh = refresh;
  return config;
}

inline DramSpec resolved(const DramConfig& config) {
  DramSpec out;
  Problems problems;
  EXPECT_TRUE(resolve(config, "dram", out, problems)) << text_of(problems);
  return out;
}

inline DramSpec resolved(const DramStandard& standard, const std::string& device, const std::string& speed) {
  return resolved(config_of(standard, device, speed));
}

inline int command_number(const std::string& name) {
  const auto found = std::find(kCommandNames.begin(), kCommandNames.end(), name);
  return found == kCommandNames.end() ? -1 : static_cast<int>(found - kCommandNames.begin());
}

inline Command command_named(const std::string& name) {
  EXPECT_GE(command_number(name), 0) << name;
  return static_cast<Command>(std::max(command_number(name), 0));
}

/// Whether a row speaks of two commands whose deepest common node is of level `same`.
inline bool applies(Level row, bool sibling, Level same) {
  return sibling ? static_cast<int>(row) == static_cast<int>(same) + 1 : row <= same;
}

/// Cycles from `first` to the earliest `second`, straight from the rows; windows of several commands are left out.
inline std::uint32_t distance(const DramSpec& spec, Command first, Command second, Level same) {
  std::uint32_t out = 0;
  for (const DramConstraint& row : spec.constraints)
    if (row.window == 1 && (row.from & mask(first)) != 0 && (row.to & mask(second)) != 0 &&
        applies(row.level, row.sibling, same))
      out = std::max(out, row.latency);
  return out;
}

}  // namespace lutetia
