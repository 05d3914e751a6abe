// What a DRAM did, for people and for programs: the same section in the report of a machine and of requests alone.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "memory/dram/dram_summary.h"

namespace lutetia {

/// "memory": device, clock, peak bandwidth, and the mapping and policies in force.
std::string dram_device_text(const DramSummary& summary);
/// Where the time of the data buses went and what binds, rows, commands, read latency, channels.
std::string dram_section(const DramSummary& summary);

/// The same numbers exactly, with the histogram.
nlohmann::ordered_json dram_json(const DramSummary& summary);

}  // namespace lutetia
