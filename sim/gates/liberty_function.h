// Liberty's boolean expressions as truth tables: "!A", "A'", "A*B", "A&B", "A B", "A+B", "A|B", "A^B", "(A)", "0", "1".
// Inversion binds tightest, then exclusive or, then and, then or.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gates/cell_library.h"

namespace lutetia {

/// A table of 2^variables bits, 64 a word, on which whole expressions are evaluated at once.
class TruthTable {
 public:
  TruthTable() = default;
  static TruthTable constant(std::uint32_t variables, bool value);
  static TruthTable variable(std::uint32_t variables, std::uint32_t which);

  bool at(std::uint32_t values) const { return (words_[values >> 6] >> (values & 63) & 1) != 0; }
  std::uint32_t variables() const { return variables_; }
  bool depends_on(std::uint32_t variable) const;
  TruthTable operator!() const;
  TruthTable operator&(const TruthTable& other) const { return combined(other, '&'); }
  TruthTable operator|(const TruthTable& other) const { return combined(other, '|'); }
  TruthTable operator^(const TruthTable& other) const { return combined(other, '^'); }
  bool operator==(const TruthTable& other) const;
  /// This table with another one in the place of a variable.
  TruthTable with(std::uint32_t variable, const TruthTable& replacement) const;
  /// Over the first `pins` variables, the others being 0.
  CellFunction function(std::uint32_t pins) const;

 private:
  TruthTable combined(const TruthTable& other, char operation) const;
  TruthTable cofactor(std::uint32_t variable, bool value) const;

  std::uint32_t variables_ = 0;
  std::vector<std::uint64_t> words_;  ///< a table of fewer than 64 bits is repeated in its word
};

/// What a name in an expression stands for.
struct FunctionName {
  std::string_view name;
  std::uint32_t variable = 0;
  bool inverted = false;
};

struct FunctionFault {
  std::string_view at;  ///< of the text
  std::string message;
};

/// Truth table of `text`; false, and at least one fault, if it is no expression over these names.
bool parse_function(std::string_view text, const std::vector<FunctionName>& names, std::uint32_t variables,
                    TruthTable& out, std::vector<FunctionFault>& faults);

}  // namespace lutetia
