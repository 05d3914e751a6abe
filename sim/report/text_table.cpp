#include "report/text_table.h"

#include <algorithm>

namespace lutetia {

std::string TextTable::text(const std::string& indent) const {
  std::vector<std::size_t> width(alignment_.size());
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) width.at(i) = std::max(width.at(i), row[i].size());
  std::string out;
  for (const auto& row : rows_) {
    std::string line = indent;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(width[i] - row[i].size(), ' ');
      line += (i == 0 ? "" : "  ") + (alignment_[i] == 'r' ? space + row[i] : row[i] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace lutetia
