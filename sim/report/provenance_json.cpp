#include "report/provenance_json.h"

#include <nlohmann/json.hpp>

namespace lutetia {

nlohmann::ordered_json provenance_json(const Provenance& p) {
  return {
      {"simulator", {{"name", "lutetia"}, {"version", kSimulatorVersion}}},
      {"seed", p.seed},
      {"design", {{"file", p.design_file}, {"sha256", p.design_sha256}, {"set", p.sets}, {"digest", p.config_digest}}},
      {"workload",
       {{"kind", p.workload_kind},
        {"file", p.workload_file},
        {"sha256", p.workload_sha256},
        {"set", p.model_sets},
        {"digest", p.workload_digest}}}};
}

}  // namespace lutetia
