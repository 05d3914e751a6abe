#include "config/expression.h"

#include <algorithm>

#include "base/nearest.h"
#include "config/value.h"

namespace lutetia {
namespace {

constexpr int kDeepest = 32;

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Recursive descent; the first fault ends it.
class Parser {
 public:
  Parser(const std::string& text, const std::map<std::string, std::int64_t>& values, const ExpressionRules& rules)
      : text_(text), values_(values), rules_(rules) {}

  ExpressionValue parse() {
    ExpressionValue out;
    out.value = sum(0);
    skip_blanks();
    if (error_.empty() && at_ < text_.size()) fail("unexpected " + quoted_for_message(text_.substr(at_, 1)));
    if (error_.empty() && !unknown_.empty())
      error_ = "unknown " + rules_.noun + " " + joined(unknown_) + did_you_mean(unknown_.front(), names());
    out.error = error_;
    out.unknown = unknown_;
    return out;
  }

 private:
  std::int64_t sum(int depth) {
    if (depth > kDeepest) return fail("nested too deeply");
    std::int64_t total = bounded(product(depth));
    while (next_is("+-")) {
      const bool minus = text_[at_++] == '-';
      const std::int64_t next = product(depth);
      total = bounded(minus ? total - next : total + next);
    }
    return total;
  }

  std::int64_t product(int depth) {
    std::int64_t total = term(depth);
    while (rules_.products && next_is("*/")) {
      const bool divide = text_[at_++] == '/';
      const std::int64_t next = term(depth);
      // A name without a value counts as 0 until it is reported.
      if (divide && next == 0) return unknown_.empty() ? fail("division by zero") : 0;
      if (divide)
        total = total / next - (total % next != 0 && (total < 0) != (next < 0) ? 1 : 0);
      else if (__builtin_mul_overflow(total, next, &total))
        return fail("the value is too large");
      total = bounded(total);
    }
    return total;
  }

  std::int64_t term(int depth) {
    skip_blanks();
    if (at_ == text_.size()) return fail("expected a " + rules_.noun + " or a number at the end");
    if (text_[at_] == '(') {
      ++at_;
      const std::int64_t value = sum(depth + 1);
      expect(')');
      return value;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_])) ++at_;
    const std::string word = text_.substr(begin, at_ - begin);
    if (word.empty())
      return fail("expected a " + rules_.noun + " or a number before " + quoted_for_message(text_.substr(begin, 1)));
    if (word[0] >= '0' && word[0] <= '9') return number(word);
    if (word == "max" || word == "min") return extreme(word == "max", depth);
    if (rules_.products && (word == "ceil" || word == "exact")) return quotient(word == "exact", depth);
    if (rules_.products && (word == "pow2" || word == "bits") && next_is("(")) return binary(word == "pow2", depth);
    const auto found = values_.find(word);
    if (found != values_.end()) return found->second;
    if (std::find(unknown_.begin(), unknown_.end(), word) == unknown_.end()) unknown_.push_back(word);
    return 0;
  }

  std::int64_t number(const std::string& word) {
    std::int64_t value = 0;
    for (const char c : word) {
      if (c < '0' || c > '9') return fail("expected a whole number, got " + quoted_for_message(word));
      value = value * 10 + (c - '0');
      if (value > rules_.largest) return fail("the value is too large");
    }
    return value;
  }

  std::int64_t extreme(bool largest, int depth) {
    if (!expect('(')) return 0;
    std::int64_t value = sum(depth + 1);
    while (next_is(",")) {
      ++at_;
      const std::int64_t next = sum(depth + 1);
      value = largest ? std::max(value, next) : std::min(value, next);
    }
    expect(')');
    return value;
  }

  /// Rounded up, or a fault if there is something to round.
  std::int64_t quotient(bool exact, int depth) {
    if (!expect('(')) return 0;
    const std::int64_t whole = sum(depth + 1);
    if (!expect(',')) return 0;
    const std::int64_t part = sum(depth + 1);
    if (!expect(')') || (part == 0 && !unknown_.empty())) return 0;
    if (part == 0) return fail("division by zero");
    if (exact && whole % part != 0 && unknown_.empty())
      return fail(std::to_string(whole) + " is no multiple of " + std::to_string(part));
    return whole / part + (whole % part != 0 && (whole < 0) == (part < 0) ? 1 : 0);
  }

  /// 2^n, or how many bits the number n needs.
  std::int64_t binary(bool power, int depth) {
    if (!expect('(')) return 0;
    const std::int64_t n = sum(depth + 1);
    if (!expect(')')) return 0;
    if (n < 0) return fail(std::string(power ? "pow2" : "bits") + " of the negative number " + std::to_string(n));
    if (power) return n > 62 ? fail("the value is too large") : bounded(std::int64_t{1} << n);
    std::int64_t bits = 0;
    for (std::int64_t rest = n; rest > 0; rest /= 2) ++bits;
    return bits;
  }

  /// Whether one of `letters` follows, behind blanks.
  bool next_is(const char* letters) {
    skip_blanks();
    return error_.empty() && at_ < text_.size() && std::string(letters).find(text_[at_]) != std::string::npos;
  }

  std::int64_t bounded(std::int64_t value) {
    return value > rules_.largest || value < -rules_.largest ? fail("the value is too large") : value;
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
    for (const auto& entry : values_) out.push_back(entry.first);
    return out;
  }

  const std::string& text_;
  const std::map<std::string, std::int64_t>& values_;
  const ExpressionRules& rules_;
  std::size_t at_ = 0;
  std::string error_;
  std::vector<std::string> unknown_;
};

}  // namespace

ExpressionValue evaluate_expression(const std::string& expression, const std::map<std::string, std::int64_t>& values,
                                    const ExpressionRules& rules) {
  return Parser(expression, values, rules).parse();
}

}  // namespace lutetia
