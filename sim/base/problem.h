// A user's mistake, located: file:line:col: error: path: message. Readers collect Problems instead of stopping at the
// first one, so that everything found is printed at once (exit status 2). Never thrown across folders.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace lutetia {

/// Where in a user's file; line and column count from 1, 0 means "the file as a whole".
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Problem {
  SourceLocation where;
  std::string path;     ///< dotted path of the key, e.g. "lut_core.rows"; may be empty
  std::string message;  ///< what is wrong and what would be right

  /// `file:line:col: error: path: message`, leaving out what is empty.
  std::string text() const;
};

class Problems {
 public:
  void add(SourceLocation where, std::string path, std::string message);
  void append(const Problems& other);
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  const std::vector<Problem>& items() const { return items_; }
  /// All problems, sorted by file, line and column, one a line.
  void print(std::ostream& out) const;

 private:
  std::vector<Problem> items_;
};

}  // namespace lutetia
