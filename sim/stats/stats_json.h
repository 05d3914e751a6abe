// Snapshots as JSON, in a header of its own because the JSON library's is large.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "stats/snapshot.h"

namespace lutetia {

/// {"lut_core.macs": {"value": 4096, "unit": "ops", "text": "..."}, ...}. A histogram has in addition count, sum, min,
/// max and its filled buckets as [low, high, count].
nlohmann::json to_json(const Snapshot& snapshot);

}  // namespace lutetia
