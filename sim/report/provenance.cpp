#include "report/provenance.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace lutetia {

std::string result_digest(const Provenance& p) {
  std::string text = fmt::format("{}\nlutetia {}\nconfig {}\nworkload {}\nfidelity {}\nseed {}\n", kResultSchema,
                                 kSimulatorVersion, p.config_digest, p.workload_digest, p.fidelity, p.seed);
  if (!p.technology_sha256.empty()) text += fmt::format("technology {}\n", p.technology_sha256);
  return sha256_hex(text);
}

}  // namespace lutetia
