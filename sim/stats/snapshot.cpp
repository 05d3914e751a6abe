#include "stats/snapshot.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <ostream>
#include <stdexcept>

namespace lutetia {
namespace {

std::uint64_t minus(std::uint64_t later, std::uint64_t earlier, const std::string& path) {
  if (earlier > later) throw std::logic_error("difference of snapshots: " + path + " was larger before");
  return later - earlier;
}

HistogramData minus(const HistogramData& later, const HistogramData& earlier, const std::string& path) {
  if (later.width != earlier.width) throw std::logic_error("difference of snapshots: buckets of " + path + " differ");
  HistogramData out = later;
  out.count = minus(later.count, earlier.count, path);
  out.sum = minus(later.sum, earlier.sum, path);
  for (std::size_t i = 0; i < earlier.buckets.size(); ++i) {
    if (i >= out.buckets.size()) throw std::logic_error("difference of snapshots: buckets of " + path + " differ");
    out.buckets[i] = minus(later.buckets[i], earlier.buckets[i], path);
  }
  out.min = out.max = 0;
  if (out.count == 0 || earlier.count == 0) {
    if (out.count != 0) return later;
    return out;
  }
  const auto filled = [](std::uint64_t n) { return n != 0; };
  const auto first = std::find_if(out.buckets.begin(), out.buckets.end(), filled);
  const auto last = std::find_if(out.buckets.rbegin(), out.buckets.rend(), filled);
  out.min = std::max(later.min, out.low(static_cast<std::size_t>(first - out.buckets.begin())));
  out.max = std::min(later.max, out.high(static_cast<std::size_t>(out.buckets.rend() - last - 1)));
  return out;
}

std::string number_text(const StatValue& value) {
  if (value.kind == StatValue::Kind::kCounter) return std::to_string(value.count);
  std::array<char, 40> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%.6g", value.number());
  return buffer.data();
}

}  // namespace

std::size_t HistogramData::bucket_of(std::uint64_t value) const {
  if (width != 0) return static_cast<std::size_t>(std::min<std::uint64_t>(value / width, buckets.size() - 1));
  return value == 0 ? 0 : static_cast<std::size_t>(64 - __builtin_clzll(value));
}

std::uint64_t HistogramData::low(std::size_t bucket) const {
  if (width != 0) return bucket * width;
  return bucket == 0 ? 0 : std::uint64_t{1} << (bucket - 1);
}

std::uint64_t HistogramData::high(std::size_t bucket) const {
  if (width != 0) {
    return bucket + 1 == buckets.size() ? std::numeric_limits<std::uint64_t>::max() : bucket * width + (width - 1);
  }
  return bucket == 0 ? 0 : low(bucket) + (low(bucket) - 1);
}

void HistogramData::record(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets.size()) buckets.resize(bucket + 1);
  buckets[bucket] += times;
  min = count == 0 ? value : std::min(min, value);
  max = std::max(max, value);
  count += times;
  sum += value * times;
}

double StatValue::number() const {
  switch (kind) {
    case Kind::kCounter: return static_cast<double>(count);
    case Kind::kRatio: return denominator == 0 ? 0 : static_cast<double>(numerator) / static_cast<double>(denominator);
    case Kind::kHistogram: return histogram.mean();
  }
  return 0;
}

const StatValue* Snapshot::find(const std::string& path) const {
  const auto it = values.find(path);
  return it == values.end() ? nullptr : &it->second;
}

std::uint64_t Snapshot::counter(const std::string& path) const {
  const StatValue* value = find(path);
  return value && value->kind == StatValue::Kind::kCounter ? value->count : 0;
}

Snapshot difference(const Snapshot& later, const Snapshot& earlier) {
  Snapshot out = later;
  for (auto& [path, value] : out.values) {
    const StatValue* before = earlier.find(path);
    if (!before) continue;
    if (before->kind != value.kind) throw std::logic_error("difference of snapshots: " + path + " changed its kind");
    value.count = minus(value.count, before->count, path);
    value.numerator = minus(value.numerator, before->numerator, path);
    value.denominator = minus(value.denominator, before->denominator, path);
    value.histogram = minus(value.histogram, before->histogram, path);
  }
  return out;
}

void write_table(std::ostream& out, const Snapshot& snapshot) {
  std::size_t path_width = 0, number_width = 0, unit_width = 0;
  for (const auto& [path, value] : snapshot.values) {
    path_width = std::max(path_width, path.size());
    number_width = std::max(number_width, number_text(value).size());
    unit_width = std::max(unit_width, std::string(symbol(value.unit)).size());
  }
  for (const auto& [path, value] : snapshot.values) {
    const std::string number = number_text(value), unit = symbol(value.unit);
    out << path << std::string(path_width - path.size() + 2, ' ') << std::string(number_width - number.size(), ' ')
        << number << ' ' << unit << std::string(unit_width - unit.size() + 2, ' ') << value.text;
    if (value.kind == StatValue::Kind::kHistogram) {
      const HistogramData& h = value.histogram;
      out << " (mean of " << h.count << ", " << h.min << ".." << h.max << ")";
    }
    out << '\n';
  }
}

}  // namespace lutetia
