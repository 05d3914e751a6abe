#include "base/problem.h"

#include <algorithm>
#include <ostream>
#include <tuple>
#include <utility>

namespace lutetia {

std::string Problem::text() const {
  std::string out = where.file;
  if (where.line > 0) {
    out += ":" + std::to_string(where.line);
    if (where.column > 0) out += ":" + std::to_string(where.column);
  }
  if (!out.empty()) out += ": ";
  out += "error: ";
  if (!path.empty()) out += path + ": ";
  return out + message;
}

void Problems::add(SourceLocation where, std::string path, std::string message) {
  items_.push_back({std::move(where), std::move(path), std::move(message)});
}

void Problems::append(const Problems& other) {
  items_.insert(items_.end(), other.items_.begin(), other.items_.end());
}

void Problems::print(std::ostream& out) const {
  std::vector<const Problem*> sorted;
  for (const Problem& p : items_) sorted.push_back(&p);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem* a, const Problem* b) {
    return std::tie(a->where.file, a->where.line, a->where.column) <
           std::tie(b->where.file, b->where.line, b->where.column);
  });
  for (const Problem* p : sorted) out << p->text() << "\n";
}

}  // namespace lutetia
