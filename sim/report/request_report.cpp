#include "report/request_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/dram_report.h"
#include "report/human.h"
#include "report/provenance_json.h"
#include "report/text_table.h"

namespace lutetia {
namespace {

std::string header(const RequestRun& run) {
  const Provenance& p = run.provenance;
  const double reads = run.bytes() == 0 ? 0 : double(run.played.bytes_read) / double(run.bytes());
  TextTable table("ll");
  table.add({"design", fmt::format("{} ({}), digest {}; only its memory takes part", run.design, p.design_file,
                                   p.config_digest.substr(0, 12))});
  table.add({"workload", fmt::format("{}: {} requests, {}, {} of it read", run.workload, grouped(run.played.requests),
                                     human_bytes(static_cast<double>(run.bytes())), human_share(reads))});
  return fmt::format("lutetia {}: {} on {}\n", kSimulatorVersion, run.workload, run.design) + table.text();
}

std::string headline(const RequestRun& run) {
  const DramSummary& m = run.memory;
  TextTable table("ll");
  table.add({"cycles", fmt::format("{} of the command clock ({}), until the last data", grouped(m.cycles),
                                   human_seconds(m.seconds()))});
  table.add({"per request", fmt::format("{:.2f} cycles ({:.2f} ns); at most one goes in a cycle",
                                        run.cycles_per_request(), m.seconds(run.cycles_per_request()) * 1e9)});
  table.add({"bandwidth", fmt::format("{}, {} of peak", human_rate(run.bandwidth()),
                                      human_share(run.bandwidth() / static_cast<double>(m.peak_bandwidth)))});
  return "result\n" + table.text();
}

}  // namespace

double RequestRun::bandwidth() const {
  return memory.cycles == 0 ? 0 : static_cast<double>(bytes()) / memory.seconds();
}

double RequestRun::cycles_per_request() const {
  return played.requests == 0 ? 0 : static_cast<double>(memory.cycles) / static_cast<double>(played.requests);
}

std::string request_text_report(const RequestRun& run) {
  return header(run) + dram_device_text(run.memory) + headline(run) + dram_section(run.memory);
}

std::string request_json_report(const RequestRun& run) {
  nlohmann::ordered_json document;
  document["schema"] = kRequestResultSchema;
  document["design"] = run.design;
  document["workload"] = {{"file", run.workload}, {"requests", run.played.requests}};
  document["digest"] = result_digest(run.provenance);
  document["cycles"] = run.memory.cycles;
  document["clock_hz"] = run.memory.clock.value;
  document["time_s"] = run.memory.seconds();
  document["requests"] = run.played.requests;
  document["bytes"] = {{"read", run.played.bytes_read}, {"written", run.played.bytes_written}, {"total", run.bytes()}};
  document["cycles_per_request"] = run.cycles_per_request();
  document["bandwidth_bytes_per_s"] = run.bandwidth();
  document["share_of_peak"] = run.bandwidth() / static_cast<double>(run.memory.peak_bandwidth);
  document.update(dram_json(run.memory));
  document["provenance"] = provenance_json(run.provenance);
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lutetia
