// Results as `lutetia run --out` writes them, by hand: only what a comparison reads, and some keys that it does not.
#pragma once
#include <fmt/format.h>

#include <string>

namespace lutetia::compare_test {

inline std::string total(const std::string& unit, double value, double low, double high, const std::string& fit) {
  return fmt::format(R"("total": {{"{}": {}, "low": {}, "high": {}{}}})", unit, value, low, high,
                     fit.empty() ? "" : ", \"fit_error\": " + fit);
}

struct ResultText {
  std::string schema = "lutetia.result/1";
  std::string design = "lut";
  std::string model = "m";
  std::string digest = "d1", workload_digest = "w1", version = "0.1.0";
  std::string technology = R"("technology": {"name": "asap7", "node_nm": 7, "kind": "native"},)";
  int cycles = 2'000'000;  ///< at 1 GHz
  int macs = 1'000'000'000;
  std::string phases = R"({"prefill": {"tokens": 10, "cycles": 2000000, "time_s": 0.002}})";
  std::string energy = R"({"status": "calibrated", "excluded": [], )" + total("pj", 2e9, 1.8e9, 2.6e9, "0.04") + "}";
  std::string area = R"({"status": "calibrated", "excluded": [], )" + total("um2", 5e6, 4.5e6, 6e6, "0.03") +
                     R"(, "layout_um2": 1e7})";
  std::string busy = R"({"lut_core": 5, "vector": 1000, "dma.load": 20, "dma.store": 30})";
  std::string broken = "[]";

  std::string text() const {
    return fmt::format(R"({{
  "schema": "{}",
  "design": "{}",
  "workload": {{"model": "{}", "prefill": 10, "decode": 0, "batch": 1, "past": 0, "layers": 2, "operators": 7}},
  "fidelity": {{"lut_core": "transaction"}},
  "digest": "{}",
  "cycles": {},
  "clock_hz": 1000000000,
  "time_s": {},
  "phases": {},
  "macs": {},
  {}
  "busy_cycles": {},
  "energy_pj": {},
  "area_um2": {},
  "checks": {{"laws": {{"checked": ["a"], "broken": {}}}, "values": {{"status": "none"}}}},
  "provenance": {{"simulator": {{"name": "lutetia", "version": "{}"}}, "workload": {{"digest": "{}"}}}}
}}
)",
                       schema, design, model, digest, cycles, cycles * 1e-9, phases, macs, technology, busy, energy,
                       area, broken, version, workload_digest);
  }
};

/// Half the cycles' rival: slower, larger, with other errors.
inline ResultText rival() {
  ResultText r;
  r.design = "mac";
  r.digest = "d2";
  r.cycles = 4'000'000;
  r.phases = R"({"prefill": {"tokens": 10, "cycles": 4000000, "time_s": 0.004}})";
  r.energy = R"({"status": "calibrated", "excluded": [], )" + total("pj", 3e9, 2.7e9, 4.5e9, "0") + "}";
  r.area = R"({"status": "calibrated", "excluded": [], )" + total("um2", 5.1e6, 4.59e6, 6.12e6, "0.04") +
           R"(, "layout_um2": 1.02e7})";
  return r;
}

}  // namespace lutetia::compare_test
