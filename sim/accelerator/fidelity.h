// Which body of a unit a machine is built with: `--fidelity cycle`, or per unit `--fidelity lut_core=rtl`.
#pragma once
#include <map>
#include <string>

#include "base/problem.h"

namespace lutetia {

enum class Fidelity { kTransaction, kCycle, kRtl };

constexpr const char* name(Fidelity fidelity) {
  switch (fidelity) {
    case Fidelity::kTransaction: return "transaction";
    case Fidelity::kCycle: return "cycle";
    case Fidelity::kRtl: return "rtl";
  }
  return "";
}

struct FidelityChoice {
  Fidelity matrix = Fidelity::kTransaction;  ///< of the matrix core
  std::string unit;                          ///< the core's name if it was given by name
  Fidelity attention = Fidelity::kTransaction;
  bool attention_named = false;  ///< the attention unit was given by name

  /// As a person would write it, for a design with this matrix core, and perhaps an attention unit.
  std::string text(const std::string& core, bool with_attention = false) const {
    return core + "=" + name(matrix) + (with_attention ? std::string(",attention=") + name(attention) : "");
  }
};

/// Parses "LEVEL" or "UNIT=LEVEL[,UNIT=LEVEL]"; mistakes become problems located at `--fidelity` and leave the choice
/// as it was. The vector unit has a transaction body only, so a bare LEVEL is for the units that have it.
bool parse_fidelity(const std::string& text, FidelityChoice& choice, Problems& problems);

}  // namespace lutetia
