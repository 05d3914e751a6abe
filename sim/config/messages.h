// Sentences that more than one visitor says about a field.
#pragma once
#include <string>

#include "config/schema.h"

namespace lutetia {

/// `unknown key, did you mean "rows"? Known keys: rows, cols`
std::string unknown_key(const std::string& key, const Schema& schema);
/// "a whole number", "one of a, b", "a map or the name of a file", ...: behind "expected".
std::string what_is_expected(const Field& field);
/// `required key "clock" is missing (core clock, e.g. 1GHz)`
std::string missing_key(const Field& field);

}  // namespace lutetia
