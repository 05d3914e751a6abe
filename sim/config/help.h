// What may be written in a configuration, from the same describe() that reads it: for `lutetia help config PATH` and
// for the Markdown reference.
#pragma once
#include <string>

#include "base/problem.h"
#include "config/schema.h"

namespace lutetia {

/// The subtree below `path` ("" = everything, "lut_core", "levels.size", "levels[0].size"), one key a line: path, type,
/// default, range, text. An unknown path gives an empty text and, if wanted, a Problem with the nearest key.
std::string help_text(const Schema& schema, const std::string& path = "", Problems* problems = nullptr);

/// One table per struct. `title` is the heading.
std::string markdown_reference(const Schema& schema, const std::string& title);

template <class T>
std::string help_text(const std::string& path = "", Problems* problems = nullptr) {
  return help_text(prototype_of<T>(), path, problems);
}

template <class T>
std::string markdown_reference(const std::string& title) {
  return markdown_reference(prototype_of<T>(), title);
}

}  // namespace lutetia
