#include "cosim/dram_monitor_bench.h"

#include <fmt/format.h>

#include <algorithm>

#include "cosim/rtl_config.h"
#include "units/dram_monitor/dram_monitor_cycle.h"

namespace lutetia {

namespace {

const UnitBenchRegistry::Entry kEntry{"dram_monitor", "random constraint tables, and commands at their limits",
                                      [](const RtlParameters& parameters, std::uint64_t seed, std::uint64_t transfers) {
                                        return std::make_unique<DramMonitorBench>(
                                            config_from_rtl<DramMonitorConfig>(parameters), seed, transfers);
                                      }};

}  // namespace

DramMonitorBench::DramMonitorBench(const DramMonitorConfig& config, std::uint64_t seed, std::uint64_t transfers)
    : config_(config), random_(seed) {
  program_.inputs.resize(DramMonitorPort::kInputs);
  program_.outputs.resize(DramMonitorPort::kOutputs);
  while (program_.inputs[0].size() + 2 * verdicts_.size() < transfers) session();
  program_.outputs[DramMonitorPort::kVerdict] = verdicts_.size();
}

std::unique_ptr<StreamUnit> DramMonitorBench::make_model() const {
  return std::make_unique<DramMonitorCycle>(config_);
}

void DramMonitorBench::configure(const DramMonitorWord& word) {
  program_.inputs[DramMonitorPort::kConfig].push_back(word.encode());
}

void DramMonitorBench::session() {
  const DramMonitorChannel channel = random_channel();
  const std::vector<std::uint32_t> bus = random_bus();
  const std::vector<DramMonitorRule> rules = random_rules();
  configure(DramMonitorWord::of_channel(channel));
  for (std::uint32_t code = 0; code < bus.size(); ++code) configure(DramMonitorWord::of_command(code, bus[code]));
  std::vector<std::uint32_t> order;
  for (std::uint32_t slot = 0; slot < rules.size(); ++slot)
    if (rules[slot].from != 0) order.push_back(slot);
  random_.shuffle(order);
  for (const std::uint32_t slot : order) configure(DramMonitorWord::of_rule(slot, rules[slot]));
  configure(DramMonitorWord::of_run(commands(DramMonitorOracle(channel, bus, rules, config_.bank_bits), channel)));
}

DramMonitorChannel DramMonitorBench::random_channel() {
  // Ranks are mostly small, because commands for a whole rank take two cycles per bank.
  const std::uint32_t rank = below(std::min(config_.bank_bits, one_in(8) ? 8u : 4u) + 1);
  const auto pseudo_channel = static_cast<std::uint32_t>(random_.between(rank, config_.bank_bits));
  return {below(rank + 1), rank, pseudo_channel, one_in(2)};
}

std::vector<std::uint32_t> DramMonitorBench::random_bus() {
  std::vector<std::uint32_t> cycles(DramMonitorCode::kCodes);
  for (std::uint32_t& c : cycles) c = one_in(20) ? 0 : one_in(20) ? 255 : 1 + below(3);
  return cycles;
}

std::vector<DramMonitorRule> DramMonitorBench::random_rules() {
  std::vector<DramMonitorRule> rules(config_.rules);
  const std::uint32_t used_one_in = one_in(2) ? 1 : 3;
  for (DramMonitorRule& rule : rules)
    if (one_in(used_one_in)) rule = random_rule();
  return rules;
}

DramMonitorRule DramMonitorBench::random_rule() {
  const auto mask = [this] {
    std::uint32_t bits = 0;
    do bits |= 1u << below(DramMonitorCode::kCodes);
    while (one_in(2));
    return bits;
  };
  DramMonitorRule rule;
  rule.level = below(kDramMonitorLevels);
  rule.from = mask();
  rule.to = one_in(3) ? rule.from : mask();
  rule.latency = one_in(30) ? below(1u << 22) : 1 + below(one_in(2) ? 8 : 60);
  rule.sibling = rule.level > 0 && one_in(3);
  if (!rule.sibling && one_in(2)) rule.window = 1 + below(config_.window);
  return rule;
}

/// Appends the commands of a session, and returns how many.
std::uint32_t DramMonitorBench::commands(DramMonitorOracle oracle, const DramMonitorChannel& channel) {
  state_.assign(config_.banks(), {});
  std::vector<std::uint32_t> banks;
  for (std::uint32_t n = 1 + below(8); n > 0; --n) banks.push_back(below(config_.banks()));
  const std::uint64_t end = (config_.time_bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << config_.time_bits)) -
                            (std::uint64_t{1} << 24);
  std::uint64_t now = one_in(2) ? 0 : random_.below(end / 2);
  const auto due = static_cast<std::uint32_t>(random_.between(1, 200));
  for (std::uint32_t sent = 0; sent < due; ++sent) {
    DramMonitorCommand c = random_command(banks);
    c.at = now;
    c.at = random_time(now, oracle.look(c).earliest);
    if (c.at >= end) return sent;
    const DramMonitorVerdict verdict = oracle.judge(c);
    const bool rejected =
        verdict.kind == DramMonitorVerdict::kUnknownCommand || verdict.kind == DramMonitorVerdict::kTimeWentBack;
    if (!rejected) {
      now = c.at;
      const std::uint32_t banks_of_rank = 1u << channel.rank_shift, rank = c.bank / banks_of_rank;
      if (c.code == DramMonitorCode::kActivate) state_[c.bank] = {true, c.row};
      if (c.code == DramMonitorCode::kPrecharge || c.code == DramMonitorCode::kReadPrecharge ||
          c.code == DramMonitorCode::kWritePrecharge)
        state_[c.bank].open = false;
      if (c.code == DramMonitorCode::kPrechargeAll)
        for (std::uint32_t b = 0; b < banks_of_rank; ++b) state_[rank * banks_of_rank + b].open = false;
    }
    Payload payload(config_.command_bits());
    c.encode(config_, payload);
    program_.inputs[DramMonitorPort::kCommand].push_back(std::move(payload));
    commands_.push_back(c);
    verdicts_.push_back(verdict);
  }
  return due;
}

DramMonitorCommand DramMonitorBench::random_command(const std::vector<std::uint32_t>& banks) {
  DramMonitorCommand c;
  c.bank = one_in(20) ? below(config_.banks()) : banks[random_.below(banks.size())];
  const Bank& bank = state_[c.bank];
  const std::uint32_t rows = config_.row_bits >= 32 ? ~0u : 1u << config_.row_bits;
  c.row = bank.open && !one_in(12) ? bank.row : one_in(3) ? rows - 1 : below(rows);
  if (one_in(60)) {
    c.code = DramMonitorCode::kCodes + below(16 - DramMonitorCode::kCodes);
  } else if (one_in(8)) {
    c.code = below(DramMonitorCode::kCodes);
  } else if (one_in(20)) {
    c.code = one_in(2) ? DramMonitorCode::kPrechargeAll : DramMonitorCode::kRefresh;
  } else if (bank.open) {
    c.code = DramMonitorCode::kPrecharge;
    if (!one_in(5)) c.code = DramMonitorCode::kRead + below(4);
  } else {
    c.code = one_in(12) ? DramMonitorCode::kRefreshBank : DramMonitorCode::kActivate;
  }
  return c;
}

std::uint64_t DramMonitorBench::random_time(std::uint64_t now, std::uint64_t earliest) {
  if (one_in(40)) return now - std::min<std::uint64_t>(now, random_.below(6));
  if (earliest > now && one_in(2)) return earliest - below(2);
  if (earliest > now && !one_in(4)) return now + random_.below(earliest - now);
  return now + below(one_in(2) ? 2 : 12);
}

std::string DramMonitorBench::check(const std::vector<std::vector<Payload>>& outputs) const {
  const auto text = [](const DramMonitorVerdict& v) {
    return fmt::format("kind {}, too early {}, rule {}, earliest {}", v.kind, v.too_early, v.rule, v.earliest);
  };
  const std::vector<Payload>& got = outputs[DramMonitorPort::kVerdict];
  for (std::size_t i = 0; i < got.size(); ++i) {
    Payload expected(config_.verdict_bits());
    verdicts_[i].encode(config_, expected);
    if (got[i] == expected) continue;
    const DramMonitorCommand& c = commands_[i];
    return fmt::format("command {} (code {}, bank {}, row {}, cycle {}): {}; expected {}", i, c.code, c.bank, c.row,
                       c.at, text(DramMonitorVerdict::decode(config_, got[i])), text(verdicts_[i]));
  }
  return {};
}

}  // namespace lutetia
