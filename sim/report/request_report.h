// The report of a trace of requests that drove a DRAM alone.
#pragma once
#include <string>

#include "memory/dram/dram_summary.h"
#include "memory/dram/request_player.h"
#include "report/provenance.h"

namespace lutetia {

struct RequestRun {
  std::string design;    ///< its name
  std::string workload;  ///< the trace's file
  PlayResult played;
  DramSummary memory;
  Provenance provenance;

  std::uint64_t bytes() const { return played.bytes_read + played.bytes_written; }
  double bandwidth() const;  ///< bytes asked for per second
  double cycles_per_request() const;
};

std::string request_text_report(const RequestRun& run);
std::string request_json_report(const RequestRun& run);

}  // namespace lutetia
