// Between a unit's config struct and the parameters of its RTL, by the rtl() names in describe(). The bench builds its
// model from what the hardware says; the machine looks its hardware up by what the config says.
#pragma once
#include <stdexcept>
#include <string>

#include "config/rtl_parameters.h"
#include "config/schema.h"
#include "cosim/rtl_unit.h"

namespace lutetia {

/// The RTL parameters that `config` asks for.
template <class Config>
RtlParameters rtl_parameters_of(const Config& config) {
  const auto wanted = rtl_parameters(config);
  return RtlParameters(wanted.begin(), wanted.end());
}

/// The config of given hardware. Every parameter must belong to a field and the other way round (std::logic_error):
/// a parameter that one side does not know would silently make model and RTL different machines.
template <class Config>
Config config_from_rtl(const RtlParameters& parameters) {
  Config config;
  Schema schema = schema_of(config);
  std::size_t used = 0;
  for (const Field& field : schema.fields()) {
    if (field.rtl_name().empty()) continue;
    const auto found = parameters.find(field.rtl_name());
    if (found == parameters.end()) throw std::logic_error("the RTL has no parameter " + field.rtl_name());
    field.set_number(found->second);
    ++used;
  }
  if (used != parameters.size()) throw std::logic_error("the RTL has a parameter without config key");
  return config;
}

}  // namespace lutetia
