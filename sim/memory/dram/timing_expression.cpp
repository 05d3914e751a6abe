#include "memory/dram/timing_expression.h"

#include "config/expression.h"

namespace lutetia {

TimingValue evaluate_timing(const std::string& expression, const std::map<std::string, std::uint32_t>& timings) {
  ExpressionRules rules;
  rules.noun = "timing";
  rules.largest = std::int64_t{1} << 31;
  rules.products = false;  // a standard's tables add and compare
  const ExpressionValue value = evaluate_expression(expression, {timings.begin(), timings.end()}, rules);
  return {value.value, value.error, value.unknown};
}

}  // namespace lutetia
