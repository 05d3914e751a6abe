#include "gates/cell_library.h"

#include <algorithm>

namespace lutetia {
namespace {

/// Where a value lies on an axis: between points `low` and `low + 1`, or on the line through the outermost two.
struct Place {
  std::size_t low = 0, high = 0;
  double share = 0;  ///< of `high`
};

Place place(const std::vector<double>& axis, double value) {
  if (axis.size() < 2) return {};
  const auto above = std::upper_bound(axis.begin() + 1, axis.end() - 1, value);
  Place place;
  place.high = static_cast<std::size_t>(above - axis.begin());
  place.low = place.high - 1;
  place.share = (value - axis[place.low]) / (axis[place.high] - axis[place.low]);
  return place;
}

}  // namespace

double CellTable::at(double slew_ps, double load_ff) const {
  const Place slew = place(slews_ps, slew_ps), load = place(loads_ff, load_ff);
  const std::size_t columns = std::max<std::size_t>(loads_ff.size(), 1);
  const auto row = [&](std::size_t i) {
    const double low = values[i * columns + load.low], high = values[i * columns + load.high];
    return low + load.share * (high - low);
  };
  const double low = row(slew.low);
  return low + slew.share * (row(slew.high) - low);
}

std::int32_t Cell::pin(const std::string& name) const {
  for (std::size_t i = 0; i < pins.size(); ++i)
    if (pins[i].name == name) return static_cast<std::int32_t>(i);
  return -1;
}

}  // namespace lutetia
