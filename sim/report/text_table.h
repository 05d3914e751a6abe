// Columns that line up.
#pragma once
#include <string>
#include <vector>

namespace lutetia {

class TextTable {
 public:
  /// One letter per column: 'l' flush left, 'r' flush right.
  explicit TextTable(std::string alignment) : alignment_(std::move(alignment)) {}

  /// Missing cells at the end are empty.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  /// All rows, each behind `indent`, columns two spaces apart, no spaces at the ends of lines.
  std::string text(const std::string& indent = "  ") const;

 private:
  std::string alignment_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace lutetia
