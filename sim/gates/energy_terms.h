// Which of a cell's internal power tables count when its pins change; the same for every cell of a type, so the answers
// are kept.
//
// An output that changed takes the mean of the tables of those inputs that changed in the same cycle and whose `when`
// holds in the new state (zero delay does not tell which input came last); failing that of the inputs that changed,
// failing that of all. An input with tables of its own takes those whose `when` holds. A table with `when` goes before
// one without, which is meant for the states that no other names. A flip-flop's outputs change with its clock high; in
// which phase its other inputs change nobody knows, so they take the mean of both.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "gates/cell_library.h"

namespace lutetia {

class CellEnergyTerms {
 public:
  /// One table, whose energy differs from cell to cell by load and slew.
  struct Entry {
    std::uint32_t pin;
    std::int32_t related;  ///< pin; -1: the pin itself
    bool rise;
    const CellPower* power;
    const CellTable& table() const { return rise ? *power->rise : *power->fall; }
  };
  struct Term {
    std::uint32_t entry, pin;
    float weight;
  };
  using Terms = std::vector<Term>;

  explicit CellEnergyTerms(const Cell& cell);

  const Cell& cell() const { return *cell_; }
  const std::vector<Entry>& entries() const { return entries_; }
  /// Words of pin values (bit i = pin i); without what the clock pin takes.
  const Terms& change(std::uint32_t before, std::uint32_t now) {
    if (small_.empty()) return large_change(before, now);
    std::int32_t& known = small_[before << cell_->pins.size() | now];
    if (known < 0) known = remember(before, now);
    return known_[static_cast<std::size_t>(known)];
  }
  /// What the clock pin takes in a cycle: its rise at the end, with `pins` the state before it, and the fall before.
  const Terms& clock(std::uint32_t pins);
  /// Whether clock() depends on the state.
  bool clock_depends() const { return clock_depends_; }

 private:
  std::int32_t remember(std::uint32_t before, std::uint32_t now);
  const Terms& large_change(std::uint32_t before, std::uint32_t now);
  void output_terms(std::uint32_t pin, std::uint32_t changed, std::uint32_t now, Terms& out) const;
  void input_terms(std::uint32_t pin, bool rise, std::uint32_t pins, float weight, Terms& out) const;

  const Cell* cell_;
  std::uint32_t outputs_ = 0;    ///< set of pins
  std::uint32_t clock_bit_ = 0;  ///< of a flip-flop
  bool clock_depends_ = false;
  std::vector<Entry> entries_;
  std::vector<Terms> known_;
  std::vector<std::int32_t> small_;  ///< [before][now], -1 = not known; only for cells of few pins
  std::unordered_map<std::uint64_t, std::int32_t> large_;
  std::unordered_map<std::uint32_t, Terms> clocks_;
};

}  // namespace lutetia
