// Every verilation of the build, found by unit and parameters. The build generates one source file per line of
// rtl/units/<unit>/verilations.txt, whose static initialiser registers it here (object libraries keep it linked).
// The machine makes a unit's RTL body from here, `lutetia cosim` and the tests go through the list.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cosim/rtl_unit.h"

namespace lutetia {

struct RtlVariant {
  std::string unit;
  std::string name;
  RtlParameters declared;    ///< as written in verilations.txt; a subset of
  RtlParameters parameters;  ///< what the verilated model says
  /// `seed` fills every register and memory that has no reset.
  std::function<std::unique_ptr<RtlUnit>(std::uint64_t seed)> make;
};

/// All variants, by unit, then in order of name.
const std::vector<RtlVariant>& rtl_variants();
std::vector<const RtlVariant*> rtl_variants(const std::string& unit);
const RtlVariant* find_rtl_variant(const std::string& unit, const std::string& name);
/// The first variant of the unit that has exactly these values for every parameter named here; nullptr if there is
/// none.
const RtlVariant* find_rtl_variant(const std::string& unit, const RtlParameters& parameters);
/// For a person who asked in vain: what is missing, which variants exist, and how to add one.
std::string no_rtl_variant(const std::string& unit, const RtlParameters& parameters);
/// "Lanes=12 Rows=2"
std::string to_text(const RtlParameters& parameters);

class RtlRegistration {};
RtlRegistration register_rtl(RtlVariant variant);

/// What the generated files call. Dut: static RtlParameters rtl_parameters(), constructor (variant, seed).
template <class Dut>
RtlRegistration register_rtl(const char* unit, const char* name, RtlParameters declared) {
  return register_rtl(RtlVariant{unit, name, std::move(declared), Dut::rtl_parameters(),
                                 [name](std::uint64_t seed) { return std::make_unique<Dut>(name, seed); }});
}

}  // namespace lutetia
