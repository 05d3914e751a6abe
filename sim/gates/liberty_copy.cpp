#include "gates/liberty_copy.h"

namespace lutetia {

std::string without_cells(const LibertyTree& tree, const std::set<std::string, std::less<>>& cells) {
  const std::string& text = tree.source();
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  std::string out;
  std::size_t copied = 0;
  for (const LibertyNode& library : tree.top()) {
    for (const LibertyNode& cell : tree.children(library)) {
      if (cell.name != "cell" || cells.find(tree.word(cell)) == cells.end()) continue;
      const auto begin = static_cast<std::size_t>(cell.whole.data() - text.data());
      std::size_t from = begin, to = begin + cell.whole.size();
      while (from > copied && blank(text[from - 1])) --from;
      while (to < text.size() && blank(text[to])) ++to;
      if (to < text.size() && text[to] == ';') ++to;
      if ((from == 0 || text[from - 1] == '\n') && to < text.size() && text[to] == '\n') {
        ++to;
      } else {
        from = begin;
      }
      out.append(text, copied, from - copied);
      copied = to;
    }
  }
  return out.append(text, copied, std::string::npos);
}

}  // namespace lutetia
