#include "stats/stats_json.h"

#include <nlohmann/json.hpp>

namespace lutetia {

nlohmann::json to_json(const Snapshot& snapshot) {
  nlohmann::json out = nlohmann::json::object();
  for (const auto& [path, value] : snapshot.values) {
    nlohmann::json& stat = out[path];
    stat["unit"] = symbol(value.unit);
    stat["text"] = value.text;
    if (value.kind == StatValue::Kind::kCounter) {
      stat["value"] = value.count;
    } else {
      stat["value"] = value.number();
    }
    if (value.kind != StatValue::Kind::kHistogram) continue;
    const HistogramData& h = value.histogram;
    stat["count"] = h.count;
    stat["sum"] = h.sum;
    stat["min"] = h.min;
    stat["max"] = h.max;
    nlohmann::json& buckets = stat["buckets"] = nlohmann::json::array();
    for (std::size_t i = 0; i < h.buckets.size(); ++i) {
      if (h.buckets[i] != 0) buckets.push_back({h.low(i), h.high(i), h.buckets[i]});
    }
  }
  return out;
}

}  // namespace lutetia
