// Where a result comes from: everything that would have to be the same to get the same bytes again.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace lutetia {

inline constexpr const char* kSimulatorVersion = "0.1.0";
inline constexpr const char* kResultSchema = "lutetia.result/1";
inline constexpr const char* kRequestResultSchema = "lutetia.request_result/1";

struct Provenance {
  std::uint64_t seed = 1;
  std::string design_file;        ///< as the user named it
  std::string design_sha256;      ///< of the file's bytes
  std::string config_digest;      ///< of the effective configuration
  std::string technology_sha256;  ///< of the technology's file and its base; empty if there is none
  std::vector<std::string> sets;
  std::string workload_kind;  ///< "model", "trace" or "requests"
  std::string workload_file;
  std::string workload_sha256;  ///< of the file's bytes
  std::string workload_digest;  ///< of what is run: a model's configuration and its tokens, or the trace
  std::vector<std::string> model_sets;
  std::string fidelity;
};

/// Names the result: equal digests, equal results.
std::string result_digest(const Provenance& provenance);

}  // namespace lutetia
