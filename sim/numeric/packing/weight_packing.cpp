#include "numeric/packing/weight_packing.h"

#include <cmath>

#include "numeric/packing/half.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kMostExtent = std::uint64_t{1} << 31;
constexpr std::uint64_t kMostWeights = std::uint64_t{1} << 40;  // so that no size in bytes or bits can overflow

std::string times(std::uint64_t rows, std::uint64_t columns) {
  return std::to_string(rows) + " x " + std::to_string(columns);
}

/// True if the format stores this scale without a change.
bool storable(float scale, ScaleStorage storage) {
  if (!std::isfinite(scale)) return false;
  return storage != ScaleStorage::kHalf || half_value(half_bits(scale)) == scale;
}

void check_length(const char* what, std::uint64_t have, std::uint64_t want, PackingFaults& faults) {
  if (have == want) return;
  faults.add("expected " + std::to_string(want) + " " + what + ", got " + std::to_string(have));
}

void check_scales(const char* what, const std::vector<float>& scales, const WeightMatrix& m, ScaleStorage storage,
                  PackingFaults& faults) {
  for (std::size_t i = 0; i < scales.size(); ++i) {
    if (storable(scales[i], storage)) continue;
    const std::uint64_t first = m.scale_group == 0 ? 0 : i * m.scale_group;
    faults.add(PackingFault::kNowhere, first / m.columns, first % m.columns, fp32_bits(scales[i]), [&] {
      return std::string(what) + " " + std::to_string(scales[i]) +
             (std::isfinite(scales[i]) ? " is no FP16 number; round it first" : " is not finite");
    });
  }
}

void check_nibbles(const char* what, const std::vector<std::uint8_t>& values, PackingFaults& faults) {
  for (const std::uint8_t value : values)
    if (value > 15) faults.add(std::string(what) + " " + std::to_string(value) + " has more than 4 bits");
}

}  // namespace

std::string WeightPacking::obstacle(std::uint64_t rows, std::uint64_t columns) const {
  if (rows == 0 || columns == 0) return "a matrix of " + times(rows, columns) + " weights is empty";
  if (rows > kMostExtent || columns > kMostExtent || rows * columns > kMostWeights)
    return "a matrix of " + times(rows, columns) + " weights is too large";
  return shape_obstacle(rows, columns);
}

WeightMatrix WeightPacking::blank(std::uint64_t rows, std::uint64_t columns) const {
  WeightMatrix m;
  m.rows = rows;
  m.columns = columns;
  describe_scales(m);
  m.weights.assign(rows * columns, 0);
  for (float& scale : m.scales) scale = 1;
  for (std::uint8_t& scale : m.sub_scales) scale = 1;
  return m;
}

void WeightPacking::check(const WeightMatrix& m, PackingFaults& faults) const {
  const std::uint64_t before = faults.count();
  WeightMatrix want;
  want.rows = m.rows;
  want.columns = m.columns;
  describe_scales(want);
  check_length("weights", m.weights.size(), m.rows * m.columns, faults);
  check_length("scales", m.scales.size(), want.scales.size(), faults);
  check_length("minima", m.minima.size(), want.minima.size(), faults);
  check_length("sub-scales", m.sub_scales.size(), want.sub_scales.size(), faults);
  check_length("sub-minima", m.sub_minima.size(), want.sub_minima.size(), faults);
  if (m.scale_group != want.scale_group || m.sub_group != want.sub_group)
    faults.add("the scale groups are not those of the format");
  if (faults.count() != before) return;
  for (std::uint64_t i = 0; i < m.weights.size(); ++i) {
    const int w = m.weights[i];
    if (w >= info_.least && w <= info_.most) continue;
    faults.add(PackingFault::kNowhere, i / m.columns, i % m.columns, static_cast<std::uint32_t>(w), [&] {
      return "weight " + std::to_string(w) + " is outside " + std::to_string(info_.least) + ".." +
             std::to_string(info_.most);
    });
  }
  check_scales("scale", m.scales, m, info_.scale, faults);
  check_scales("minimum", m.minima, m, info_.scale, faults);
  check_nibbles("sub-scale", m.sub_scales, faults);
  check_nibbles("sub-minimum", m.sub_minima, faults);
}

std::vector<std::uint8_t> WeightPacking::pack(const WeightMatrix& m, PackingFaults& faults) const {
  const std::uint64_t before = faults.count();
  const std::string obstacle = this->obstacle(m.rows, m.columns);
  if (!obstacle.empty())
    faults.add(obstacle);
  else
    check(m, faults);
  if (faults.count() != before) return {};
  std::vector<std::uint8_t> bytes(size_bytes(m.rows, m.columns), 0);
  write(m, bytes.data());
  return bytes;
}

WeightMatrix WeightPacking::unpack(const std::uint8_t* bytes, std::uint64_t size, std::uint64_t rows,
                                   std::uint64_t columns, PackingFaults& faults) const {
  const std::string obstacle = this->obstacle(rows, columns);
  if (!obstacle.empty()) return faults.add(obstacle), WeightMatrix{};
  const std::uint64_t want = size_bytes(rows, columns);
  if (size != want) {
    faults.add("expected " + std::to_string(want) + " bytes for " + times(rows, columns) + " weights in " +
               std::string(info_.name) + ", got " + std::to_string(size));
    return {};
  }
  WeightMatrix m = blank(rows, columns);
  read(bytes, m, faults);
  return m;
}

}  // namespace lutetia
