#include "config/named_file.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/nearest.h"
#include "config/value.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kSuffix = ".yaml";

bool ends_in_yaml(const std::string& text) {
  return text.size() > kSuffix.size() && text.compare(text.size() - kSuffix.size(), kSuffix.size(), kSuffix) == 0;
}

bool is_name(const std::string& text) {
  if (text.empty() || text.size() > 200 || text[0] == '.') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '.';
  });
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    const std::string file = it->path().filename().string();
    if (ends_in_yaml(file)) names.push_back(file.substr(0, file.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string canonical_name(const std::string& path) {
  std::error_code code;
  const auto canonical = fs::weakly_canonical(path, code);
  return code ? path : canonical.string();
}

std::string default_base_dir(const std::string& top_file) {
  return (fs::path(top_file).parent_path() / "..").lexically_normal().string();
}

bool find_named_file(const std::string& text, const std::string& key, const std::string& base_dir,
                     const std::string& naming_file, std::string& path, std::string& error) {
  std::error_code code;
  if (ends_in_yaml(text) && text.find('\0') == std::string::npos && text.size() < 4000) {
    path = (fs::path(naming_file).parent_path() / text).lexically_normal().string();
    if (fs::exists(path, code)) return true;
    error = "no such file: " + quoted_for_message(path);
    return false;
  }
  if (!is_name(text)) {
    error = "expected a map or the name of a file, got " + quoted_for_message(text);
    return false;
  }
  const fs::path folder = (fs::path(base_dir) / key).lexically_normal();
  path = (folder / (text + std::string(kSuffix))).string();
  if (fs::exists(path, code)) return true;
  const std::vector<std::string> names = names_in(folder);
  const std::string hint = did_you_mean(text, names);
  error = "no such file: " + quoted_for_message(path) + (hint.empty() ? "." : hint) + " Known: " + joined(names);
  return false;
}

}  // namespace lutetia
