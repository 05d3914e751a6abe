#include "memory/dram/timing_expression.h"

#include <algorithm>

#include "base/nearest.h"
#include "config/value.h"

namespace lutetia {
namespace {

constexpr std::int64_t kLargest = std::int64_t{1} << 31;
constexpr int kDeepest = 32;

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Recursive descent; the first fault ends it.
class Parser {
 public:
  Parser(const std::string& text, const std::map<std::string, std::uint32_t>& timings)
      : text_(text), timings_(timings) {}

  TimingValue parse() {
    TimingValue out;
    out.cycles = sum(0);
    skip_blanks();
    if (error_.empty() && at_ < text_.size()) fail("unexpected " + quoted_for_message(text_.substr(at_, 1)));
    if (error_.empty() && !unknown_.empty())
      error_ = "unknown timing " + joined(unknown_) + did_you_mean(unknown_.front(), names());
    out.error = error_;
    out.unknown = unknown_;
    return out;
  }

 private:
  std::int64_t sum(int depth) {
    if (depth > kDeepest) return fail("nested too deeply");
    std::int64_t total = term(depth);
    if (total > kLargest) return fail("the value is too large");
    while (error_.empty()) {
      skip_blanks();
      if (at_ == text_.size() || (text_[at_] != '+' && text_[at_] != '-')) break;
      const bool minus = text_[at_++] == '-';
      const std::int64_t next = term(depth);
      total += minus ? -next : next;
      if (total > kLargest || total < -kLargest) return fail("the value is too large");
    }
    return total;
  }

  std::int64_t term(int depth) {
    skip_blanks();
    if (at_ == text_.size()) return fail("expected a timing or a number at the end");
    if (text_[at_] == '(') {
      ++at_;
      const std::int64_t value = sum(depth + 1);
      expect(')');
      return value;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_])) ++at_;
    const std::string word = text_.substr(begin, at_ - begin);
    if (word.empty()) return fail("expected a timing or a number before " + quoted_for_message(text_.substr(begin, 1)));
    if (word[0] >= '0' && word[0] <= '9') return number(word);
    if (word == "max") return largest(depth);
    const auto found = timings_.find(word);
    if (found != timings_.end()) return found->second;
    if (std::find(unknown_.begin(), unknown_.end(), word) == unknown_.end()) unknown_.push_back(word);
    return 0;
  }

  std::int64_t number(const std::string& word) {
    std::int64_t value = 0;
    for (const char c : word) {
      if (c < '0' || c > '9') return fail("expected a whole number, got " + quoted_for_message(word));
      value = value * 10 + (c - '0');
      if (value > kLargest) return fail("the value is too large");
    }
    return value;
  }

  std::int64_t largest(int depth) {
    if (!expect('(')) return 0;
    std::int64_t value = sum(depth + 1);
    skip_blanks();
    while (error_.empty() && at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      value = std::max(value, sum(depth + 1));
      skip_blanks();
    }
    expect(')');
    return value;
  }

  bool expect(char c) {
    skip_blanks();
    if (!error_.empty()) return false;
    if (at_ < text_.size() && text_[at_] == c) return ++at_, true;
    fail(std::string("expected '") + c + "'");
    return false;
  }

  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  std::int64_t fail(const std::string& what) {
    if (error_.empty()) error_ = what;
    at_ = text_.size();
    return 0;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : timings_) out.push_back(entry.first);
    return out;
  }

  const std::string& text_;
  const std::map<std::string, std::uint32_t>& timings_;
  std::size_t at_ = 0;
  std::string error_;
  std::vector<std::string> unknown_;
};

}  // namespace

TimingValue evaluate_timing(const std::string& expression, const std::map<std::string, std::uint32_t>& timings) {
  return Parser(expression, timings).parse();
}

}  // namespace lutetia
