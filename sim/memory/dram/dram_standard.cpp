#include "memory/dram/dram_standard.h"

namespace lutetia {
namespace {

constexpr std::uint32_t kMostCycles = 1u << 24;

std::vector<std::pair<std::string, Level>> level_choices() {
  std::vector<std::pair<std::string, Level>> out;
  for (std::size_t i = 0; i < kLevels; ++i) out.emplace_back(std::string(kLevelNames[i]), static_cast<Level>(i));
  return out;
}

template <class T>
void describe_timings(Schema& s, T& c, const std::string& whose) {
  s.map("cycles", c.cycles, "timings of " + whose + " in cycles of the command clock").range(0, kMostCycles);
  s.map("times", c.times, "timings of " + whose + " as times, rounded up to cycles (tREFI: down)")
      .range(Picoseconds(0), Picoseconds(1'000'000'000'000));
}

}  // namespace

void describe(Schema& s, ConstraintRow& c) {
  s.field("name", c.name, "what statistics call the constraint, e.g. tFAW").required();
  s.choice("level", c.level, level_choices(), "node that both commands share").required();
  s.field("from", c.from, "earlier commands").count(1, kCommands).required();
  s.field("to", c.to, "later commands").count(1, kCommands).required();
  s.field("latency", c.latency, "least distance in cycles: timings and numbers with + - max(a, b)").required();
  s.field("window", c.window, "counts from the so-many-th last earlier command").range(1, 8);
  s.field("sibling", c.sibling, "the later command goes to another node of the same parent");
}

void describe(Schema& s, DramDevice& c) {
  s.field("name", c.name, "name of the organisation").required();
  s.field("width", c.width, "data pins of a device").range(1, 1024);
  s.field("channel_width", c.channel_width, "data pins of a channel or pseudo channel").range(8, 1024);
  s.field("pseudo_channels", c.pseudo_channels, "data buses that share a command bus").range(1, 4);
  s.field("ranks", c.ranks, "ranks within the device (HBM: stack IDs)").range(1, 8);
  s.field("bank_groups", c.bank_groups, "bank groups of a rank").range(1, 16);
  s.field("banks", c.banks, "banks of a bank group").range(1, 32);
  s.field("rows", c.rows, "rows of a bank").range(1, 1u << 24);
  s.field("columns", c.columns, "words of channel_width bits in a row").range(1, 1u << 16);
  s.field("capacity", c.capacity, "of a channel with one rank, to check the numbers above").required();
  describe_timings(s, c, "the device");
  s.rule([&c] { return c.channel_width % c.width == 0; }, {"width", "channel_width"},
         "width must divide channel_width");
  s.rule(
      [&c] {
        const std::uint64_t words =
            std::uint64_t{c.pseudo_channels} * c.ranks * c.bank_groups * c.banks * c.rows * c.columns;
        return c.capacity.value == words * c.channel_width / 8;
      },
      {"capacity", "pseudo_channels", "ranks", "bank_groups", "banks", "rows", "columns", "channel_width"},
      "capacity contradicts the organisation: it is the product of all levels, rows, columns and channel_width / 8");
}

void describe(Schema& s, DramCurrents& c) {
  const auto volts = [&s](const char* key, double& member, const char* help) {
    s.field(key, member, help).range(0.0, 20.0);
  };
  const auto milliamperes = [&s](const char* key, double& member, const char* help) {
    s.field(key, member, help).range(0.0, 10000.0);
  };
  volts("vdd", c.vdd, "core supply, V");
  milliamperes("idd0", c.idd0, "one bank activated and precharged every tRC, mA");
  milliamperes("idd2n", c.idd2n, "standby, all banks precharged, mA");
  milliamperes("idd3n", c.idd3n, "standby, banks open, mA");
  milliamperes("idd4r", c.idd4r, "gapless reads, mA");
  milliamperes("idd4w", c.idd4w, "gapless writes, mA");
  milliamperes("idd5b", c.idd5b, "refresh every tRFC, mA");
  volts("vpp", c.vpp, "activation supply, V; 0: none");
  milliamperes("ipp0", c.ipp0, "as idd0, of vpp");
  milliamperes("ipp2n", c.ipp2n, "as idd2n, of vpp");
  milliamperes("ipp3n", c.ipp3n, "as idd3n, of vpp");
  milliamperes("ipp4r", c.ipp4r, "as idd4r, of vpp");
  milliamperes("ipp4w", c.ipp4w, "as idd4w, of vpp");
  milliamperes("ipp5b", c.ipp5b, "as idd5b, of vpp");
  s.field("bank_standby_share", c.bank_standby_share,
          "part of idd3n - idd2n that flows however many banks are open (DRAMPower: rho)")
      .range(0.0, 1.0);
  s.field("io_pj_per_bit", c.io_pj_per_bit, "data pins and termination, pJ per bit moved; 0: left out")
      .range(0.0, 1000.0);
  s.rule([&c] { return c.idd3n >= c.idd2n; }, {"idd2n", "idd3n"}, "idd3n must not be below idd2n");
  s.rule([&c] { return c.idd4r >= c.idd3n && c.idd4w >= c.idd3n && c.idd5b >= c.idd3n; },
         {"idd3n", "idd4r", "idd4w", "idd5b"}, "idd4r, idd4w and idd5b contain idd3n and must not be below it");
}

void describe(Schema& s, DramSpeed& c) {
  s.field("name", c.name, "name of the speed grade").required();
  s.field("clock", c.clock, "clock of commands (CK)").range(Hertz(1'000'000), Hertz(20'000'000'000)).required();
  s.field("width", c.width, "for devices of this width only; 0: any").range(0, 1024);
  describe_timings(s, c, "the speed grade");
  s.optional_group("currents", c.currents, "supply currents of one device, for energy");
}

void describe(Schema& s, StandardCheck& c) {
  s.field("first", c.first, "command at cycle 0").required();
  s.field("second", c.second, "command whose earliest cycle is stated").required();
  s.choice("same", c.same, level_choices(), "deepest level that both share").required();
  s.field("device", c.device, "name of a device").required();
  s.field("speed", c.speed, "name of a speed").required();
  s.field("cycles", c.cycles, "earliest legal cycle of the second").required();
}

void describe(Schema& s, DramStandard& c) {
  s.field("name", c.name, "name of the standard").required();
  s.field("data_rate", c.data_rate, "transfers per cycle of the command clock").range(1, 64);
  s.field("burst_length", c.burst_length, "transfers of a column command").range(1, 64);
  s.choice("command_bus", c.command_bus, {{"shared", CommandBus::kShared}, {"split", CommandBus::kSplit}},
           "one command bus, or one for row and one for column commands");
  s.map("commands", c.commands, "commands of the standard and the bus cycles of each")
      .range(1, 8)
      .count(1, kCommands)
      .required();
  describe_timings(s, c, "all presets");
  s.list("constraints", c.constraints, "timing constraints").count(1, 250).required();
  s.list("devices", c.devices, "organisations").count(1, 200).required();
  s.list("speeds", c.speeds, "speed grades").count(1, 200).required();
  s.list("checks", c.checks, "earliest cycles that a test compares with the rows").count(0, 200);
  s.rule([&c] { return c.burst_length % c.data_rate == 0; }, {"data_rate", "burst_length"},
         "a burst must last a whole number of command cycles");
}

}  // namespace lutetia
