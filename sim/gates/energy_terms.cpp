#include "gates/energy_terms.h"

namespace lutetia {

namespace {

constexpr std::size_t kSmallPins = 6;

using Chosen = std::vector<std::uint32_t>;

void add_mean(const Chosen& chosen, std::uint32_t pin, float weight, CellEnergyTerms::Terms& out) {
  for (const std::uint32_t entry : chosen) out.push_back({entry, pin, weight / static_cast<float>(chosen.size())});
}

}  // namespace

CellEnergyTerms::CellEnergyTerms(const Cell& cell) : cell_(&cell) {
  if (cell.flop) clock_bit_ = 1u << cell.flop->clock;
  for (std::uint32_t pin = 0; pin < cell.pins.size(); ++pin) {
    if (cell.pins[pin].output) outputs_ |= 1u << pin;
    for (const CellPower& power : cell.pins[pin].power) {
      if (power.rise) entries_.push_back({pin, power.related, true, &power});
      if (power.fall) entries_.push_back({pin, power.related, false, &power});
      if (1u << pin == clock_bit_ && power.when) clock_depends_ = true;
    }
  }
  if (cell.pins.size() <= kSmallPins) small_.assign(std::size_t{1} << 2 * cell.pins.size(), -1);
}

void CellEnergyTerms::output_terms(std::uint32_t pin, std::uint32_t changed, std::uint32_t now, Terms& out) const {
  const bool rise = now >> pin & 1;
  Chosen exact, other, of_changed, any;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& e = entries_[i];
    if (e.pin != pin || e.rise != rise) continue;
    any.push_back(i);
    if (e.related >= 0 && (changed >> e.related & 1) == 0) continue;
    of_changed.push_back(i);
    if (!e.power->when)
      other.push_back(i);
    else if (e.power->when->at(now))
      exact.push_back(i);
  }
  for (const Chosen* chosen : {&exact, &other, &of_changed, &any})
    if (!chosen->empty()) return add_mean(*chosen, pin, 1, out);
}

void CellEnergyTerms::input_terms(std::uint32_t pin, bool rise, std::uint32_t pins, float weight, Terms& out) const {
  Chosen exact, other;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& e = entries_[i];
    if (e.pin != pin || e.rise != rise) continue;
    if (!e.power->when)
      other.push_back(i);
    else if (e.power->when->at(pins))
      exact.push_back(i);
  }
  add_mean(exact.empty() ? other : exact, pin, weight, out);
}

std::int32_t CellEnergyTerms::remember(std::uint32_t before, std::uint32_t now) {
  Terms terms;
  const std::uint32_t changed = (before ^ now) | clock_bit_, high = now | clock_bit_;
  for (std::uint32_t pin = 0; pin < cell_->pins.size(); ++pin) {
    const std::uint32_t bit = 1u << pin;
    if (((before ^ now) & bit) == 0 || bit == clock_bit_) continue;
    if (outputs_ & bit) {
      output_terms(pin, changed, high, terms);
    } else if (clock_bit_ == 0) {
      input_terms(pin, now & bit, now, 1, terms);
    } else {
      input_terms(pin, now & bit, now & ~clock_bit_, 0.5f, terms);
      input_terms(pin, now & bit, high, 0.5f, terms);
    }
  }
  known_.push_back(std::move(terms));
  return static_cast<std::int32_t>(known_.size() - 1);
}

const CellEnergyTerms::Terms& CellEnergyTerms::large_change(std::uint32_t before, std::uint32_t now) {
  const auto [it, fresh] = large_.emplace(std::uint64_t{before} << 32 | now, -1);
  if (fresh) it->second = remember(before, now);
  return known_[static_cast<std::size_t>(it->second)];
}

const CellEnergyTerms::Terms& CellEnergyTerms::clock(std::uint32_t pins) {
  const auto [it, fresh] = clocks_.emplace(clock_depends_ ? pins : 0, Terms());
  if (fresh && clock_bit_ != 0) {
    const auto pin = static_cast<std::uint32_t>(cell_->flop->clock);
    input_terms(pin, true, pins & ~clock_bit_, 1, it->second);
    input_terms(pin, false, pins | clock_bit_, 1, it->second);
  }
  return it->second;
}

}  // namespace lutetia
