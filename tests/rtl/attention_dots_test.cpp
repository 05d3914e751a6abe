// Dot products of the attention unit (attention_dots.sv) against exact sums. FP16 as Arm's alternative half precision:
// decoded here through double precision, where every product is exact; sums of 16 fit into 128 bits.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>

#include "Vattention_dots.h"
#include "verilated.h"

namespace {

__extension__ using Int128 = __int128;
constexpr int kMost = 16;
using Chunk = std::array<std::uint32_t, kMost>;

class Dots {
 public:
  ~Dots() { dut_.final(); }

  void Check(const Chunk& query, const Chunk& key) {
    for (int e = 0; e < kMost; ++e) Put(dut_.query_i, e, query[e]), Put(dut_.key_i, e, key[e]);
    Tick(true, false);
    for (int e = 0; e < kMost; ++e) Put(dut_.query_i, e, 0xffff), Put(dut_.key_i, e, 0x1234);
    Tick(false, true);
    Tick(false, false);  // holds
    constexpr int kLengths[] = {1, 5, 16};
    for (int v = 0; v < 3; ++v) {
      Int128 sum = 0;
      for (int e = 0; e < kLengths[v]; ++e) sum += static_cast<Int128>(std::ldexp(Half(query[e]) * Half(key[e]), 48));
      ASSERT_TRUE(Fp16Sum(v) == sum) << kLengths[v] << " elements of FP16";
    }
    constexpr int kIntegers[] = {1, 3, 7, 16}, kKeyBits[] = {8, 9, 4, 5};
    for (int v = 0; v < 4; ++v) {
      std::int64_t sum = 0;
      for (int e = 0; e < kIntegers[v]; ++e) sum += Signed(query[e], 8) * Signed(key[e], kKeyBits[v]);
      ASSERT_EQ(static_cast<std::int32_t>(dut_.integer_o[v]), sum) << kIntegers[v] << " integers";
    }
  }

 private:
  template <class Data>
  static void Put(Data& data, int element, std::uint32_t value) {
    const int shift = element % 2 * 16;
    data[element / 2] = (data[element / 2] & ~(0xffffu << shift)) | value << shift;
  }
  /// No infinities, no NaN.
  static double Half(std::uint32_t code) {
    const int exponent = static_cast<int>(code >> 10 & 31), fraction = static_cast<int>(code & 1023);
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return (code & 0x8000u) != 0 ? -magnitude : magnitude;
  }
  static std::int64_t Signed(std::uint32_t code, int bits) {
    const std::int64_t low = code & ((1 << bits) - 1);
    return low >= 1 << (bits - 1) ? low - (1 << bits) : low;
  }
  Int128 Fp16Sum(int variant) const {
    Int128 sum = 0;
    for (int bit = 0; bit < 88; ++bit) {
      const int at = variant * 88 + bit;
      if ((dut_.fp16_o[at / 32] >> at % 32 & 1) != 0) sum += (bit == 87 ? -1 : 1) * (Int128{1} << bit);
    }
    return sum;
  }
  void Tick(bool multiply, bool add) {
    dut_.multiply_i = multiply;
    dut_.add_i = add;
    dut_.clk_i = 0;
    dut_.eval();
    dut_.clk_i = 1;
    dut_.eval();
  }
  VerilatedContext context_;
  Vattention_dots dut_{&context_};
};

// All elements the same: the sums are as large as they can be.
TEST(AttentionDots, Extremes) {
  Dots dots;
  for (const std::uint32_t q :
       {0x0000u, 0x8000u, 0x0001u, 0x8001u, 0x03ffu, 0x0400u, 0x7fffu, 0xffffu, 0xff80u, 0x7c7fu})
    for (const std::uint32_t k : {0x0000u, 0x8000u, 0x8001u, 0x83ffu, 0x8400u, 0x7fffu, 0xffffu, 0xff80u, 0x7d00u}) {
      Chunk query, key;
      query.fill(q);
      key.fill(k);
      dots.Check(query, key);
      if (HasFatalFailure()) return;
    }
}

TEST(AttentionDots, EveryExponentTimesEveryExponent) {
  Dots dots;
  for (std::uint32_t a = 0; a < 32; ++a)
    for (std::uint32_t b = 0; b < 32; ++b) {
      Chunk query{}, key{};
      query[0] = a << 10 | 1;
      key[0] = 0x8000u | b << 10 | 0x3ff;
      dots.Check(query, key);
      if (HasFatalFailure()) return;
    }
}

TEST(AttentionDots, RandomElements) {
  Dots dots;
  std::mt19937 random(20240704);
  for (int i = 0; i < 60'000; ++i) {
    Chunk query, key;
    const std::uint32_t narrow = i % 3 == 0 ? 0x43ffu : 0xffffu;  // few exponents: sums of like terms
    for (int e = 0; e < kMost; ++e) {
      query[e] = static_cast<std::uint32_t>(random()) & (narrow | 0x8000u);
      key[e] = static_cast<std::uint32_t>(random()) & (narrow | 0x8000u);
      if (random() % 16 == 0) key[e] &= 0x8000u;
      if (i % 4 == 1 && e % 2 == 1) query[e] = query[e - 1] ^ 0x8000u, key[e] = key[e - 1] ^ (random() % 2);  // cancels
    }
    dots.Check(query, key);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
