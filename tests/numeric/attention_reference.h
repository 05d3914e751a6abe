// Attention of one query row in double precision, on numbers and not on codes, and the laws by which tests draw inputs.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "base/random.h"

namespace lutetia {

/// softmax(scale * q . k + bias) . v over the keys whose bias is not -infinity; 0 if there is none. Arrays key by key;
/// biases may be empty.
inline std::vector<double> double_attention(const std::vector<double>& query, const std::vector<double>& keys,
                                            const std::vector<double>& values, std::size_t count, double scale,
                                            const std::vector<double>& biases = {}) {
  const std::size_t size = values.size() / count;
  std::vector<double> logits(count), result(size);
  double maximum = -INFINITY, sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    double dot = 0;
    for (std::size_t e = 0; e < query.size(); ++e) dot += query[e] * keys[i * query.size() + e];
    // A masked key does not even lend its NaN.
    logits[i] = biases.empty()                           ? scale * dot
                : std::isinf(biases[i]) && biases[i] < 0 ? -INFINITY
                                                         : scale * dot + biases[i];
    maximum = std::max(maximum, logits[i]);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isinf(logits[i]) && logits[i] < 0) continue;
    const double weight = std::exp(logits[i] - maximum);
    sum += weight;
    for (std::size_t e = 0; e < size; ++e) result[e] += weight * values[i * size + e];
  }
  for (double& element : result) element = sum == 0 ? 0 : element / sum;
  return result;
}

inline double random_normal(Random& random) {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * 3.14159265358979323846 * random.uniform());
}

/// N(0,1), or with outliers N(0,1) + N(0,100) * Bernoulli(0.001), the law of FlashAttention-3's accuracy table.
inline std::vector<double> random_numbers(Random& random, std::size_t count, bool outliers) {
  std::vector<double> numbers(count);
  for (double& number : numbers) {
    number = random_normal(random);
    if (outliers && random.bernoulli(0.001)) number += 10 * random_normal(random);
  }
  return numbers;
}

/// sqrt(sum of (result - exact)^2 / sum of exact^2).
class RelativeRmse {
 public:
  void add(double result, double exact) {
    error_ += (result - exact) * (result - exact);
    power_ += exact * exact;
  }
  double value() const { return error_ == 0 ? 0 : std::sqrt(error_ / power_); }

 private:
  double error_ = 0, power_ = 0;
};

}  // namespace lutetia
