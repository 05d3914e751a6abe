#include "units/dram_monitor/dram_monitor_cycle.h"

#include <algorithm>

namespace lutetia {

DramMonitorCycle::DramMonitorCycle(const DramMonitorConfig& config)
    : config_(config),
      time_mask_(config.time_bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << config.time_bits) - 1),
      inputs_(input_ports(config)),
      outputs_(output_ports(config)),
      rules_(config.rules),
      banks_(config.banks()) {
  for (Rule& rule : rules_) rule.places.resize(config.banks());
}

const std::vector<std::string>& DramMonitorCycle::names() {
  static const std::vector<std::string> names = {"busy", "no_command", "configure", "clear", "verdict"};
  return names;
}

std::vector<StreamPort> DramMonitorCycle::input_ports(const DramMonitorConfig& config) {
  return {{"config", DramMonitorWord::kBits}, {"command", config.command_bits()}};
}

std::vector<StreamPort> DramMonitorCycle::output_ports(const DramMonitorConfig& config) {
  return {{"verdict", config.verdict_bits()}};
}

void DramMonitorCycle::push(std::uint32_t input, const Payload& payload) {
  if (input == DramMonitorPort::kConfig)
    new_words_.push_back(DramMonitorWord::decode(payload));
  else
    new_commands_.push_back(DramMonitorCommand::decode(config_, payload));
}

bool DramMonitorCycle::last_step() const {
  return !walks(commands_.front()) || (updating_ && step_ + 1 == 1u << channel_.rank_shift);
}

Activity DramMonitorCycle::activity() const {
  if (clearing_ > 0) return kClear;
  if (!running_) return words_.empty() ? kNoCommand : kConfigure;
  if (commands_.empty()) return kNoCommand;
  return last_step() && verdicts_.size() == DramMonitorConfig::kStreamDepth ? kVerdict : kBusy;
}

void DramMonitorCycle::clock() {
  const Activity now = activity();
  if (verdict_popped_) verdicts_.pop_front();
  verdict_popped_ = false;
  if (now == kClear) --clearing_;
  if (now == kConfigure) {
    configure(words_.front());
    words_.pop_front();
  }
  if (now == kBusy) judge();
  for (; !new_words_.empty(); new_words_.pop_front()) words_.push_back(new_words_.front());
  for (; !new_commands_.empty(); new_commands_.pop_front()) commands_.push_back(new_commands_.front());
}

void DramMonitorCycle::configure(const DramMonitorWord& word) {
  switch (word.what) {
    case DramMonitorWord::kRule:
      rules_[word.index].is = word.rule;
      for (std::uint32_t code = 0; code < DramMonitorCode::kCodes; ++code) {
        if ((word.rule.from >> code & 1u) != 0) rules_from_[code].push_back(word.index);
        if ((word.rule.to >> code & 1u) != 0) rules_to_[code].push_back(word.index);
      }
      break;
    case DramMonitorWord::kCommand: bus_cycles_[word.index] = word.value & 255u; break;
    case DramMonitorWord::kChannel:
      forget();
      channel_ = word.channel();
      break;
    default:
      running_ = true;
      endless_ = word.value == 0;
      left_ = word.value;
  }
}

/// The hardware takes a cycle per place for its history; nobody can see it half cleared.
void DramMonitorCycle::forget() {
  clearing_ = config_.banks();
  for (Rule& rule : rules_) {
    if (rule.is.from != 0) std::fill(rule.places.begin(), rule.places.end(), Place{});
    rule.is = {};
  }
  for (auto& rules : rules_from_) rules.clear();
  for (auto& rules : rules_to_) rules.clear();
  std::fill(banks_.begin(), banks_.end(), Bank{});
  bus_cycles_ = {};
  bus_free_ = {};
  last_ = 0;
}

/// One step: a whole command, or one bank of a rank.
void DramMonitorCycle::judge() {
  const DramMonitorCommand& c = commands_.front();
  const bool no_update = rejected(c), walk = walks(c), last = last_step();
  const std::uint32_t banks_of_rank = 1u << channel_.rank_shift;
  const std::uint32_t bank = walk ? (c.bank & ~(banks_of_rank - 1)) | step_ : c.bank;
  if (!no_update && !updating_) check(c, bank);
  if (!no_update && (!walk || updating_)) update(c, bank);
  if (walk && ++step_ == banks_of_rank) {
    step_ = 0;
    updating_ = !updating_;
  }
  if (last) finish(c);
}

void DramMonitorCycle::check(const DramMonitorCommand& c, std::uint32_t bank) {
  if (gathered_.kind == DramMonitorVerdict::kLegal) gathered_.kind = fault(c, bank);
  for (const std::uint32_t index : rules_to_[c.code]) {
    const std::uint64_t from = earliest(rules_[index], bank);
    gathered_.earliest = std::max(gathered_.earliest, from);
    if (c.at >= from) continue;
    gathered_.rule = gathered_.too_early ? std::min(gathered_.rule, index) : index;
    gathered_.too_early = true;
  }
}

std::uint32_t DramMonitorCycle::fault(const DramMonitorCommand& c, std::uint32_t bank) const {
  const Bank& b = banks_[bank];
  if (c.code == DramMonitorCode::kActivate && b.open) return DramMonitorVerdict::kBankOpen;
  if (DramMonitorCode::is_column(c.code) && !b.open) return DramMonitorVerdict::kBankClosed;
  if (DramMonitorCode::is_column(c.code) && b.row != c.row) return DramMonitorVerdict::kOtherRow;
  const bool refresh = c.code == DramMonitorCode::kRefresh || c.code == DramMonitorCode::kRefreshBank;
  return refresh && b.open ? DramMonitorVerdict::kNotPrecharged : DramMonitorVerdict::kLegal;
}

/// First cycle that the rule allows at this bank.
std::uint64_t DramMonitorCycle::earliest(const Rule& rule, std::uint32_t bank) const {
  const std::uint32_t node = channel_.node(rule.is.level, bank);
  const Place& place = rule.places[rule.is.sibling ? channel_.node(rule.is.level - 1, bank) : node];
  std::uint32_t slot = place.next;
  if (rule.is.sibling) {
    slot = place.owner == node ? 1 : 0;
    if (slot >= place.next) return 0;
  } else if (!place.full) {
    return 0;
  }
  return (place.stamps[slot] + rule.is.latency) & time_mask_;
}

void DramMonitorCycle::update(const DramMonitorCommand& c, std::uint32_t bank) {
  for (const std::uint32_t index : rules_from_[c.code]) {
    Rule& rule = rules_[index];
    // On a walk, a node above the banks is met again and again: it hears of the command with its first bank.
    const bool again =
        walks(c) && step_ != 0 && channel_.node(rule.is.level, bank) == channel_.node(rule.is.level, bank - 1);
    if (!again) remember(rule, bank, c.at);
  }
  Bank& b = banks_[bank];
  switch (c.code) {
    case DramMonitorCode::kActivate: b = {true, c.row}; break;
    case DramMonitorCode::kPrecharge:
    case DramMonitorCode::kPrechargeAll:
    case DramMonitorCode::kReadPrecharge:
    case DramMonitorCode::kWritePrecharge: b.open = false; break;
    default: break;
  }
}

void DramMonitorCycle::remember(Rule& rule, std::uint32_t bank, std::uint64_t at) const {
  const std::uint32_t node = channel_.node(rule.is.level, bank);
  if (!rule.is.sibling) {
    Place& place = rule.places[node];
    place.stamps[place.next] = at;
    place.full |= place.next + 1 == rule.is.window;
    place.next = place.next + 1 == rule.is.window ? 0 : place.next + 1;
    return;
  }
  Place& place = rule.places[channel_.node(rule.is.level - 1, bank)];
  if (place.next > 0 && place.owner != node) {
    place.stamps[1] = place.stamps[0];
    place.next = 2;
  }
  place.next = std::max(place.next, 1u);
  place.stamps[0] = at;
  place.owner = node;
}

void DramMonitorCycle::finish(const DramMonitorCommand& c) {
  DramMonitorVerdict& v = gathered_;
  if (rejected(c)) {
    v.kind = bus_cycles_[c.code] == 0 ? DramMonitorVerdict::kUnknownCommand : DramMonitorVerdict::kTimeWentBack;
  } else {
    std::uint64_t& bus = bus_of(c.code);
    if (v.kind == DramMonitorVerdict::kLegal && c.at < bus) v.kind = DramMonitorVerdict::kBusBusy;
    if (v.kind == DramMonitorVerdict::kLegal && v.too_early) v.kind = DramMonitorVerdict::kTooEarly;
    v.earliest = std::max(v.earliest, bus);
    bus = std::max(bus, (c.at + bus_cycles_[c.code]) & time_mask_);
    last_ = c.at;
  }
  Payload payload(config_.verdict_bits());
  v.encode(config_, payload);
  verdicts_.push_back(std::move(payload));
  v = {};
  if (!endless_ && --left_ == 0) running_ = false;
  commands_.pop_front();
}

}  // namespace lutetia
