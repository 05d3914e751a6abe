#include "config/write.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "config/set_path.h"

namespace lutetia {
namespace {

class Writer {
 public:
  explicit Writer(const Origins* origins) : origins_(origins) {}

  /// The keys of one struct. `first_indent` is what stands before the first line ("  - " for a list entry).
  void write(const Schema& schema, const std::string& first_indent, const std::string& indent,
             const std::string& path) {
    const std::size_t start = lines_.size();
    const auto lead = [&] { return lines_.size() == start ? first_indent : indent; };
    for (const Field& field : schema.fields()) {
      const std::string field_path = join_path(path, field.key());
      const std::string begin = lead() + field.key() + ":";
      switch (field.kind()) {
        case Field::Kind::kLeaf: line(begin + " " + field.text(), field_path); break;
        case Field::Kind::kGroup:
        case Field::Kind::kOptionalGroup:
          if (field.size() == 0) break;
          line(begin, field_path);
          nested(field.element(0), indent + "  ", indent + "  ", field_path, lines_.size() - 1);
          break;
        case Field::Kind::kList:
          line(begin + (field.size() == 0 ? " []" : ""), field_path);
          for (std::size_t i = 0; i < field.size(); ++i) {
            const std::size_t before = lines_.size();
            write(field.element(i), indent + "  - ", indent + "    ", join_path(field_path, i));
            if (lines_.size() == before) line(indent + "  - {}", join_path(field_path, i));
          }
          break;
      }
    }
  }

  std::string text() const {
    std::size_t width = 0;
    constexpr std::size_t kWidest = 60;  // longer lines do not push the comments of all others away
    for (const auto& line : lines_) {
      if (line.first.size() <= kWidest) width = std::max(width, line.first.size());
    }
    std::string out;
    for (const auto& [text, origin] : lines_) {
      out += text;
      if (!origin.empty()) {
        out += std::string(width > text.size() ? width - text.size() : 0, ' ') + "  # " + origin;
      }
      out += "\n";
    }
    return out.empty() ? "{}\n" : out;
  }

 private:
  /// A group; one without any line of its own is written as {}.
  void nested(const Schema& schema, const std::string& first_indent, const std::string& indent, const std::string& path,
              std::size_t header) {
    write(schema, first_indent, indent, path);
    if (lines_.size() == header + 1) lines_[header].first += " {}";
  }

  void line(std::string text, const std::string& path) {
    std::string origin;
    if (origins_) {
      const auto it = origins_->find(path);
      if (it != origins_->end()) origin = it->second;
    }
    for (char& c : origin) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';  // a file's name must not end the comment
    }
    lines_.emplace_back(std::move(text), std::move(origin));
  }

  const Origins* origins_;
  std::vector<std::pair<std::string, std::string>> lines_;  // text, origin
};

}  // namespace

std::string write_yaml(const Schema& schema, const Origins* origins) {
  Writer writer(origins);
  writer.write(schema, "", "", "");
  return writer.text();
}

}  // namespace lutetia
