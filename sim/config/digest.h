// A name for a configuration: two files that mean the same, however they are written, have the same digest.
#pragma once
#include <string>

#include "base/sha256.h"
#include "config/write.h"

namespace lutetia {

/// SHA-256 over the written form of all values, 64 hexadecimal digits.
template <class T>
std::string digest(const T& object) {
  return sha256_hex(write_yaml(object));
}

}  // namespace lutetia
