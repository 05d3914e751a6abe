// Reproducible randomness: the same seed gives the same sequence on every platform and compiler. Random is a stateful
// generator (xoshiro256**, Blackman and Vigna, seeded by splitmix64); hash() is stateless, for values that must not
// depend on the order in which they are asked for, such as the elements of a synthetic tensor.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lutetia {

/// The finaliser of splitmix64: a bijection in which every input bit flips about half of the output bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// 64 well mixed bits of a seed and up to three coordinates, e.g. hash(seed, tensor, row, column).
constexpr std::uint64_t hash(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  return mix64(mix64(mix64(mix64(seed) ^ a) ^ b) ^ c);
}

/// A bell-shaped integer in -largest .. largest (up to 2^46) from 64 uniform bits: the sum of their four quarters,
/// whose standard deviation is largest / 3.46. Cheap and the same everywhere, unlike a normal distribution.
constexpr std::int64_t bell(std::uint64_t random, std::int64_t largest) {
  constexpr std::int64_t kMiddle = 2 * 0xffff;
  const std::uint64_t sum = (random & 0xffff) + (random >> 16 & 0xffff) + (random >> 32 & 0xffff) + (random >> 48);
  return (static_cast<std::int64_t>(sum) * largest + kMiddle / 2) / kMiddle - largest;
}

class Random {
 public:
  using result_type = std::uint64_t;  // also usable with <random>, whose distributions are not portable, however

  explicit Random(std::uint64_t seed);

  /// 64 uniform bits.
  std::uint64_t next();
  std::uint64_t operator()() { return next(); }
  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }

  /// Uniform in 0 .. n-1, without modulo bias; n = 0 means 2^64.
  std::uint64_t below(std::uint64_t n);
  /// Uniform in low .. high, both inclusive; low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform();
  /// True with probability p (p <= 0: never, p >= 1: always). Always takes one number from the sequence.
  bool bernoulli(double p);
  /// Fills `size` bytes; the same bytes on little- and big-endian machines.
  void bytes(void* to, std::size_t size);

  /// A uniform permutation (Fisher-Yates).
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace lutetia
