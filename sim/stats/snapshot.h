// Statistics as plain values at one moment: copyable, comparable, independent of the objects they came from. The
// difference of two snapshots is what happened in between (a region of interest, one operator).
#pragma once
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "base/quantity.h"

namespace lutetia {

/// The buckets of a histogram. width 0: bucket 0 is the value 0, bucket k is 2^(k-1) .. 2^k - 1 (buckets grow on
/// demand); otherwise buckets of `width`, the last one holding everything above.
struct HistogramData {
  std::uint64_t width = 0;
  std::uint64_t count = 0;  ///< samples
  std::uint64_t sum = 0;
  std::uint64_t min = 0, max = 0;  ///< 0 if there are no samples
  std::vector<std::uint64_t> buckets;

  void record(std::uint64_t value, std::uint64_t times);
  double mean() const { return count == 0 ? 0 : double(sum) / double(count); }
  std::size_t bucket_of(std::uint64_t value) const;
  /// Lowest and highest value of a bucket, both inclusive.
  std::uint64_t low(std::size_t bucket) const;
  std::uint64_t high(std::size_t bucket) const;
};

struct StatValue {
  enum class Kind { kCounter, kRatio, kHistogram };
  Kind kind = Kind::kCounter;
  Unit unit = Unit::kNone;
  std::string text;
  std::uint64_t count = 0;                       ///< counters
  std::uint64_t numerator = 0, denominator = 0;  ///< ratios
  HistogramData histogram;                       ///< histograms

  /// The counter, the ratio (0 if the denominator is 0), or the histogram's mean.
  double number() const;
};

/// Sorted by path.
struct Snapshot {
  std::map<std::string, StatValue> values;

  const StatValue* find(const std::string& path) const;
  /// The counter's value; 0 if there is none of that path.
  std::uint64_t counter(const std::string& path) const;
};

/// What happened between two snapshots of the same tree; a path that only `later` has counts from 0. The minimum and
/// maximum of a histogram's difference are known only to the bucket. Throws std::logic_error if a counter went back.
Snapshot difference(const Snapshot& later, const Snapshot& earlier);

/// Aligned columns: path, value, unit, text; one statistic a line.
void write_table(std::ostream& out, const Snapshot& snapshot);

}  // namespace lutetia
