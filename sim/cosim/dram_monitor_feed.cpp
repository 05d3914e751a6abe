#include "cosim/dram_monitor_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "cosim/rtl_config.h"
#include "cosim/rtl_registry.h"
#include "units/dram_monitor/dram_monitor_cycle.h"

namespace lutetia {

namespace {

static_assert(kCommands == DramMonitorCode::kCodes && kLevels == kDramMonitorLevels);
static_assert(static_cast<std::uint32_t>(Command::kRefreshBank) == DramMonitorCode::kRefreshBank);
static_assert(static_cast<std::uint32_t>(Command::kRead) == DramMonitorCode::kRead);
static_assert(static_cast<std::uint32_t>(Command::kPrechargeAll) == DramMonitorCode::kPrechargeAll);

constexpr std::uint32_t kLongestLatency = (1u << 24) - 1;
constexpr std::uint64_t kHang = 1'000'000;  ///< clocks; far more than the walk over a rank takes

std::uint32_t bits_below(std::uint32_t n) {
  std::uint32_t bits = 0;
  while (1u << bits < n) ++bits;
  return bits;
}

/// Why a monitor of this size cannot be loaded with the spec; empty if it can.
std::string misfit(const DramSpec& spec, std::uint32_t bank_bits, const DramMonitorConfig& c) {
  if (bank_bits > c.bank_bits) return fmt::format("a channel has more than {} banks", c.banks());
  if (spec.constraints.size() > c.rules)
    return fmt::format("{} constraint rows, and {} rule slots", spec.constraints.size(), c.rules);
  if (bits_below(spec.geometry.rows) > c.row_bits) return fmt::format("a bank has more than 2^{} rows", c.row_bits);
  for (const DramConstraint& row : spec.constraints) {
    if (row.window > c.window) return fmt::format("{} has a window of more than {} commands", row.name, c.window);
    if (row.latency > kLongestLatency) return fmt::format("{} has {} cycles", row.name, row.latency);
  }
  return {};
}

/// The smallest verilation that can hold the spec.
const RtlVariant& verilation_for(const DramSpec& spec, std::uint32_t bank_bits) {
  const RtlVariant* best = nullptr;
  std::uint64_t least = 0;
  std::string why = "this build has none";
  for (const RtlVariant* variant : rtl_variants("dram_monitor")) {
    const auto config = config_from_rtl<DramMonitorConfig>(variant->parameters);
    if (config.time_bits < DramMonitorConfig{}.time_bits) continue;
    const std::string fault = misfit(spec, bank_bits, config);
    const std::uint64_t size = std::uint64_t{config.rules} << config.bank_bits;
    if (!fault.empty())
      why = variant->name + ": " + fault;
    else if (best == nullptr || size < least)
      best = variant, least = size;
  }
  if (best == nullptr)
    throw std::invalid_argument("no RTL of dram_monitor can be loaded with " + spec.standard + " (" + why +
                                "); add a line to rtl/units/dram_monitor/verilations.txt");
  return *best;
}

}  // namespace

DramMonitorFeed::DramMonitorFeed(const DramSpec& spec, Body body) : spec_(spec), lanes_(spec.geometry.channels) {
  const DramGeometry& g = spec.geometry;
  channel_.bank_group_shift = bits_below(g.banks);
  channel_.rank_shift = channel_.bank_group_shift + bits_below(g.bank_groups);
  channel_.pseudo_channel_shift = channel_.rank_shift + bits_below(g.ranks);
  channel_.split_bus = spec.split_bus;
  const std::uint32_t bank_bits = channel_.pseudo_channel_shift + bits_below(g.pseudo_channels);
  for (std::uint32_t bank = 0; bank < g.banks_per_channel(); ++bank) {
    const std::uint32_t group = bank / g.banks, rank = group / g.bank_groups, pseudo_channel = rank / g.ranks;
    monitor_bank_.push_back(pseudo_channel << channel_.pseudo_channel_shift | rank % g.ranks << channel_.rank_shift |
                            group % g.bank_groups << channel_.bank_group_shift | bank % g.banks);
  }
  if (body == Body::kRtl) {
    const RtlVariant& variant = verilation_for(spec, bank_bits);
    config_ = config_from_rtl<DramMonitorConfig>(variant.parameters);
    for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i].unit = variant.make(i + 1);
  } else {
    config_.bank_bits = std::max(bank_bits, 1u);
    config_.rules = std::max(static_cast<std::uint32_t>(spec.constraints.size()), 1u);
    std::string fault = misfit(spec, bank_bits, config_);
    if (config_.rules > 256) fault = fmt::format("more than 256 constraint rows");
    if (!fault.empty()) throw std::invalid_argument("dram_monitor cannot hold " + spec.standard + ": " + fault);
    for (Lane& lane : lanes_) lane.unit = std::make_unique<DramMonitorCycle>(config_);
  }
  payload_ = Payload(config_.command_bits());
  for (Lane& lane : lanes_) load(lane);
}

DramMonitorFeed::~DramMonitorFeed() = default;

void DramMonitorFeed::load(Lane& lane) {
  const auto send = [&](const DramMonitorWord& word) { push(lane, DramMonitorPort::kConfig, word.encode()); };
  send(DramMonitorWord::of_channel(channel_));
  for (std::uint32_t code = 0; code < kCommands; ++code)
    send(DramMonitorWord::of_command(code, spec_.command_cycles[code]));
  for (std::uint32_t i = 0; i < spec_.constraints.size(); ++i) {
    const DramConstraint& row = spec_.constraints[i];
    const auto level = static_cast<std::uint32_t>(row.level);
    send(DramMonitorWord::of_rule(i, {level, row.from, row.to, row.latency, row.window, row.sibling}));
  }
  send(DramMonitorWord::of_run(0));
}

void DramMonitorFeed::push(Lane& lane, std::uint32_t input, const Payload& payload) {
  for (std::uint64_t clocks = 0; !lane.unit->ready(input); ++clocks) {
    if (clocks == kHang) throw std::logic_error("dram_monitor takes no input any more");
    step(lane);
  }
  lane.unit->push(input, payload);
  step(lane);
}

void DramMonitorFeed::step(Lane& lane) {
  if (lane.unit->valid(DramMonitorPort::kVerdict)) {
    take(lane.judged.front(), DramMonitorVerdict::decode(config_, lane.unit->front(DramMonitorPort::kVerdict)));
    lane.judged.pop_front();
    lane.unit->pop(DramMonitorPort::kVerdict);
  }
  lane.unit->clock();
}

void DramMonitorFeed::issued(const DramCommand& c) {
  ++commands_;
  const bool has_row = c.command == Command::kActivate || is_column(c.command);
  if (c.channel >= lanes_.size()) return violation(c, "there is no such channel");
  if (c.bank >= monitor_bank_.size()) return violation(c, "there is no such bank");
  if (has_row && c.row >= spec_.geometry.rows) return violation(c, "there is no such row");
  if (c.at + kLongestLatency >= std::uint64_t{1} << config_.time_bits)
    throw std::out_of_range(fmt::format("dram_monitor counts to 2^{} cycles", config_.time_bits));
  DramMonitorCommand command;
  command.code = static_cast<std::uint32_t>(c.command);
  command.bank = monitor_bank_[c.bank];
  command.row = has_row ? c.row : 0;
  command.at = c.at;
  command.encode(config_, payload_);
  Lane& lane = lanes_[c.channel];
  lane.judged.push_back(c);
  push(lane, DramMonitorPort::kCommand, payload_);
}

void DramMonitorFeed::finish() {
  for (Lane& lane : lanes_)
    for (std::uint64_t clocks = 0; !lane.judged.empty(); ++clocks) {
      if (clocks == kHang) throw std::logic_error("dram_monitor owes verdicts");
      step(lane);
    }
}

void DramMonitorFeed::take(const DramCommand& command, const DramMonitorVerdict& verdict) {
  if (listener_) listener_(command, verdict);
  if (verdict.kind != DramMonitorVerdict::kLegal) violation(command, text(command, verdict));
}

void DramMonitorFeed::violation(const DramCommand& c, const std::string& what) {
  ++violations_;
  if (texts_.size() == kKept) return;
  const DramGeometry& g = spec_.geometry;
  const std::uint32_t group = c.bank / g.banks, rank = group / g.bank_groups;
  texts_.push_back(fmt::format(
      "cycle {}, channel {}: {} to pseudo channel {}, rank {}, bank group {}, bank {}, row {}: {}", c.at, c.channel,
      name(c.command), rank / g.ranks, rank % g.ranks, group % g.bank_groups, c.bank % g.banks, c.row, what));
}

std::string DramMonitorFeed::text(const DramCommand& c, const DramMonitorVerdict& v) const {
  static constexpr const char* kTexts[DramMonitorVerdict::kKinds] = {"legal",
                                                                     "the standard has no such command",
                                                                     "time goes back",
                                                                     "the bank is already open",
                                                                     "the bank is closed",
                                                                     "another row is open",
                                                                     "a bank to be refreshed is open",
                                                                     "the command bus is busy",
                                                                     "too early"};
  std::string text = kTexts[v.kind];
  if (v.too_early && v.rule < spec_.constraints.size())
    text +=
        fmt::format("; violates {} (constraint row {})", spec_.constraints[v.rule].name, spec_.constraints[v.rule].row);
  if (v.earliest > c.at) text += fmt::format("; timing allows it from cycle {}", v.earliest);
  return text;
}

}  // namespace lutetia
