#include "config/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace lutetia {
namespace {

/// Length of the valid UTF-8 sequence at `at`; 0 if there is none (overlong forms and surrogates are invalid).
std::size_t utf8_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool bad = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F);
    return !bad && follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool bad = (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F);
    return !bad && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

std::string hexadecimal(unsigned char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

bool load_text_file(const std::string& path, std::size_t most, std::string& out, std::string& error) {
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found) return error = "no such file", false;
  if (code) return error = "cannot be read (" + code.message() + ")", false;
  if (status.type() == fs::file_type::directory) return error = "is a directory, expected a file", false;
  if (status.type() != fs::file_type::regular) return error = "is not a regular file", false;
  const std::string too_large = "is larger than " + std::to_string(most >> 20) + " MiB";
  const std::uintmax_t size = fs::file_size(path, code);
  if (!code && size > most) return error = too_large, false;
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return error = std::string("cannot be read (") + std::strerror(errno) + ")", false;
  // The size may be wrong (/proc) or change meanwhile: read in pieces, never more than one byte beyond the limit.
  out.clear();
  std::string piece(std::size_t{64} << 10, '\0');
  while (out.size() <= most) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min(piece.size(), most + 1 - out.size())));
    if (in.gcount() <= 0) break;
    out.append(piece, 0, static_cast<std::size_t>(in.gcount()));
  }
  if (out.size() > most) return error = too_large, false;
  if (in.bad()) return error = "cannot be read", false;
  return true;
}

bool check_text(const std::string& text, const std::string& name, Problems& problems) {
  int line = 1, column = 1;
  bool indentation = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text, at);
    std::string wrong;
    if (length == 0) wrong = "not UTF-8 (byte " + hexadecimal(c) + ")";
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) wrong = "control character " + hexadecimal(c);
    if (c == '\t' && indentation) wrong = "tab in indentation, use spaces";
    if (!wrong.empty()) {
      problems.add({name, line, column}, "", wrong);
      return false;
    }
    if (c != ' ') indentation = false;
    at += length;
    ++column;
    if (c == '\n') {
      ++line;
      column = 1;
      indentation = true;
    }
  }
  return true;
}

}  // namespace lutetia
