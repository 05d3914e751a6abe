#include "memory/dram/dram_spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "memory/dram/timing_expression.h"

namespace lutetia {
namespace {

/// One pass over a configuration; knows where its problems belong.
class Resolver {
 public:
  Resolver(const DramConfig& config, std::string path, Problems& problems)
      : config_(config), standard_(config.standard), path_(std::move(path)), problems_(problems) {}

  bool resolve(DramSpec& out) {
    const std::size_t before = problems_.size();
    const DramDevice* device = find(standard_.devices, config_.device, "device");
    const DramSpeed* speed = find(standard_.speeds, config_.speed, "speed");
    commands(out);
    if (device != nullptr && speed != nullptr) {
      if (speed->width != 0 && speed->width != device->width)
        add("speed", fmt::format("{} is for devices of {} data pins, {} has {}", speed->name, speed->width,
                                 device->name, device->width));
      geometry(*device, out);
      out.clock = {"memory", speed->clock};
      timings(*device, *speed, out);
      constraints(out);
      out.currents = speed->currents;
    }
    return problems_.size() == before;
  }

 private:
  template <class T>
  const T* find(const std::vector<T>& presets, const std::string& name, const char* key) {
    std::vector<std::string> names;
    const T* found = nullptr;
    for (const T& preset : presets) {
      names.push_back(preset.name);
      if (preset.name != name) continue;
      if (found != nullptr) add(std::string("standard.") + key + "s", "two presets have the name " + name);
      found = &preset;
    }
    if (found == nullptr)
      add(key, fmt::format("\"{}\" is no {} of {}{} Known: {}", name, key, standard_.name,
                           did_you_mean(name, names).empty() ? "." : did_you_mean(name, names), joined(names)));
    return found;
  }

  static int command_index(const std::string& name) {
    const auto found = std::find(kCommandNames.begin(), kCommandNames.end(), name);
    return found == kCommandNames.end() ? -1 : static_cast<int>(found - kCommandNames.begin());
  }

  std::string unknown_command(const std::string& name) const {
    const std::vector<std::string> all(kCommandNames.begin(), kCommandNames.end());
    return "\"" + name + "\" is no command" + did_you_mean(name, all) + " (known: " + joined(all) + ")";
  }

  void commands(DramSpec& out) {
    out.standard = standard_.name;
    out.device = config_.device;
    out.speed = config_.speed;
    out.split_bus = standard_.command_bus == CommandBus::kSplit;
    for (const auto& [name, cycles] : standard_.commands) {
      const int index = command_index(name);
      if (index < 0)
        add("standard.commands." + name, unknown_command(name));
      else
        out.command_cycles[static_cast<std::size_t>(index)] = static_cast<std::uint8_t>(cycles);
    }
    const PagePolicy policy = config_.controller.page_policy;
    std::vector<Command> needed = {Command::kActivate, Command::kPrecharge, Command::kRead, Command::kWrite};
    if (policy != PagePolicy::kOpen) needed.insert(needed.end(), {Command::kReadPrecharge, Command::kWritePrecharge});
    if (config_.controller.refresh == RefreshMode::kAllBank)
      needed.insert(needed.end(), {Command::kRefresh, Command::kPrechargeAll});
    if (config_.controller.refresh == RefreshMode::kPerBank) needed.push_back(Command::kRefreshBank);
    for (const Command c : needed)
      if (!out.has(c))
        add(c == Command::kRefresh || c == Command::kRefreshBank ? "controller.refresh" : "standard.commands",
            fmt::format("{} has no command {}", standard_.name, name(c)));
  }

  void geometry(const DramDevice& device, DramSpec& out) {
    DramGeometry& g = out.geometry;
    g.channels = config_.channels;
    g.pseudo_channels = device.pseudo_channels;
    g.ranks = device.ranks * config_.ranks;
    g.bank_groups = device.bank_groups;
    g.banks = device.banks;
    g.rows = device.rows;
    g.burst_bytes = device.channel_width * standard_.burst_length / 8;
    g.bursts = device.columns / standard_.burst_length;
    out.devices_per_rank = device.channel_width / device.width;
    out.burst_cycles = standard_.burst_length / standard_.data_rate;
    if (device.channel_width * standard_.burst_length % 8 != 0 || device.columns % standard_.burst_length != 0 ||
        g.bursts == 0)
      add("device", fmt::format("a row of {} columns does not hold whole bursts of {} transfers", device.columns,
                                standard_.burst_length));
    if (g.banks_per_channel() > 1024) add("ranks", "a channel has more than 1024 banks");
  }

  /// Cycles of all timings; each is given once, then a design may replace it.
  void timings(const DramDevice& device, const DramSpeed& speed, DramSpec& out) {
    std::map<std::string, std::string> given;  // timing -> path
    const auto take = [&](const std::string& where, const auto& cycles, const auto& times) {
      const auto enter = [&](const std::string& name, std::uint64_t value, const std::string& path) {
        const auto [first, is_new] = given.emplace(name, path);
        if (!is_new) add(path, "contradicts " + path_ + "." + first->second + ": a timing is given once");
        if (value > UINT32_MAX / 64) add(path, "is too long in cycles of this clock");
        out.timings[name] = static_cast<std::uint32_t>(value);
      };
      for (const auto& [name, value] : cycles) enter(name, value, where + "cycles." + name);
      for (const auto& [name, value] : times) {
        const Cycle up = cycles_in(out.clock, value);
        const bool exact = Wide(up) * 1'000'000'000'000u == Wide(value.value) * out.clock.frequency.value;
        const bool interval = name.compare(0, 5, "tREFI") == 0;  // a longest distance, all others are shortest
        enter(name, interval && !exact && up > 0 ? up - 1 : up, where + "times." + name);
      }
    };
    take("standard.", standard_.cycles, standard_.times);
    take(fmt::format("standard.devices[{}].", &device - standard_.devices.data()), device.cycles, device.times);
    take(fmt::format("standard.speeds[{}].", &speed - standard_.speeds.data()), speed.cycles, speed.times);
    if (given.count("BL") != 0) add(given["BL"], "BL follows from burst_length / data_rate and cannot be given");
    for (const auto& [name, value] : config_.cycles) {
      std::vector<std::string> names;
      for (const auto& entry : given) names.push_back(entry.first);
      if (given.count(name) == 0)
        add("cycles." + name, "is no timing of this device and speed" + did_you_mean(name, names));
      out.timings[name] = value;
    }
    out.timings["BL"] = out.burst_cycles;
    const auto needed = [&](const char* name, std::uint32_t& to) {
      const auto found = out.timings.find(name);
      if (found == out.timings.end())
        add("speed", std::string(name) + " is missing: neither standard, device nor speed gives it");
      else
        to = found->second;
    };
    needed("CL", out.read_latency);
    needed("CWL", out.write_latency);
    refresh_intervals(out, needed);
  }

  template <class Needed>
  void refresh_intervals(DramSpec& out, const Needed& needed) {
    if (config_.controller.refresh == RefreshMode::kNone) return;
    needed("tREFI", out.refresh_interval);
    const std::uint32_t banks = std::max(out.geometry.banks_per_rank(), 1u);
    const auto own = out.timings.find("tREFIpb");
    out.bank_refresh_interval = own != out.timings.end() ? own->second : out.refresh_interval / banks;
    const bool per_bank = config_.controller.refresh == RefreshMode::kPerBank;
    if (out.timings.count("tREFI") != 0 && (per_bank ? out.bank_refresh_interval : out.refresh_interval) == 0)
      add("controller.refresh", "the refresh interval is 0 cycles");
    // A refresh must end before the next is due, or nothing else would ever happen.
    for (const char* name : {"tRFC", "tRFCpb"}) {
      const auto found = out.timings.find(name);
      const bool own_kind = (std::string(name) == "tRFCpb") == per_bank;
      const std::uint64_t room = per_bank ? std::uint64_t{out.bank_refresh_interval} * banks : out.refresh_interval;
      if (own_kind && found != out.timings.end() && room != 0 && found->second * 2ull > room)
        add("controller.refresh",
            fmt::format("{} = {} cycles leaves no time in an interval of {} cycles", name, found->second, room));
    }
  }

  void constraints(DramSpec& out) {
    for (std::size_t i = 0; i < standard_.constraints.size(); ++i) {
      const ConstraintRow& row = standard_.constraints[i];
      const std::string where = fmt::format("standard.constraints[{}]", i);
      DramConstraint c;
      c.name = row.name;
      c.level = row.level;
      c.window = row.window;
      c.sibling = row.sibling;
      c.row = i;
      c.from = commands_of(row.from, where + ".from", out);
      c.to = commands_of(row.to, where + ".to", out);
      constexpr std::uint32_t kRankWide = mask(Command::kPrechargeAll) | mask(Command::kRefresh);
      if (c.level > Level::kRank && ((c.from | c.to) & kRankWide) != 0)
        add(where + ".level", "PREA and REFab address a whole rank: their rows are at rank level or above");
      if (row.sibling && row.level == Level::kChannel) add(where + ".sibling", "a channel has no siblings");
      if (row.sibling && row.window != 1) add(where + ".window", "a sibling row counts from the last command only");
      const TimingValue value = evaluate_timing(row.latency, out.timings);
      if (!value.error.empty())
        add(where + ".latency", value.error);
      else if (value.cycles >= (1 << 22))
        add(where + ".latency", fmt::format("{} cycles is out of range", value.cycles));
      else if (value.cycles > 0)  // e.g. a rank switch that is shorter than the difference of latencies
        c.latency = static_cast<std::uint32_t>(value.cycles), out.constraints.push_back(std::move(c));
    }
  }

  std::uint32_t commands_of(const std::vector<std::string>& names, const std::string& path, const DramSpec& spec) {
    std::uint32_t bits = 0;
    for (const std::string& name : names) {
      const int index = command_index(name);
      if (index < 0)
        add(path, unknown_command(name));
      else if (!spec.has(static_cast<Command>(index)))
        add(path, name + " is not among the standard's commands");
      else
        bits |= 1u << index;
    }
    return bits;
  }

  void add(const std::string& path, const std::string& message) { problems_.add({}, path_ + "." + path, message); }

  const DramConfig& config_;
  const DramStandard& standard_;
  std::string path_;
  Problems& problems_;
};

}  // namespace

bool resolve(const DramConfig& config, const std::string& path, DramSpec& out, Problems& problems) {
  out = {};
  return Resolver(config, path, problems).resolve(out);
}

}  // namespace lutetia
