#include "accelerator/fidelity.h"

#include <algorithm>

namespace lutetia {
namespace {

bool parse_level(const std::string& text, Fidelity& level) {
  for (const Fidelity f : {Fidelity::kTransaction, Fidelity::kCycle, Fidelity::kRtl}) {
    if (text != name(f)) continue;
    level = f;
    return true;
  }
  return false;
}

}  // namespace

bool parse_fidelity(const std::string& text, FidelityChoice& choice, Problems& problems) {
  const std::size_t before = problems.size();
  const auto fault = [&](const std::string& message) { problems.add({"--fidelity", 0, 0}, text, message); };
  FidelityChoice chosen = choice;
  for (std::size_t begin = 0, end = 0; begin <= text.size() && !text.empty(); begin = end + 1) {
    end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const std::size_t equals = item.find('=');
    const std::string unit = equals == std::string::npos ? "" : item.substr(0, equals);
    const std::string level_text = equals == std::string::npos ? item : item.substr(equals + 1);
    Fidelity level = Fidelity::kTransaction;
    if (!parse_level(level_text, level)) {
      fault("unknown level \"" + level_text + "\"; levels are transaction, cycle, rtl");
    } else if (unit == "attention") {
      chosen.attention = level;
      chosen.attention_named = true;
    } else if (equals == std::string::npos || unit == "lut_core" || unit == "adder_core" || unit == "mac_core") {
      chosen.matrix = level;
      chosen.unit = unit;
      if (equals == std::string::npos) chosen.attention = level;
    } else if (unit == "vector") {
      if (level != Fidelity::kTransaction) fault("the vector unit has a transaction body only");
    } else {
      fault("unknown unit \"" + unit + "\"; units are lut_core, adder_core, mac_core, attention, vector");
    }
  }
  if (text.empty()) fault("level is empty; levels are transaction, cycle, rtl");
  if (problems.size() != before) return false;
  choice = chosen;
  return true;
}

}  // namespace lutetia
