// The effective configuration as YAML, every key in the order of describe(), so that it is independent of the file it
// was read from: reading it back gives the same struct. Absent optional groups are left out.
#pragma once
#include <string>

#include "config/origins.h"
#include "config/schema.h"

namespace lutetia {

/// With origins, each line ends in an aligned comment that says where its value came from.
std::string write_yaml(const Schema& schema, const Origins* origins);

template <class T>
std::string write_yaml(const T& object, const Origins* origins = nullptr) {
  return write_yaml(schema_of_const(object), origins);
}

}  // namespace lutetia
