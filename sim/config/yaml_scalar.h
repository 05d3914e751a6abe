// A text as a YAML scalar.
#pragma once
#include <string>
#include <string_view>

namespace lutetia {

/// Plain if every YAML reader would take it for a text, otherwise in double quotes with escapes; always one line.
std::string yaml_scalar(std::string_view text);

}  // namespace lutetia
