#include "numeric/fp16_dot.h"

#include <algorithm>
#include <cstring>

#include "numeric/fp32.h"

namespace lutetia {
namespace {

constexpr int kNothing = -1000;  // exponent of zero: below all others
constexpr int kGridPlaces = 26;

/// significand << up, cut to the grid that lies `distance` places higher.
std::int64_t on_grid(bool negative, std::uint32_t significand, int up, int distance) {
  const std::uint64_t magnitude = distance > 31 ? 0 : (std::uint64_t{significand} << up) >> distance;
  return negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
}

double power_of_two(int exponent) {
  const std::uint64_t bits = static_cast<std::uint64_t>(1023 + exponent) << 52;
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// Exponent of the bit of value 1.0 * 2^e in a product.
int exponent_of(const Fp16Product& product) {
  return product.exponent == 0 ? kNothing : static_cast<int>(product.exponent) - 30;
}

}  // namespace

Fp16Product fp16_product(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t a_field = a >> 10 & 31, b_field = b >> 10 & 31;
  const std::uint32_t a_fraction = a & 1023, b_fraction = b & 1023;
  const bool a_zero = (a & 0x7fff) == 0, b_zero = (b & 0x7fff) == 0;
  Fp16Product p;
  p.negative = ((a ^ b) >> 15 & 1) != 0;
  if (a_field == 31 || b_field == 31) {
    const bool nan = (a_field == 31 && (a_fraction != 0 || b_zero)) || (b_field == 31 && (b_fraction != 0 || a_zero));
    p.exponent = Fp16Product::kSpecial;
    p.significand = nan ? 1 : 0;
    return p;
  }
  if (a_zero || b_zero) return p;
  p.exponent = std::max(a_field, 1u) + std::max(b_field, 1u);
  p.significand = (a_fraction | (a_field != 0 ? 1024u : 0u)) * (b_fraction | (b_field != 0 ? 1024u : 0u));
  return p;
}

std::uint32_t fp16_dot_accumulate(std::uint32_t acc, const std::int64_t* products, std::size_t count) {
  const std::uint32_t field = acc >> 23 & 255, fraction = acc & 0x7fffff;
  const bool acc_negative = acc >> 31 != 0;
  int acc_exponent = static_cast<int>(std::max(field, 1u)) - 127;
  if ((acc & 0x7fffffff) == 0) acc_exponent = kNothing;
  bool nan = field == 255 && fraction != 0;
  bool infinite[2] = {field == 255 && !acc_negative, field == 255 && acc_negative};
  int largest = acc_exponent;
  for (std::size_t k = 0; k < count; ++k) {
    const Fp16Product p = Fp16Product::decode(static_cast<std::uint32_t>(products[k]));
    if (p.exponent == Fp16Product::kSpecial) {
      nan = nan || p.significand != 0;
      infinite[p.negative] = true;
    }
    largest = std::max(largest, exponent_of(p));
  }
  if (nan || (infinite[0] && infinite[1])) return kCanonicalNan;
  if (infinite[0] || infinite[1]) return infinite[1] ? 0xff800000u : 0x7f800000u;
  if (largest == kNothing) return 0;
  // A significand of FP32 has 23 places below its point, a product 20.
  std::int64_t sum =
      on_grid(acc_negative, fraction | (field != 0 ? 0x800000u : 0u), kGridPlaces - 23, largest - acc_exponent);
  for (std::size_t k = 0; k < count; ++k) {
    const Fp16Product p = Fp16Product::decode(static_cast<std::uint32_t>(products[k]));
    sum += on_grid(p.negative, p.significand, kGridPlaces - 20, largest - exponent_of(p));
  }
  // Exact in double precision; the conversion rounds once, to nearest even.
  return fp32_bits(static_cast<float>(static_cast<double>(sum) * power_of_two(largest - kGridPlaces)));
}

std::uint32_t fp16_from_int(std::int32_t value) {
  if (value == 0) return 0;
  auto magnitude = static_cast<std::uint32_t>(value < 0 ? -value : value);
  std::uint32_t exponent = 25;
  for (; magnitude < 1024; magnitude <<= 1) --exponent;
  for (; magnitude >= 2048; magnitude >>= 1) ++exponent;  // 2048 itself
  return (value < 0 ? 0x8000u : 0u) | exponent << 10 | (magnitude & 1023);
}

}  // namespace lutetia
