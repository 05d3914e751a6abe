#include "gates/liberty_tree.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "config/value.h"

namespace lutetia {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\\')) text.remove_suffix(1);
  return text;
}

}  // namespace

class LibertyParser {
 public:
  LibertyParser(LibertyTree& tree, Problems& problems) : tree_(tree), text_(tree.text_), problems_(problems) {}

  void parse() {
    for (skip_blanks(); at_ < text_.size() && !given_up_; skip_blanks()) {
      if (text_[at_] == '}') {
        close_group();
      } else if (text_[at_] == ';') {
        ++at_;
      } else if (is_name(text_[at_])) {
        statement();
      } else {
        fault(at_, "unexpected " + quoted_for_message(std::string(1, text_[at_])) +
                       ", expected an attribute, a group or '}'");
        skip_line();
      }
    }
    at_ = std::min(at_, text_.size());
    // Named where it begins: that the end of the file is missing tells nobody which brace it was.
    for (const std::uint32_t open : open_) {
      LibertyNode& group = tree_.nodes_[open];
      fault(offset(group.name), "group " + std::string(group.name) + " is not closed: '}' is missing");
      finish(group, at_);
    }
  }

 private:
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

  std::size_t offset(std::string_view piece) const { return static_cast<std::size_t>(piece.data() - text_.data()); }

  void fault(std::size_t at, const std::string& message) {
    if (given_up_) return;
    const SourceLocation where = tree_.where(std::string_view(text_).substr(std::min(at, text_.size())));
    problems_.add(where, "", message);
    if (++faults_ < kMostLibertyProblems) return;
    problems_.add(where, "", "too many faults, the rest is not shown");
    given_up_ = true;
  }

  /// Past a line end that a backslash takes away; false if there is none here.
  bool skip_continuation() {
    if (text_[at_] != '\\') return false;
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_blank(text_[end]) && text_[end] != '\n') ++end;
    if (end < text_.size() && text_[end] != '\n') return false;
    at_ = std::min(end + 1, text_.size());
    return true;
  }

  /// Past a comment; false if there is none here.
  bool skip_comment() {
    if (text_.compare(at_, 2, "//") == 0) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (text_.compare(at_, 2, "/*") != 0) return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string::npos) fault(at_, "comment is not closed: '*/' is missing");
    at_ = end == std::string::npos ? text_.size() : end + 2;
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_blank(c)) {
        ++at_;
      } else if (!(c == '\\' && skip_continuation()) && !(c == '/' && skip_comment())) {
        return;
      }
    }
  }

  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != ';' && text_[at_] != '}') ++at_;
  }

  std::string_view name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return std::string_view(text_).substr(from, at_ - from);
  }

  /// At a quote: what is between it and the closing one. A string ends with its line unless a backslash continues it.
  std::string_view quoted() {
    const std::size_t from = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
      if (text_[at_] == '\\' && skip_continuation()) continue;
      at_ += text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
    }
    at_ = std::min(at_, text_.size());
    const std::string_view word = std::string_view(text_).substr(from, at_ - from);
    if (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
    } else {
      fault(from - 1, "string is not closed: '\"' is missing");
    }
    return word;
  }

  void statement() {
    LibertyNode node;
    const std::size_t from = at_;
    node.name = name();
    node.first_word = static_cast<std::uint32_t>(tree_.words_.size());
    skip_blanks();
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == ':') {
      ++at_;
      simple(node);
    } else if (next == '(') {
      ++at_;
      words(node, from);
      node.kind = LibertyNode::Kind::kComplex;
    } else {
      fault(from, "expected ':' or '(' behind " + quoted_for_message(std::string(node.name)));
      skip_line();
      return;
    }
    node.words = static_cast<std::uint32_t>(tree_.words_.size()) - node.first_word;
    node.end = static_cast<std::uint32_t>(tree_.nodes_.size()) + 1;
    node.whole = std::string_view(text_).substr(from, at_ - from);
    if (node.kind == LibertyNode::Kind::kComplex) {
      skip_blanks();
      if (at_ < text_.size() && text_[at_] == '{') {
        ++at_;
        node.kind = LibertyNode::Kind::kGroup;
        open_.push_back(static_cast<std::uint32_t>(tree_.nodes_.size()));
      }
    }
    tree_.nodes_.push_back(node);
  }

  /// The value of an attribute: a string, or everything up to the semicolon, which may be missing at the end of a line.
  void simple(LibertyNode& node) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') {
      tree_.words_.push_back(quoted());
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
      if (at_ == text_.size() || text_[at_] == ';' || text_[at_] == '}' || text_[at_] == '\n' || skip_comment()) return;
      fault(at_, "expected ';' behind the value of " + std::string(node.name));
      skip_line();
      return;
    }
    const std::size_t from = at_;
    while (at_ < text_.size() && text_[at_] != ';' && text_[at_] != '}' && text_[at_] != '{' && text_[at_] != '\n' &&
           text_.compare(at_, 2, "/*") != 0) {
      if (!skip_continuation()) ++at_;
    }
    const std::string_view value = trimmed(std::string_view(text_).substr(from, at_ - from));
    if (value.empty()) fault(offset(node.name), "attribute " + std::string(node.name) + " has no value");
    if (at_ < text_.size() && text_[at_] == '{') {
      fault(at_, "unexpected '{' in the value of " + std::string(node.name));
      ++at_;
    }
    tree_.words_.push_back(value);
  }

  /// What stands in parentheses, separated by commas or blanks.
  void words(const LibertyNode& node, std::size_t from) {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const char c = text_[at_];
      if (c == ')') {
        ++at_;
        return;
      }
      if (c == ',') {
        ++at_;
      } else if (c == '"') {
        tree_.words_.push_back(quoted());
      } else if (c == '{' || c == '}' || c == ';' || c == '(') {
        break;
      } else {
        const std::size_t begin = at_;
        while (at_ < text_.size() && !is_blank(text_[at_]) &&
               std::string_view(",(){};\"\\").find(text_[at_]) == kNowhere)
          ++at_;
        if (at_ == begin) ++at_;  // a backslash that continues no line
        tree_.words_.push_back(std::string_view(text_).substr(begin, at_ - begin));
      }
    }
    fault(from, "')' is missing behind what belongs to " + std::string(node.name));
    if (at_ < text_.size() && text_[at_] == '(') ++at_;
  }

  void close_group() {
    if (open_.empty()) {
      fault(at_, "'}' without a group");
      ++at_;
      return;
    }
    finish(tree_.nodes_[open_.back()], ++at_);
    open_.pop_back();
  }

  void finish(LibertyNode& group, std::size_t end) {
    group.end = static_cast<std::uint32_t>(tree_.nodes_.size());
    const std::size_t from = offset(group.name);
    group.whole = std::string_view(text_).substr(from, end - from);
  }

  LibertyTree& tree_;
  const std::string& text_;
  Problems& problems_;
  std::size_t at_ = 0, faults_ = 0;
  bool given_up_ = false;
  std::vector<std::uint32_t> open_;  ///< groups that are not closed yet, the innermost last
};

bool LibertyTree::parse(std::string text, std::string file, Problems& problems) {
  text_ = std::move(text);
  file_ = std::move(file);
  nodes_.clear();
  words_.clear();
  line_starts_.clear();
  const std::size_t before = problems.size();
  if (text_.size() > std::numeric_limits<std::uint32_t>::max()) {
    problems.add({file_, 0, 0}, "", "is larger than 4 GiB");
    return false;
  }
  LibertyParser(*this, problems).parse();
  return problems.size() == before;
}

const LibertyNode* LibertyTree::find(const LibertyNode& group, std::string_view name) const {
  for (const LibertyNode& child : children(group))
    if (child.name == name) return &child;
  return nullptr;
}

std::string_view LibertyTree::text(const LibertyNode& group, std::string_view attribute) const {
  const LibertyNode* node = find(group, attribute);
  return node == nullptr ? std::string_view() : word(*node);
}

SourceLocation LibertyTree::where(std::string_view piece) const {
  if (piece.data() == nullptr) return {file_, 0, 0};
  if (line_starts_.empty()) {
    line_starts_.push_back(0);
    for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
      line_starts_.push_back(at + 1);
  }
  const auto at = static_cast<std::size_t>(piece.data() - text_.data());
  const auto line = std::upper_bound(line_starts_.begin(), line_starts_.end(), at) - 1;
  return {file_, static_cast<int>(line - line_starts_.begin()) + 1, static_cast<int>(at - *line) + 1};
}

}  // namespace lutetia
