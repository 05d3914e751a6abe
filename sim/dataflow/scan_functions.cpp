#include "dataflow/scan_functions.h"

#include <algorithm>
#include <cmath>

namespace lutetia::dataflow {
namespace {

using Widths = std::vector<std::uint32_t>;
using Use = ValueFunction::Use;

/// Pairs, as many as wanted; or one pair and a vector.
std::uint32_t pairs_or_pair_and_vector(const Widths& w) {
  if (w.size() == 2) return w[0] == 2 ? w[1] : 0;
  return w[0] % 2 == 0 ? w[0] / 2 : 0;
}
std::uint32_t pairs(const Widths& w) {
  return w[0] % 2 == 0 ? w[0] : 0;
}
std::uint32_t numbers_of_pairs(const Widths& w) {
  return w[0] == w[1] && w[0] % 2 == 0 ? w[0] / 2 : 0;
}
std::uint32_t made_pairs(const Widths& w) {
  return w[0] == w[1] && w[0] <= UINT32_MAX / 2 ? 2 * w[0] : 0;
}
/// The second operand has as many equal parts as the first has numbers.
std::uint32_t parts(const Widths& w) {
  return w[1] % w[0] == 0 ? w[1] : 0;
}
std::uint32_t one_of_each_part(const Widths& w) {
  return w[0] == w[1] && w[0] % w[2] == 0 ? w[2] : 0;
}

/// Number i of the second operand belongs to this number of the first.
double of_part(const Operands& in, std::uint32_t i) {
  return in[0].value[i / (in[1].width / in[0].width)];
}

void compose(double* s, std::uint32_t width, const double* next) {
  for (std::uint32_t i = 0; i < width; i += 2) {
    s[i + 1] = next[i] * s[i + 1] + next[i + 1];
    s[i] *= next[i];
  }
}
/// A row begins with the identity, (1, 0). States begin with zeros; the number behind the last tells that it was made.
void begin_with_identity(double* s, std::uint32_t width) {
  if (s[width] != 0) return;
  for (std::uint32_t i = 0; i < width; i += 2) s[i] = 1;
  s[width] = 1;
}

}  // namespace

void add_scan_functions(std::vector<ValueFunction>& functions) {
  const auto add = [&](Use use, const char* name, std::uint32_t least, std::uint32_t most, const char* text, auto width,
                       auto apply) {
    functions.push_back({name, use, least, most, text, width, apply, 0});
  };
  add(Use::kMap, "exp_mul", 2, 2, "e^(a b), each number of a with all numbers of its part of b", parts,
      [](const Operands& in, double*, double* out, std::uint32_t w) {
        for (std::uint32_t i = 0; i < w; ++i) out[i] = std::exp(of_part(in, i) * in[1].value[i]);
      });
  add(Use::kMap, "mul_parts", 2, 2, "a b, each number of a with all numbers of its part of b", parts,
      [](const Operands& in, double*, double* out, std::uint32_t w) {
        for (std::uint32_t i = 0; i < w; ++i) out[i] = of_part(in, i) * in[1].value[i];
      });
  add(Use::kMap, "dot_parts", 3, 3, "c + a . b, for each number of c with its parts of a and b", one_of_each_part,
      [](const Operands& in, double*, double* out, std::uint32_t w) {
        const std::uint32_t part = in[0].width / w;
        for (std::uint32_t i = 0; i < w; ++i) {
          double sum = 0;
          for (std::uint32_t j = i * part; j < (i + 1) * part; ++j) sum += in[0].value[j] * in[1].value[j];
          out[i] = sum + in[2].value[i];
        }
      });
  add(Use::kMap, "pair", 2, 2, "(a, b), number by number", made_pairs,
      [](const Operands& in, double*, double* out, std::uint32_t w) {
        for (std::uint32_t i = 0; i < w / 2; ++i) out[2 * i] = in[0].value[i], out[2 * i + 1] = in[1].value[i];
      });
  add(Use::kMap, "affine_apply", 2, 2, "a t + b; operands (a, b) and (s, t), pairs as many as wanted", numbers_of_pairs,
      [](const Operands& in, double*, double* out, std::uint32_t w) {
        for (std::uint32_t i = 0; i < w; ++i)
          out[i] = in[0].value[2 * i] * in[1].value[2 * i + 1] + in[0].value[2 * i + 1];
      });
  add(Use::kFold, "affine", 1, 2,
      "s = a s + b v; operands (a, b) and a vector v; without v, s = a s + b for pairs as many as wanted",
      pairs_or_pair_and_vector, [](const Operands& in, double* s, double* out, std::uint32_t w) {
        const double* p = in[0].value;
        for (std::uint32_t i = 0; i < w; ++i)
          s[i] = in.size() == 2 ? p[0] * s[i] + p[1] * in[1][i] : p[2 * i] * s[i] + p[2 * i + 1];
        std::copy_n(s, w, out);
      });
  add(Use::kFold, "affine_compose", 1, 1,
      "(s, t) = (a s, a t + b) from (1, 0); operand (a, b), pairs as many as wanted", pairs,
      [](const Operands& in, double* s, double* out, std::uint32_t w) {
        begin_with_identity(s, w);
        compose(s, w, in[0].value);
        std::copy_n(s, w, out);
      });
  add(Use::kFold, "affine_before", 1, 1, "as affine_compose, but shows (s, t) before it meets (a, b)", pairs,
      [](const Operands& in, double* s, double* out, std::uint32_t w) {
        begin_with_identity(s, w);
        std::copy_n(s, w, out);
        compose(s, w, in[0].value);
      });
}

}  // namespace lutetia::dataflow
