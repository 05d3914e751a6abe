#include "cost/unit_cost.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "cost/terms.h"

namespace lutetia {
namespace {

constexpr double kFjPerPj = 1000, kPjPerNanowattSecond = 1000;

CostInterval ordered(double value, double low, double high, double residual) {
  CostInterval out{value, std::min(low, high), std::max(low, high), std::abs(value) * residual};
  return out;
}

CostLevel level_of(CostKind kind) {
  return kind == CostKind::kRegister ? CostLevel::kRegister
         : kind == CostKind::kClock  ? CostLevel::kClock
                                     : CostLevel::kCompute;
}

/// Why parameters do not fit, and notes of those beyond what was fitted.
std::string check_parameters(const UnitTechnology& unit, const RtlValues& parameters, std::vector<std::string>& notes) {
  for (const auto& [name, value] : unit.fixed) {
    const auto found = parameters.find(name);
    if (found == parameters.end()) return fmt::format("its RTL has no parameter {}, which the technology names", name);
    if (found->second != static_cast<std::uint64_t>(value))
      return fmt::format("{} is {}, calibrated is {} only", name, found->second, value);
  }
  std::vector<std::string> beyond;
  for (const auto& [name, range] : unit.range) {
    const auto found = parameters.find(name);
    if (found == parameters.end()) return fmt::format("its RTL has no parameter {}, which the technology names", name);
    const auto value = static_cast<std::int64_t>(found->second);
    if (value < range.first || value > range.second)
      beyond.push_back(range.first == range.second
                           ? fmt::format("{} {} beyond {}", name, value, range.first)
                           : fmt::format("{} {} beyond {}..{}", name, value, range.first, range.second));
  }
  if (!beyond.empty()) notes.push_back(fmt::format("{} extrapolated: {}", unit.name, joined(beyond)));
  std::vector<std::string> unheard;
  for (const auto& entry : parameters)
    if (unit.range.count(entry.first) + unit.fixed.count(entry.first) + unit.ignored.count(entry.first) == 0)
      unheard.push_back(entry.first);
  if (!unheard.empty())
    notes.push_back(fmt::format("{}: the technology says nothing of {}", unit.name, joined(unheard)));
  return "";
}

class Pricer {
 public:
  Pricer(const CostValues& values, const EventNames& events, std::vector<std::string>& notes, std::string& error)
      : values_(values), events_(events), notes_(notes), error_(error) {}

  PricedComponent price(const std::string& unit, const ComponentTechnology& c) {
    PricedComponent out;
    out.name = c.name;
    out.area_um2 = positive(c.area_um2, unit + "." + c.name + ": area");
    out.leakage_nw = positive(c.leakage_nw, unit + "." + c.name + ": leakage");
    add(c.combinational_fj, CostKind::kCombinational, out);
    add(c.register_fj, CostKind::kRegister, out);
    if (!c.clock_fj.empty())
      out.prices.push_back({kCycleEvent, CostKind::kClock, positive(c.clock_fj, unit + "." + c.name + ": clock")});
    return out;
  }

 private:
  /// Extrapolated fits may fall below zero, things do not.
  double positive(const CostTerms& terms, const std::string& what) {
    const double value = evaluate(terms, values_, error_);
    if (value >= 0) return value;
    notes_.push_back(what + " comes out negative here and is taken as 0");
    return 0;
  }
  void add(const EventTerms& terms, CostKind kind, PricedComponent& out) {
    for (const auto& [event, sum] : terms) {
      if (std::find(events_.begin(), events_.end(), event) == events_.end() && error_.empty())
        error_ = fmt::format("the technology prices an event \"{}\", the machine counts {}", event, joined(events_));
      out.prices.push_back({event, kind, evaluate(sum, values_, error_)});
    }
  }

  const CostValues& values_;
  const EventNames& events_;
  std::vector<std::string>& notes_;
  std::string& error_;
};

}  // namespace

double PricedUnit::fj(const std::string& event) const {
  double sum = 0;
  for (const PricedComponent& component : components)
    for (const PricedComponent::Price& price : component.prices)
      if (price.event == event) sum += price.fj;
  return sum * instances;
}

double PricedUnit::clock_fj() const {
  double sum = 0;
  for (const PricedComponent& component : components)
    for (const PricedComponent::Price& price : component.prices)
      if (price.kind == CostKind::kClock) sum += price.fj;
  return sum * instances;
}

void PricedUnit::add_area(AreaReport& report) const {
  for (const PricedComponent& c : components) {
    const double um2 = c.area_um2 * instances;
    report.parts.push_back(
        {unit, c.name,
         ordered(um2, um2 * (1 - area_residual) / area_spread, um2 * (1 + area_residual) * area_spread, area_residual),
         false, estimate, source});
  }
}

void PricedUnit::add_energy(const EventNumbers& events, const std::string& activity, double seconds,
                            CostReport& report) const {
  for (const PricedComponent& c : components) {
    for (const PricedComponent::Price& price : c.prices) {
      const double count = events.at(price.event);
      const double pj = count * price.fj * instances / kFjPerPj;
      const double high = price.kind == CostKind::kCombinational ? pj * glitches : pj;
      report.energy.push_back({unit, c.name, price.event, price.kind, level_of(price.kind), count,
                               ordered(pj, pj / wires * (1 - energy_residual) / energy_spread,
                                       high * (1 + energy_residual) * energy_spread, energy_residual),
                               estimate, source});
    }
    // Cells leak by what they are: the fit of areas tells how well they are known.
    const double leaked = c.leakage_nw * instances * seconds * kPjPerNanowattSecond;
    if (leaked > 0)
      report.energy.push_back({unit, c.name, "time", CostKind::kStatic, CostLevel::kStatic, seconds,
                               ordered(leaked, leaked * (1 - area_residual) / energy_spread,
                                       leaked * (1 + area_residual) * energy_spread, area_residual),
                               estimate, source});
  }
  if (estimate) return;
  const double idle = events.at(kCycleEvent) - events.at(activity);
  report.idle_clock_pj += idle * clock_fj() / kFjPerPj;
  report.shared_pj += idle * fj(kCycleEvent) / kFjPerPj;
}

std::optional<PricedUnit> price_unit(const Technology& technology, const std::string& name, const RtlValues& parameters,
                                     const EventNames& events, std::string& reason, std::vector<std::string>& notes) {
  const UnitTechnology* unit = technology.find_unit(name);
  if (unit == nullptr) {
    reason = fmt::format("{} has no unit {}", technology.name, name);
    return std::nullopt;
  }
  std::vector<std::string> found;
  reason = check_parameters(*unit, parameters, found);
  if (!reason.empty()) return std::nullopt;
  CostValues values;
  for (const auto& [parameter, value] : parameters) values[parameter] = static_cast<std::int64_t>(value);
  reason = add_names(unit->names, values);
  PricedUnit out;
  out.unit = name;
  Pricer pricer(values, events, found, reason);
  for (const ComponentTechnology& component : unit->components) out.components.push_back(pricer.price(name, component));
  if (!reason.empty()) return std::nullopt;
  out.area_residual = unit->residuals.area_mean;
  out.energy_residual = unit->residuals.energy_mean;
  out.glitches = unit->glitches;
  out.wires = unit->wires;
  out.area_spread = technology.area_spread;
  out.energy_spread = technology.energy_spread;
  out.most_period_ps = unit->most_period_ps;
  out.source = fmt::format("{}: {} of {}", technology.name,
                           technology.base.empty() ? "fit" : "scaled from a fit of " + technology.base,
                           unit->points == 1 ? "one synthesis" : fmt::format("{} syntheses", unit->points));
  notes.insert(notes.end(), found.begin(), found.end());
  return out;
}

}  // namespace lutetia
