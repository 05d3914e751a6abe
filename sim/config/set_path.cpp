#include "config/set_path.h"

#include <charconv>
#include <system_error>

namespace lutetia {
namespace {

/// "[2][0]": the indices behind a key.
bool parse_indices(std::string_view text, std::vector<PathStep>& steps) {
  while (!text.empty()) {
    const std::size_t close = text.find(']');
    if (text[0] != '[' || close == std::string_view::npos) return false;
    PathStep step;
    const auto result = std::from_chars(text.data() + 1, text.data() + close, step.index);
    if (result.ec != std::errc() || result.ptr != text.data() + close) return false;
    steps.push_back(step);
    text.remove_prefix(close + 1);
  }
  return true;
}

}  // namespace

bool parse_path(std::string_view text, std::vector<PathStep>& steps) {
  steps.clear();
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view segment = text.substr(0, dot);
    const std::size_t bracket = segment.find('[');
    if (bracket == 0 || segment.empty()) return false;
    steps.push_back({std::string(segment.substr(0, bracket)), 0});
    if (bracket != std::string_view::npos && !parse_indices(segment.substr(bracket), steps)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool parse_set(std::string_view text, SetItem& item) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  item.value = std::string(text.substr(equals + 1));
  item.at = 0;
  return parse_path(text.substr(0, equals), item.steps);
}

std::string join_path(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string join_path(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

}  // namespace lutetia
