// The parameters of a unit's RTL twin as the configuration sets them, to compare with those of the verilated model.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/schema.h"

namespace lutetia {

/// (RTL name, value) of every leaf that has an RTL name, nested ones too, in the order of describe(). Quantities are in
/// base units, a choice is its enumerator's number, a negative number is its 64-bit two's complement.
std::vector<std::pair<std::string, std::uint64_t>> rtl_parameters(const Schema& schema);

template <class T>
std::vector<std::pair<std::string, std::uint64_t>> rtl_parameters(const T& object) {
  return rtl_parameters(schema_of_const(object));
}

}  // namespace lutetia
