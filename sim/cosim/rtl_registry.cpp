#include "cosim/rtl_registry.h"

#include <algorithm>
#include <tuple>

namespace lutetia {

namespace {

std::vector<RtlVariant>& registered() {
  static std::vector<RtlVariant> variants;  // filled before main(), only read afterwards
  return variants;
}

}  // namespace

RtlRegistration register_rtl(RtlVariant variant) {
  std::vector<RtlVariant>& all = registered();
  const auto before = [](const RtlVariant& a, const RtlVariant& b) {
    return std::tie(a.unit, a.name) < std::tie(b.unit, b.name);
  };
  all.insert(std::upper_bound(all.begin(), all.end(), variant, before), std::move(variant));
  return {};
}

const std::vector<RtlVariant>& rtl_variants() {
  return registered();
}

std::vector<const RtlVariant*> rtl_variants(const std::string& unit) {
  std::vector<const RtlVariant*> found;
  for (const RtlVariant& v : registered())
    if (v.unit == unit) found.push_back(&v);
  return found;
}

const RtlVariant* find_rtl_variant(const std::string& unit, const std::string& name) {
  for (const RtlVariant& v : registered())
    if (v.unit == unit && v.name == name) return &v;
  return nullptr;
}

const RtlVariant* find_rtl_variant(const std::string& unit, const RtlParameters& parameters) {
  for (const RtlVariant& v : registered()) {
    if (v.unit != unit) continue;
    const bool same = std::all_of(parameters.begin(), parameters.end(), [&v](const auto& wanted) {
      const auto own = v.parameters.find(wanted.first);
      return own != v.parameters.end() && own->second == wanted.second;
    });
    if (same) return &v;
  }
  return nullptr;
}

std::string to_text(const RtlParameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) text += (text.empty() ? "" : " ") + name + "=" + std::to_string(value);
  return text;
}

std::string no_rtl_variant(const std::string& unit, const RtlParameters& parameters) {
  const auto variants = rtl_variants(unit);
  std::string text = "no RTL of " + unit + " was verilated with " + to_text(parameters);
  text += variants.empty() ? "; this build has none of this unit" : "; this build has:";
  for (const RtlVariant* v : variants) text += "\n  " + v->name + ": " + to_text(v->parameters);
  return text + "\nadd a line to rtl/units/" + unit + "/verilations.txt and build again, or run the cycle body";
}

}  // namespace lutetia
