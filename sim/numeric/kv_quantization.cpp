#include "numeric/kv_quantization.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "numeric/attention_scale.h"

namespace lutetia {
namespace {

double largest(const std::vector<double>& scales) {
  double most = 0;
  for (const double scale : scales) most = std::max(most, scale);
  return most;
}

}  // namespace

SymmetricCodes quantize_symmetric(const std::vector<double>& values, int bits) {
  assert(bits >= 2 && bits <= 8);
  const double most = (1 << (bits - 1)) - 1;  // the code -most - 1 is left out: its negative does not exist
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::fabs(value));
  SymmetricCodes result;
  result.scale = largest == 0 ? 1 : largest / most;
  for (const double value : values)
    result.codes.push_back(static_cast<std::int32_t>(std::clamp(std::nearbyint(value / result.scale), -most, most)));
  return result;
}

double GroupedCodes::value(std::size_t row, std::size_t column) const {
  const std::size_t g = row * groups() + column / group;
  return scales[g] * (codes[row * columns + column] - static_cast<double>(zeros[g]));
}

GroupedCodes quantize_grouped(const std::vector<double>& values, std::size_t columns, std::size_t group, int bits) {
  assert(bits >= 1 && bits <= 8 && columns > 0 && group > 0 && values.size() % columns == 0);
  const double most = (1 << bits) - 1;
  GroupedCodes result;
  result.columns = columns;
  result.group = group;
  for (std::size_t row = 0; row < values.size(); row += columns)
    for (std::size_t begin = 0; begin < columns; begin += group) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(row + begin);
      const auto last = values.begin() + static_cast<std::ptrdiff_t>(row + std::min(columns, begin + group));
      const auto [least, largest] = std::minmax_element(first, last);
      // 0 stays exact and the zero point stays within its 8 bits.
      const double low = std::min(*least, 0.0), high = std::max(*largest, 0.0);
      const double scale = (high - low) / most;
      const double inverse = scale == 0 ? 0 : 1 / scale;
      const double zero = std::clamp(std::nearbyint(-low * inverse), 0.0, most);
      result.scales.push_back(scale);
      result.zeros.push_back(static_cast<std::uint32_t>(zero));
      for (auto value = first; value != last; ++value)
        result.codes.push_back(
            static_cast<std::int32_t>(std::clamp(std::nearbyint(*value * inverse) + zero, 0.0, most)));
    }
  return result;
}

std::uint32_t key_shift(const GroupedCodes& keys, double scale) {
  return attention_scale(ScoreUnit::kInteger, scale * largest(keys.scales)).shift;
}

std::vector<KeyScale> key_scales(const GroupedCodes& keys, double scale, std::uint32_t shift) {
  std::vector<KeyScale> result;
  for (std::size_t g = 0; g < keys.scales.size(); ++g)
    result.push_back({attention_multiplier(ScoreUnit::kInteger, scale * keys.scales[g], shift), keys.zeros[g]});
  return result;
}

double value_unit(const GroupedCodes& values) {
  const double most = largest(values.scales);
  return most == 0 ? 1 : most * 65536 / 65535;  // the largest fraction is 65535 / 2^16
}

std::vector<ValueScale> value_scales(const GroupedCodes& values, double unit) {
  std::vector<ValueScale> result;
  for (std::size_t g = 0; g < values.scales.size(); ++g) {
    const double fraction = std::min(std::nearbyint(values.scales[g] / unit * 65536), 65535.0);
    result.push_back({static_cast<std::uint32_t>(fraction), values.zeros[g]});
  }
  return result;
}

}  // namespace lutetia
