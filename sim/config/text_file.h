// Getting a user's text file into memory safely: bounded size, no devices, and nothing in it that is not text.
#pragma once
#include <cstddef>
#include <string>

#include "base/problem.h"

namespace lutetia {

/// Reads a regular file of at most `most` bytes. On failure returns false and a message without the name ("no such
/// file", "is a directory", ...). Never reads more than most + 1 bytes, never throws.
bool load_text_file(const std::string& path, std::size_t most, std::string& out, std::string& error);

/// True if the text is UTF-8 without control characters and without tabs in indentation; otherwise the first offending
/// character is reported with line and column.
bool check_text(const std::string& text, const std::string& name, Problems& problems);

}  // namespace lutetia
