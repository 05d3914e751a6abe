// Provenance as JSON, in a header of its own because the JSON library's is large.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "report/provenance.h"

namespace lutetia {

nlohmann::ordered_json provenance_json(const Provenance& provenance);

}  // namespace lutetia
