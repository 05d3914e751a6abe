// A second, separate statement of every layout: the place of weight (n, k) in closed form, read one weight at a time,
// as the formats' own sources index their arrays. The packings under test walk memory instead and never compute a
// place.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace lutetia::packing_test {

/// A format with its tile sizes; members a format has no use for are 0.
struct Layout {
  std::string name;
  std::uint64_t rows = 0, columns = 0;
  std::uint64_t bm = 0, bk = 0, bmm = 0;            // TL1, TL2
  std::uint64_t kfactor = 0, group = 0, zeros = 0;  // T-MAC, with bm
};

/// A weight's place: byte, first bit, and what of it is the weight.
struct Place {
  std::uint64_t byte = 0;
  int shift = 0;
};

/// The two middle groups of eight rows change places.
inline std::uint64_t swapped(std::uint64_t row) {
  constexpr std::uint64_t kGroup[] = {0, 2, 1, 3};
  return kGroup[row / 8] * 8 + row % 8;
}

inline std::uint64_t tl2_triples(const Layout& l) {
  return l.columns / l.bk * l.bk;
}
inline std::uint64_t tl2_pairs_at(const Layout& l) {
  return l.rows * tl2_triples(l) * 5 / 24;
}
inline int tmac_bits(const Layout& l) {
  return l.name.back() - '0';
}

/// Of the code that holds the weight; plane: T-MAC only.
inline Place place_of(const Layout& l, std::uint64_t n, std::uint64_t k, int plane = 0) {
  const std::uint64_t e = n * l.columns + k;
  if (l.name == "i2_s_128") return {e / 128 * 32 + e % 32, static_cast<int>(6 - 2 * (e % 128 / 32))};
  if (l.name == "i2_s_64") return {e / 64 * 16 + e % 16, static_cast<int>(6 - 2 * (e % 64 / 16))};
  const std::uint64_t j = e % 256;
  if (l.name == "tq2_0") return {e / 256 * 66 + j / 128 * 32 + j % 32, static_cast<int>(2 * (j / 32 % 4))};
  if (l.name == "q2_k") return {e / 256 * 84 + 16 + j / 128 * 32 + j % 32, static_cast<int>(2 * (j / 32 % 4))};
  if (l.name == "q4_0") return {e / 32 * 18 + 2 + e % 16, static_cast<int>(4 * (e % 32 / 16))};
  if (l.name == "q8_0") return {e / 32 * 34 + 2 + e % 32, 0};
  if (l.name == "tq1_0") {
    const std::uint64_t byte = j < 160 ? j % 32 : j < 240 ? 32 + j % 16 : 48 + j % 4;
    return {e / 256 * 54 + byte, static_cast<int>(j < 160 ? j / 32 : j < 240 ? (j - 160) / 16 : (j - 240) / 4)};
  }
  if (l.name == "tl1") {
    const std::uint64_t by = 256 / l.bmm;
    std::uint64_t at = n / l.bm * (l.columns / l.bk) + k / l.bk;
    at = at * (l.bm / l.bmm) + n % l.bm / l.bmm;
    at = at * (l.bk / by) + k % l.bk / by;
    at = at * (l.bmm / 16) + n % l.bmm / 16;
    at = at * (by / 4) + k % by / 4;
    return {at * 16 + n % 16, k % 4 < 2 ? 4 : 0};
  }
  if (l.name == "tl2") {
    const std::uint64_t k3 = tl2_triples(l);
    const bool triple = k < k3;
    const std::uint64_t bk = triple ? l.bk : 32, width = triple ? 6 : 4, part = triple ? k3 : l.columns - k3;
    const std::uint64_t column = triple ? k : k - k3;
    std::uint64_t at = n / l.bm * (part / bk) + column / bk;
    at = at * (l.bm / 32) + n % l.bm / 32;
    at = at * (bk / width) + column % bk / width;
    return {(triple ? 0 : tl2_pairs_at(l)) + at * 32 + swapped(n % 32), column % width < width / 2 ? 4 : 0};
  }
  const auto b = static_cast<std::uint64_t>(tmac_bits(l));
  const std::uint64_t r = n / 8 * 8 * b + static_cast<std::uint64_t>(plane) * 8 + n % 8;
  std::uint64_t at = r / l.bm * (l.columns / 4 / l.kfactor) + k / 4 / l.kfactor;
  at = at * (l.bm / 32) + r % l.bm / 32;
  at = at * l.kfactor + k / 4 % l.kfactor;
  return {at * 16 + r % 16, static_cast<int>(r % 32 / 16 * 4 + k % 4)};
}

/// Whether the sign of the triple of (n, k) is set; k lies in the tripled part.
inline bool tl2_sign(const Layout& l, const std::vector<std::uint8_t>& bytes, std::uint64_t n, std::uint64_t k) {
  const std::uint64_t k3 = tl2_triples(l);
  std::uint64_t word = n / l.bm * (k3 / l.bk) + k / l.bk;
  word = word * (l.bm / 32) + n % l.bm / 32;
  word = word * (l.bk / 24) + k % l.bk / 24;
  word = word * 16 + n % 16;
  const std::uint64_t at = l.rows * k3 / 6 + 2 * word;
  const int bits = bytes[at] | bytes[at + 1] << 8;
  return (bits >> (15 - (2 * (k % 24 / 3) + n % 32 / 16)) & 1) != 0;
}

/// Digit n of a byte as GGUF's decoder computes it: multiplication by 3^n in eight bits, then the carry out of the top.
inline int tq1_digit(std::uint8_t byte, int n) {
  constexpr std::uint8_t kPower[] = {1, 3, 9, 27, 81};
  return static_cast<std::uint8_t>(byte * kPower[n]) * 3 >> 8;
}

/// Legal is the first byte with its five digits; of four digits, with a fifth that is 0.
inline bool tq1_legal(std::uint8_t byte, int digits) {
  static const std::array<std::array<bool, 256>, 2> kTable = [] {
    std::array<std::array<bool, 256>, 2> table{};
    std::array<bool, 243> seen{};
    for (int b = 0; b < 256; ++b) {
      int v = 0;
      for (int n = 0; n < 5; ++n) v = 3 * v + tq1_digit(static_cast<std::uint8_t>(b), n);
      const bool first = !seen[static_cast<std::size_t>(v)];
      seen[static_cast<std::size_t>(v)] = true;
      table[0][static_cast<std::size_t>(b)] = first;
      table[1][static_cast<std::size_t>(b)] = first && v % 3 == 0;
    }
    return table;
  }();
  return kTable[digits == 5 ? 0 : 1][byte];
}

/// The weight (n, k), or nothing if its code is illegal.
inline std::optional<int> weight_of(const Layout& l, const std::vector<std::uint8_t>& bytes, std::uint64_t n,
                                    std::uint64_t k) {
  if (l.name.rfind("tmac", 0) == 0) {
    int q = 0;
    for (int p = 0; p < tmac_bits(l); ++p) {
      const Place at = place_of(l, n, k, p);
      q += (bytes[at.byte] >> at.shift & 1) << p;
    }
    return q - (1 << (tmac_bits(l) - 1));
  }
  const Place at = place_of(l, n, k);
  const std::uint8_t byte = bytes[at.byte];
  if (l.name == "tq1_0") {
    if (!tq1_legal(byte, k % 256 < 240 ? 5 : 4)) return std::nullopt;
    return tq1_digit(byte, at.shift) - 1;
  }
  if (l.name == "q8_0") return static_cast<std::int8_t>(byte);
  if (l.name == "q4_0") return (byte >> at.shift & 15) - 8;
  if (l.name == "q2_k") return byte >> at.shift & 3;
  const int nibble = byte >> at.shift & 15;
  if (l.name == "tl1" || (l.name == "tl2" && k >= tl2_triples(l))) {
    constexpr int kPairs[9][2] = {{-1, -1}, {-1, 0}, {-1, 1}, {0, -1}, {0, 0}, {0, 1}, {1, -1}, {1, 0}, {1, 1}};
    if (nibble > 8) return std::nullopt;
    return kPairs[nibble][k % 2];
  }
  if (l.name == "tl2") {
    constexpr int kTriples[14][3] = {{0, 0, 0},  {0, 0, 1},  {0, 1, -1}, {0, 1, 0}, {0, 1, 1},  {1, -1, -1}, {1, -1, 0},
                                     {1, -1, 1}, {1, 0, -1}, {1, 0, 0},  {1, 0, 1}, {1, 1, -1}, {1, 1, 0},   {1, 1, 1}};
    const bool negative = tl2_sign(l, bytes, n, k);
    if (nibble > 13 || (negative && nibble == 0)) return std::nullopt;
    return kTriples[nibble][k % 3] * (negative ? -1 : 1);
  }
  const int code = byte >> at.shift & 3;
  if (code == 3) return std::nullopt;
  return code - 1;
}

struct StoredScale {
  std::uint64_t byte = 0;
  bool half = false;  ///< FP16, otherwise FP32
};

/// Where the scale of (n, k) lies, or its minimum (zero); nothing if the format has none.
inline std::optional<StoredScale> scale_of(const Layout& l, std::uint64_t n, std::uint64_t k, bool minimum) {
  const std::uint64_t e = n * l.columns + k, weights = l.rows * l.columns;
  if (l.name == "q2_k") return StoredScale{e / 256 * 84 + (minimum ? 82 : 80), true};
  if (l.name.rfind("tmac", 0) == 0) {
    if (minimum && l.zeros == 0) return std::nullopt;
    const auto b = static_cast<std::uint64_t>(tmac_bits(l));
    const std::uint64_t base = weights * b / 8, z = minimum ? 1 : 0;
    if (l.group == 0) return StoredScale{base + 4 * z, false};
    const std::uint64_t tile = l.bm / b;
    std::uint64_t at = n / tile * (l.columns / l.group) + k / l.group;
    at = (at * (tile / 8) + n % tile / 8) * (1 + l.zeros) + z;
    return StoredScale{base + 4 * (at * 8 + n % 8), false};
  }
  if (minimum || l.name.rfind("tl", 0) == 0) return std::nullopt;
  if (l.name[0] == 'i') return StoredScale{weights / 4, false};
  if (l.name == "tq1_0") return StoredScale{e / 256 * 54 + 52, true};
  if (l.name == "tq2_0") return StoredScale{e / 256 * 66 + 64, true};
  return StoredScale{l.name == "q4_0" ? e / 32 * 18 : e / 32 * 34, true};
}

/// By IEEE 754's definition, in double; NaN and infinities as such.
inline double stored_value(const std::vector<std::uint8_t>& bytes, const StoredScale& at) {
  if (!at.half) {
    float value = 0;
    std::memcpy(&value, &bytes[at.byte], 4);  // tests run on little-endian machines
    return value;
  }
  const int bits = bytes[at.byte] + 256 * bytes[at.byte + 1];
  const int exponent = bits / 1024 % 32, fraction = bits % 1024;
  const double sign = bits >= 32768 ? -1 : 1;
  if (exponent == 31) return fraction != 0 ? NAN : sign * INFINITY;
  if (exponent == 0) return sign * fraction * std::pow(2, -24);
  return sign * (1 + fraction / 1024.0) * std::pow(2, exponent - 15);
}

/// The value of (n, k) by the formats' definitions.
inline std::optional<double> value_of(const Layout& l, const std::vector<std::uint8_t>& bytes, std::uint64_t n,
                                      std::uint64_t k) {
  const std::optional<int> w = weight_of(l, bytes, n, k);
  if (!w) return std::nullopt;
  const std::optional<StoredScale> scale = scale_of(l, n, k, false), minimum = scale_of(l, n, k, true);
  double s = scale ? stored_value(bytes, *scale) : 1, m = minimum ? stored_value(bytes, *minimum) : 0;
  if (l.name == "q2_k") {
    const std::uint8_t sub = bytes[(n * l.columns + k) / 256 * 84 + k % 256 / 16];
    s *= sub & 15;
    m *= sub >> 4;
  }
  return s * *w - m;
}

}  // namespace lutetia::packing_test
