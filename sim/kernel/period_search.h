// periodic_skip.h for recurrences whose period is more than one step, and whose state is more than a small struct: with
// FIFOs whose depths divide no step, (max, +) systems settle into a pattern that repeats after several steps only.
//
// Brent's search: the state is remembered after 1, 2, 4, ... steps, and every later one is compared with it. If all
// stamps lie d above the remembered ones after p steps and 2d after 2p, every further 2p steps move them by 2d: nothing
// that is not visited (a constant, or a stamp too old to move) can have been the maximum that decided in the second p
// steps, or the stamp it decided would not have moved by d. So all 2p steps are skipped that are left.
#pragma once
#include <cstdint>
#include <vector>

#include "kernel/periodic_skip.h"
#include "kernel/stamp_fifo.h"

namespace lutetia {

class PeriodSearch {
 public:
  /// Calls step() `times` times, or as often as needed. visit(f) calls f(stamp) for every stamp that steps move and
  /// that their future depends on, always in the same order, until f returns false, and returns whether it never did;
  /// first those that are least likely to have moved alike. Each visited stamp rises in every step. `counters`, a plain
  /// struct of 64-bit integers, is what steps add up.
  template <class Visit, class Counters, class Step>
  void repeat(Visit visit, Counters& counters, std::uint64_t times, Step step) {
    std::uint64_t done = 0, remembered = 0, next = 1;
    std::uint64_t half = 0;  // steps from the remembered state to one that lies half_distance above it
    Stamp half_distance = 0;
    detail::Words<Counters> counted;
    while (done < times) {
      step();
      ++done;
      const std::uint64_t steps = done - remembered;
      if (remembered > 0) {
        const Stamp distance = distance_from_remembered(visit);
        if (half > 0 && steps == 2 * half) {
          if (distance == 2 * half_distance) return skip(visit, counters, counted, distance, steps, times - done, step);
          half = 0;
        }
        if (half == 0 && distance > 0) {
          half = steps;
          half_distance = distance;
        }
      }
      if (done < next) continue;
      remember(visit);
      counted = detail::Words<Counters>(counters);
      remembered = done;
      next = 2 * done;
      half = 0;
    }
  }

 private:
  /// `steps` steps move every stamp by `distance`: does `left` of them, the last few one by one.
  template <class Visit, class Counters, class Step>
  static void skip(Visit& visit, Counters& counters, const detail::Words<Counters>& counted, Stamp distance,
                   std::uint64_t steps, std::uint64_t left, Step& step) {
    const auto periods = static_cast<std::int64_t>(left / steps);
    const auto advance = [&](Stamp& s) {
      s += periods * distance;
      return true;
    };
    visit(advance);
    (detail::Words<Counters>(counters) - counted).advance(counters, periods);
    for (left %= steps; left > 0; --left) step();
  }
  template <class Visit>
  void remember(Visit& visit) {
    remembered_.clear();
    const auto keep = [this](Stamp& s) {
      remembered_.push_back(s);
      return true;
    };
    visit(keep);
  }
  /// By which all stamps lie above the remembered ones; 0 if by different distances.
  template <class Visit>
  Stamp distance_from_remembered(Visit& visit) const {
    Stamp distance = 0;
    std::size_t i = 0;
    const auto same = [&](Stamp& s) {
      const Stamp d = s - remembered_[i];
      if (i++ == 0) distance = d;
      return d == distance;
    };
    return visit(same) ? distance : 0;
  }

  std::vector<Stamp> remembered_;  ///< keeps its memory from search to search
};

}  // namespace lutetia
