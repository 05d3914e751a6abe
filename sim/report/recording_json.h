// The operands of a unit in a run as JSON, for the replay on the gate level.
#pragma once
#include <string>

#include "cosim/recording_unit.h"

namespace lutetia {

inline constexpr int kRecordingSchema = 1;

/// Payloads are hexadecimal, highest digit first, as wide as their ports; `design` and `workload` are for people.
std::string recording_json(const UnitRecording& recording, const std::string& design, const std::string& workload,
                           std::uint64_t seed);

}  // namespace lutetia
