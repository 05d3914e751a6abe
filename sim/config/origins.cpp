#include "config/origins.h"

#include <cstdlib>
#include <fstream>

namespace lutetia {
namespace {

/// Column of the first letter of a line of a file, from 1; 0 if there is no such line.
int first_column(const std::string& file, int line) {
  std::ifstream in(file);
  std::string text;
  for (int i = 0; i < line; ++i)
    if (!std::getline(in, text)) return 0;
  const std::size_t at = text.find_first_not_of(' ');
  return at == std::string::npos ? 0 : static_cast<int>(at) + 1;
}

}  // namespace

SourceLocation origin_location(const Origins& origins, const std::string& top_file, const std::string& key) {
  const auto found = origins.find(key);
  if (found == origins.end() || found->second == "default") return {top_file, 0, 0};
  const std::string& origin = found->second;
  const std::size_t colon = origin.rfind(':');
  if (colon == std::string::npos) return {origin, 0, 0};
  const int line = std::atoi(origin.c_str() + colon + 1);
  const std::string file = origin.substr(0, colon);
  return {file, line, first_column(file, line)};
}

Problems located(const Problems& problems, const Origins& origins, const std::string& top_file) {
  Problems out;
  for (const Problem& p : problems.items())
    out.add(p.where.file.empty() ? origin_location(origins, top_file, p.path) : p.where, p.path, p.message);
  return out;
}

}  // namespace lutetia
