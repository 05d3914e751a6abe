#include "gates/liberty_function.h"

#include <algorithm>

#include "config/value.h"

namespace lutetia {
namespace {

/// Parentheses and inversions deeper than this are refused, so that no file overflows the stack.
constexpr int kDeepestFunction = 200;

/// Bit i is bit v of i, for the variables that fit one word.
constexpr std::uint64_t kPatterns[6] = {0xAAAAAAAAAAAAAAAAu, 0xCCCCCCCCCCCCCCCCu, 0xF0F0F0F0F0F0F0F0u,
                                        0xFF00FF00FF00FF00u, 0xFFFF0000FFFF0000u, 0xFFFFFFFF00000000u};

class FunctionParser {
 public:
  FunctionParser(std::string_view text, const std::vector<FunctionName>& names, std::uint32_t variables,
                 std::vector<FunctionFault>& faults)
      : text_(text), names_(names), variables_(variables), faults_(faults) {}

  TruthTable parse() {
    TruthTable table = sum();
    skip_blanks();
    if (!stopped_ && at_ < text_.size()) {
      stop(text_[at_] == ')' ? "')' without '('"
                             : "unexpected " + quoted_for_message(text_.substr(at_, 1)) + " in a function");
    }
    return table;
  }

 private:
  TruthTable zero() const { return TruthTable::constant(variables_, false); }

  void stop(const std::string& message) {
    if (!stopped_) faults_.push_back({text_.substr(std::min(at_, text_.size())), message});
    stopped_ = true;
  }

  /// Line ends within a string keep their backslash.
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n\\").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  char next() {
    skip_blanks();
    return stopped_ || at_ >= text_.size() ? '\0' : text_[at_];
  }
  static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_[].$<>:\"").find(c) != std::string_view::npos;
  }

  TruthTable sum() {
    TruthTable table = product();
    for (char c = next(); c == '+' || c == '|'; c = next()) {
      ++at_;
      table = table | product();
    }
    return table;
  }

  TruthTable product() {
    TruthTable table = exclusive();
    for (char c = next(); c == '*' || c == '&' || c == '(' || c == '!' || is_name(c); c = next()) {
      if (c == '*' || c == '&') ++at_;
      table = table & exclusive();
    }
    return table;
  }

  TruthTable exclusive() {
    TruthTable table = factor();
    while (next() == '^') {
      ++at_;
      table = table ^ factor();
    }
    return table;
  }

  TruthTable factor() {
    if (++depth_ > kDeepestFunction) stop("function is nested too deeply");
    TruthTable table = zero();
    const char c = next();
    if (c == '!') {
      ++at_;
      table = !factor();
    } else if (c == '(') {
      ++at_;
      table = sum();
      if (next() == ')') {
        ++at_;
      } else {
        stop("')' is missing in a function");
      }
    } else if (is_name(c)) {
      table = literal();
    } else {
      stop(at_ >= text_.size() ? "function ends where a pin is expected"
                               : "expected a pin, got " + quoted_for_message(text_.substr(at_, 1)));
    }
    while (next() == '\'') {
      ++at_;
      table = !table;
    }
    --depth_;
    return table;
  }

  TruthTable literal() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    std::string_view name = text_.substr(from, at_ - from);
    if (name == "0" || name == "1") return TruthTable::constant(variables_, name == "1");
    for (const FunctionName& known : names_) {
      if (known.name != name) continue;
      const TruthTable table = TruthTable::variable(variables_, known.variable);
      return known.inverted ? !table : table;
    }
    faults_.push_back({name, "there is no pin " + quoted_for_message(name)});
    return zero();
  }

  std::string_view text_;
  const std::vector<FunctionName>& names_;
  std::uint32_t variables_;
  std::vector<FunctionFault>& faults_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool stopped_ = false;
};

}  // namespace

TruthTable TruthTable::constant(std::uint32_t variables, bool value) {
  TruthTable table;
  table.variables_ = variables;
  table.words_.assign(variables <= 6 ? 1 : std::size_t{1} << (variables - 6), value ? ~std::uint64_t{0} : 0);
  return table;
}

TruthTable TruthTable::variable(std::uint32_t variables, std::uint32_t which) {
  TruthTable table = constant(variables, false);
  for (std::size_t i = 0; i < table.words_.size(); ++i) {
    if (which < 6) {
      table.words_[i] = kPatterns[which];
    } else if ((i >> (which - 6) & 1) != 0) {
      table.words_[i] = ~std::uint64_t{0};
    }
  }
  return table;
}

TruthTable TruthTable::operator!() const {
  TruthTable table = *this;
  for (std::uint64_t& word : table.words_) word = ~word;
  return table;
}

TruthTable TruthTable::combined(const TruthTable& other, char operation) const {
  TruthTable table = *this;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const std::uint64_t a = words_[i], b = other.words_[i];
    table.words_[i] = operation == '&' ? a & b : operation == '|' ? a | b : a ^ b;
  }
  return table;
}

bool TruthTable::operator==(const TruthTable& other) const {
  return variables_ == other.variables_ && words_ == other.words_;
}

TruthTable TruthTable::cofactor(std::uint32_t variable, bool value) const {
  TruthTable table = *this;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (variable < 6) {
      const std::uint64_t half = words_[i] & (value ? kPatterns[variable] : ~kPatterns[variable]);
      const unsigned distance = 1u << variable;
      table.words_[i] = half | (value ? half >> distance : half << distance);
    } else {
      const std::size_t bit = std::size_t{1} << (variable - 6);
      table.words_[i] = words_[value ? i | bit : i & ~bit];
    }
  }
  return table;
}

bool TruthTable::depends_on(std::uint32_t variable) const {
  return !(cofactor(variable, false) == cofactor(variable, true));
}

TruthTable TruthTable::with(std::uint32_t variable, const TruthTable& replacement) const {
  return (cofactor(variable, true) & replacement) | (cofactor(variable, false) & !replacement);
}

CellFunction TruthTable::function(std::uint32_t pins) const {
  std::vector<bool> values(std::size_t{1} << pins);
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = at(i);
  return {pins, std::move(values)};
}

bool parse_function(std::string_view text, const std::vector<FunctionName>& names, std::uint32_t variables,
                    TruthTable& out, std::vector<FunctionFault>& faults) {
  const std::size_t before = faults.size();
  out = FunctionParser(text, names, variables, faults).parse();
  return faults.size() == before;
}

}  // namespace lutetia
