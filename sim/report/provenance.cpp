#include "report/provenance.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace lutetia {

std::string result_digest(const Provenance& p) {
  return sha256_hex(fmt::format("{}\nlutetia {}\nconfig {}\nworkload {}\nfidelity {}\nseed {}\n", kResultSchema,
                                kSimulatorVersion, p.config_digest, p.workload_digest, p.fidelity, p.seed));
}

}  // namespace lutetia
