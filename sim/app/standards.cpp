#include "app/standards.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>
#include <system_error>

#include "app/command.h"
#include "app/inputs.h"
#include "base/quantity_text.h"
#include "config/read.h"
#include "memory/dram/dram_system.h"
#include "report/human.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;

/// The kind of refresh that the standard has commands for.
RefreshMode refresh_of(const DramStandard& standard) {
  const auto has = [&](Command c) { return standard.commands.count(std::string(name(c))) != 0; };
  if (has(Command::kRefresh)) return RefreshMode::kAllBank;
  return has(Command::kRefreshBank) ? RefreshMode::kPerBank : RefreshMode::kNone;
}

constexpr const char* kAbove = "dram";

/// Problems of a standard as part of a memory, told as the standard's own.
class StandardProblems {
 public:
  StandardProblems(const std::string& file, const Origins& origins, Problems& problems)
      : file_(file), origins_(origins), problems_(problems) {}

  void add(const Problems& found, const std::string& device, const std::string& speed) {
    for (const Problem& p : found.items()) {
      const std::string prefix = std::string(kAbove) + ".standard.";
      const bool inside = p.path.rfind(prefix, 0) == 0;
      const std::string path = p.path.substr(inside ? prefix.size() : std::string(kAbove).size() + 1);
      if (!told_.insert(path + " " + p.message).second) continue;  // of one mistake, the first pair is enough
      const SourceLocation where = inside ? origin_location(origins_, file_, path) : SourceLocation{file_, 0, 0};
      problems_.add(where, path, fmt::format("{} (device {}, speed {})", p.message, device, speed));
    }
  }

 private:
  const std::string& file_;
  const Origins& origins_;
  Problems& problems_;
  std::set<std::string> told_;
};

std::string widths(const DramSpeed& speed) {
  return speed.width == 0 ? "" : fmt::format(" (x{} only)", speed.width);
}

}  // namespace

std::string check_standard(const std::string& file, Problems& problems) {
  const std::size_t before = problems.size();
  DramConfig config;
  Origins origins;
  if (!read_yaml_file(file, config.standard, problems, {}, &origins)) return "";
  config.controller.refresh = refresh_of(config.standard);
  StandardProblems out(file, origins, problems);
  std::size_t pairs = 0;
  for (const DramDevice& device : config.standard.devices)
    for (const DramSpeed& speed : config.standard.speeds) {
      if (speed.width != 0 && speed.width != device.width) continue;
      config.device = device.name;
      config.speed = speed.name;
      DramSpec spec;
      Problems found;
      resolve(config, kAbove, spec, found);
      out.add(found, device.name, speed.name);
      ++pairs;
    }
  if (pairs == 0 && problems.size() == before)
    problems.add({file, 0, 0}, "", "no device fits any speed: both lists need entries, and widths that agree");
  if (problems.size() != before) return "";
  return fmt::format("standard {}: {} devices, {} speeds, {} pairs resolve", config.standard.name,
                     config.standard.devices.size(), config.standard.speeds.size(), pairs);
}

int help_standards() {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator it("configs/dram", code), end; !code && it != end; it.increment(code))
    if (it->path().extension() == ".yaml") files.push_back(it->path());
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    std::cout << "no DRAM standards in configs/dram of the current folder\n";
    return kExitDone;
  }
  std::cout
      << "A memory names one of each, e.g. memory: {dram: {standard: ddr4, device: 8Gb_x8, speed: 2400U}}; keys:\n"
         "lutetia help config memory.dram. A speed written (x16 only) is for devices of so many data pins.\n";
  Problems problems;
  for (const fs::path& file : files) {
    DramStandard standard;
    if (!read_yaml_file(file.string(), standard, problems)) continue;
    std::cout << fmt::format("\n{}\n", file.stem().string());
    TextTable table("lll");
    for (const DramDevice& d : standard.devices)
      table.add({&d == &standard.devices.front() ? "devices" : "", d.name,
                 fmt::format("{} per channel of {} x {} bits", human_bytes(static_cast<double>(d.capacity.value)),
                             d.pseudo_channels, d.channel_width)});
    for (const DramSpeed& s : standard.speeds)
      table.add({&s == &standard.speeds.front() ? "speeds" : "", s.name,
                 fmt::format("command clock {}{}", to_text(s.clock), widths(s))});
    std::cout << table.text();
  }
  return problems.empty() ? kExitDone : user_error(problems);
}

}  // namespace lutetia
