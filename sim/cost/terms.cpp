#include "cost/terms.h"

#include "config/expression.h"
#include "config/value.h"

namespace lutetia {

std::string add_names(const std::vector<std::pair<std::string, std::string>>& names, CostValues& values) {
  for (const auto& [name, expression] : names) {
    const ExpressionValue value = evaluate_expression(expression, values);
    if (!value.error.empty()) return name + " = " + quoted_for_message(expression) + ": " + value.error;
    values[name] = value.value;
  }
  return "";
}

double evaluate(const CostTerms& terms, const CostValues& values, std::string& error) {
  double sum = 0;
  for (const CostTerm& term : terms) {
    const ExpressionValue value = evaluate_expression(term.expression, values);
    if (!value.error.empty()) {
      if (error.empty()) error = quoted_for_message(term.expression) + ": " + value.error;
      return 0;
    }
    sum += term.coefficient * static_cast<double>(value.value);
  }
  return sum;
}

}  // namespace lutetia
