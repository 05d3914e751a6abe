#include "dataflow/functions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dataflow/scan_functions.h"

namespace lutetia::dataflow {
namespace {

using Widths = std::vector<std::uint32_t>;
using Use = ValueFunction::Use;

constexpr double kLowest = -std::numeric_limits<double>::infinity();

/// Vectors of one length, and scalars that stand for as many equal numbers.
std::uint32_t elementwise(const Widths& w) {
  std::uint32_t widest = 1;
  for (const std::uint32_t x : w) widest = std::max(widest, x);
  for (const std::uint32_t x : w)
    if (x != 1 && x != widest) return 0;
  return widest;
}
std::uint32_t together(const Widths& w) {
  std::uint64_t sum = 0;
  for (const std::uint32_t x : w) sum += x;
  return sum > UINT32_MAX ? 0 : static_cast<std::uint32_t>(sum);
}
std::uint32_t scalar(const Widths& w) {
  return elementwise(w) == 0 ? 0 : 1;
}
std::uint32_t pair_of_scalar(const Widths& w) {
  return w[0] == 1 ? 2 : 0;
}
template <class F>
void each(double* out, std::uint32_t width, F f) {
  for (std::uint32_t i = 0; i < width; ++i) out[i] = f(i);
}

double dot_product(const Operands& in) {
  double sum = 0;
  for (std::uint32_t i = 0; i < std::max(in[0].width, in[1].width); ++i) sum += in[0][i] * in[1][i];
  return sum;
}

void keep(double* state, double* out, std::uint32_t width) {
  std::copy(state, state + width, out);
}

std::vector<ValueFunction> make_functions() {
  std::vector<ValueFunction> f;
  const auto map = [&](const char* name, std::uint32_t least, std::uint32_t most, const char* text, auto width,
                       auto apply) {
    f.push_back({name, Use::kMap, least, most, text, width, apply, 0});
  };
  const auto fold = [&](const char* name, std::uint32_t least, std::uint32_t most, const char* text, auto width,
                        double start, auto apply) {
    f.push_back({name, Use::kFold, least, most, text, width, apply, start});
  };
  map("identity", 1, 1, "a", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return in[0][i]; });
  });
  map("exp", 1, 1, "e^a", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return std::exp(in[0][i]); });
  });
  map("add", 2, 2, "a + b", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return in[0][i] + in[1][i]; });
  });
  map("sub", 2, 2, "a - b", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return in[0][i] - in[1][i]; });
  });
  map("mul", 2, 2, "a b", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return in[0][i] * in[1][i]; });
  });
  map("div", 2, 2, "a / b", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return in[0][i] / in[1][i]; });
  });
  map("max", 2, 2, "the larger of a and b", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return std::max(in[0][i], in[1][i]); });
  });
  map("exp_sub", 2, 2, "e^(a - b)", elementwise, [](const Operands& in, double*, double* out, std::uint32_t w) {
    each(out, w, [&](std::uint32_t i) { return std::exp(in[0][i] - in[1][i]); });
  });
  map("dot", 2, 2, "a . b, a scalar", scalar,
      [](const Operands& in, double*, double* out, std::uint32_t) { out[0] = dot_product(in); });
  map("exp_dot", 2, 2, "e^(a . b), a scalar", scalar,
      [](const Operands& in, double*, double* out, std::uint32_t) { out[0] = std::exp(dot_product(in)); });
  map("concat", 1, 64, "all operands side by side", together,
      [](const Operands& in, double*, double* out, std::uint32_t) {
        for (const Operand& x : in) out = std::copy(x.value, x.value + x.width, out);
      });
  fold("running_sum", 1, 1, "s = s + a", elementwise, 0.0,
       [](const Operands& in, double* s, double* out, std::uint32_t w) {
         each(s, w, [&](std::uint32_t i) { return s[i] + in[0][i]; });
         keep(s, out, w);
       });
  fold("running_max", 1, 1, "s = max(s, a)", elementwise, kLowest,
       [](const Operands& in, double* s, double* out, std::uint32_t w) {
         each(s, w, [&](std::uint32_t i) { return std::max(s[i], in[0][i]); });
         keep(s, out, w);
       });
  fold("multiply_accumulate", 2, 2, "s = s + a b", elementwise, 0.0,
       [](const Operands& in, double* s, double* out, std::uint32_t w) {
         each(s, w, [&](std::uint32_t i) { return s[i] + in[0][i] * in[1][i]; });
         keep(s, out, w);
       });
  fold("dot_accumulate", 2, 2, "s = s + a . b, a scalar", scalar, 0.0,
       [](const Operands& in, double* s, double* out, std::uint32_t) { out[0] = s[0] += dot_product(in); });
  // The maximum so far, as what it means to sums taken with the maximum before: they times the first, plus the second.
  fold("online_max", 1, 1, "m' = max(m, a); shows (e^(m - m'), e^(a - m'))", pair_of_scalar, kLowest,
       [](const Operands& in, double* s, double* out, std::uint32_t) {
         const double before = s[0];
         s[0] = std::max(before, in[0][0]);
         out[0] = before == s[0] ? 1 : std::exp(before - s[0]);
         out[1] = std::exp(in[0][0] - s[0]);
       });
  fold("last", 1, 1, "s = a", elementwise, 0.0, [](const Operands& in, double* s, double* out, std::uint32_t w) {
    each(s, w, [&](std::uint32_t i) { return in[0][i]; });
    keep(s, out, w);
  });
  add_scan_functions(f);
  return f;
}

}  // namespace

const std::vector<ValueFunction>& value_functions() {
  static const std::vector<ValueFunction> functions = make_functions();
  return functions;
}

const ValueFunction* find_function(const std::string& name) {
  for (const ValueFunction& f : value_functions())
    if (f.name == name) return &f;
  return nullptr;
}

}  // namespace lutetia::dataflow
