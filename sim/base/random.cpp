#include "base/random.h"

namespace lutetia {
namespace {

std::uint64_t rotate_left(std::uint64_t x, int k) {
  return (x << k) | (x >> (64 - k));
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    word = mix64(seed);
    seed += 0x9e3779b97f4a7c15u;
  }
}

std::uint64_t Random::next() {
  const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t n) {
  if (n == 0) return next();
  // Lemire's multiply-and-reject: the high word is uniform once the 2^64 mod n smallest low words are refused.
  const std::uint64_t refused = (0 - n) % n;
  while (true) {
    const unsigned __int128 product = static_cast<unsigned __int128>(next()) * n;
    if (static_cast<std::uint64_t>(product) >= refused) return static_cast<std::uint64_t>(product >> 64);
  }
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;  // 0 = 2^64
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(count));
}

double Random::uniform() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

bool Random::bernoulli(double p) {
  return uniform() < p;
}

void Random::bytes(void* to, std::size_t size) {
  auto* out = static_cast<unsigned char*>(to);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 8 == 0) word = next();
    out[i] = static_cast<unsigned char>(word >> (8 * (i % 8)));
  }
}

}  // namespace lutetia
