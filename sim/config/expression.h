// Whole numbers that depend on names: "length + 24", "2 * max(tile, 8)", "CL + BL + 2 - CWL".
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lutetia {

/// What an expression may hold, and how messages call what it is about.
struct ExpressionRules {
  std::string noun = "parameter";
  std::int64_t largest = std::int64_t{1} << 53;  ///< a value beyond +- this is an error
  bool products = true;  ///< a * b; a / b rounded down, ceil(a, b), exact(a, b); pow2(n), bits(n)
};

struct ExpressionValue {
  std::int64_t value = 0;
  std::string error;                 ///< empty if good
  std::vector<std::string> unknown;  ///< names without a value; then `error` says so
};

/// Sums, products, parentheses, max(a, b, ...) and min(a, b, ...) of names and whole numbers; ceil(a, b) is a / b
/// rounded up, exact(a, b) is a / b, which must come out even; pow2(n) is 2^n, bits(n) how many bits the number n needs
/// (0 none, 5 three). Never throws.
ExpressionValue evaluate_expression(const std::string& expression, const std::map<std::string, std::int64_t>& values,
                                    const ExpressionRules& rules = {});

}  // namespace lutetia
