// Statistics that describe themselves: every one is a member with name, unit and text, in a tree of groups that follows
// the tree of components. Counting is a plain integer addition; everything else happens in snapshot().
//
//   StatGroup stats{"lut_core", &machine_stats};
//   Counter macs{stats, "macs", Unit::kOperations, "multiply-accumulates performed"};
//
// An empty name or text, a name with a dot or blank, or a name used twice in a group throws std::logic_error. Groups
// and statistics may be destroyed in any order; neither can be copied or moved. No globals.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "stats/snapshot.h"

namespace lutetia {

class StatGroup;

/// What all statistics share. `value()` of the derived class is for the model; `read()` is for snapshots.
class Stat {
 public:
  Stat(StatGroup& group, std::string name, Unit unit, std::string text);
  virtual ~Stat();
  Stat(const Stat&) = delete;
  Stat& operator=(const Stat&) = delete;

  const std::string& name() const { return name_; }
  Unit unit() const { return unit_; }
  const std::string& text() const { return text_; }
  /// The present value, with unit and text.
  virtual StatValue read() const = 0;

 protected:
  StatValue described(StatValue::Kind kind) const;

 private:
  friend class StatGroup;
  StatGroup* group_;
  std::string name_;
  Unit unit_;
  std::string text_;
};

/// A node of the tree. Paths in a snapshot are the group names below the one asked, joined by dots.
class StatGroup {
 public:
  explicit StatGroup(std::string name, StatGroup* parent = nullptr);
  ~StatGroup();
  StatGroup(const StatGroup&) = delete;
  StatGroup& operator=(const StatGroup&) = delete;

  const std::string& name() const { return name_; }
  const StatGroup* parent() const { return parent_; }
  /// In the order of construction.
  const std::vector<StatGroup*>& groups() const { return groups_; }
  const std::vector<Stat*>& stats() const { return stats_; }
  /// The names from the root down to this group, joined by dots.
  std::string path() const;

 private:
  friend class Stat;
  void check_new_name(const std::string& name) const;

  std::string name_;
  StatGroup* parent_;
  std::vector<StatGroup*> groups_;
  std::vector<Stat*> stats_;
};

/// A count of events, bytes, cycles, ...
class Counter final : public Stat {
 public:
  Counter(StatGroup& group, std::string name, Unit unit, std::string text);
  Counter& operator+=(std::uint64_t n) { return value_ += n, *this; }
  Counter& operator++() { return ++value_, *this; }
  void operator++(int) { ++value_; }
  std::uint64_t value() const { return value_; }
  StatValue read() const override;

 private:
  std::uint64_t value_ = 0;
};

/// How often which value occurred. Unit is that of the values.
class Histogram final : public Stat {
 public:
  /// Bucket 0 holds the zeros, bucket k the values 2^(k-1) .. 2^k - 1.
  Histogram(StatGroup& group, std::string name, Unit unit, std::string text);
  /// `buckets` buckets of `width` values each, and one more for everything above.
  Histogram(StatGroup& group, std::string name, Unit unit, std::string text, std::uint64_t width, std::size_t buckets);

  void record(std::uint64_t value, std::uint64_t times = 1) { data_.record(value, times); }
  std::uint64_t count() const { return data_.count; }
  std::uint64_t sum() const { return data_.sum; }
  std::uint64_t min() const { return data_.min; }
  std::uint64_t max() const { return data_.max; }
  double mean() const { return data_.mean(); }
  const HistogramData& data() const { return data_; }
  StatValue read() const override;

 private:
  HistogramData data_;
};

/// A sum of counters over another, computed when asked; 0 if the denominator is 0. The counters must be alive whenever
/// value() or snapshot() is called.
class Ratio final : public Stat {
 public:
  Ratio(StatGroup& group, std::string name, Unit unit, std::string text, const Counter& numerator,
        const Counter& denominator);
  Ratio(StatGroup& group, std::string name, Unit unit, std::string text, std::vector<const Counter*> numerators,
        std::vector<const Counter*> denominators);
  double value() const;
  StatValue read() const override;

 private:
  std::vector<const Counter*> numerators_, denominators_;
};

/// All statistics of the group and the groups below, by path relative to it.
Snapshot snapshot(const StatGroup& group);

}  // namespace lutetia
