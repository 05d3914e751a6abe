// Bytes known from elsewhere: small ones worked out by hand from the definitions, and digests of what the upstream
// packers' sequences of reshape and transpose give (carried out once, step by step, on the weights of sample()).
#include <gtest/gtest.h>

#include <map>

#include "base/sha256.h"
#include "numeric/packing/packing_cases.h"

namespace lutetia::packing_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Weights by (row, column), all others `rest`.
WeightMatrix with(const WeightPacking& packing, std::uint64_t rows, std::uint64_t columns, int rest,
                  const std::map<std::pair<int, int>, int>& weights) {
  WeightMatrix m = packing.blank(rows, columns);
  for (std::int8_t& w : m.weights) w = static_cast<std::int8_t>(rest);
  for (const auto& [at, w] : weights)
    m.weights[m.index(static_cast<std::uint64_t>(at.first), static_cast<std::uint64_t>(at.second))] =
        static_cast<std::int8_t>(w);
  return m;
}

Bytes packed(const WeightPacking& packing, const WeightMatrix& m) {
  PackingFaults faults;
  Bytes bytes = packing.pack(m, faults);
  EXPECT_TRUE(faults.empty()) << first_fault(faults);
  return bytes;
}

/// `count` times `rest`, but for some bytes.
Bytes expected(std::size_t count, int rest, const std::map<std::size_t, int>& bytes) {
  Bytes all(count, static_cast<std::uint8_t>(rest));
  for (const auto& [at, byte] : bytes) all.at(at) = static_cast<std::uint8_t>(byte);
  return all;
}

TEST(PackingGolden, I2S) {
  for (const int lanes : {32, 16}) {
    const auto packing = create_packing(lanes == 32 ? "i2_s_128" : "i2_s_64");
    const auto columns = static_cast<std::uint64_t>(4 * lanes);
    WeightMatrix m = with(*packing, 1, columns, 0, {{{0, 0}, 1}, {{0, 2 * lanes}, -1}, {{0, 3 * lanes}, 1}});
    m.scales = {1.5f};
    const auto n = static_cast<std::size_t>(lanes);
    Bytes bytes = expected(n + 32, 0, {{n + 2, 0xc0}, {n + 3, 0x3f}});
    std::fill_n(bytes.begin(), lanes, 0x55);
    bytes[0] = 0x92;  // 10 01 00 10
    EXPECT_EQ(packed(*packing, m), bytes);
  }
}

TEST(PackingGolden, TheTwoLayoutsOfI2SDifferOnlyInTheValues) {
  Random random(3);
  const auto wide = create_packing("i2_s_128"), narrow = create_packing("i2_s_64");
  const WeightMatrix m = random_matrix(*wide, 4, 256, random);
  const Bytes bytes = packed(*wide, m);
  PackingFaults faults;
  const WeightMatrix misread = narrow->unpack(bytes.data(), bytes.size(), 4, 256, faults);
  EXPECT_TRUE(faults.empty()) << "nothing in the bytes tells them apart";
  EXPECT_NE(misread.weights, m.weights);
}

TEST(PackingGolden, Tq1) {
  const auto packing = create_packing("tq1_0");
  // digits 20120 in base 3 are 177, and ceil(177 * 256 / 243) = 187; 1111 and a 0 are 120 -> 127; 11111 are 121 -> 128
  const WeightMatrix m = with(*packing, 1, 256, 0, {{{0, 0}, 1}, {{0, 32}, -1}, {{0, 96}, 1}, {{0, 128}, -1}});
  Bytes bytes = expected(54, 128, {{0, 187}, {48, 127}, {49, 127}, {50, 127}, {51, 127}, {52, 0x00}, {53, 0x3c}});
  EXPECT_EQ(packed(*packing, m), bytes);
  EXPECT_EQ(packed(*packing, with(*packing, 1, 256, 1, {})),
            expected(54, 255, {{48, 253}, {49, 253}, {50, 253}, {51, 253}, {52, 0x00}, {53, 0x3c}}));
  EXPECT_EQ(packed(*packing, with(*packing, 1, 256, -1, {})), expected(54, 0, {{53, 0x3c}}));
}

TEST(PackingGolden, Tq2) {
  const auto packing = create_packing("tq2_0");
  const WeightMatrix m = with(*packing, 1, 256, 0, {{{0, 0}, 1}, {{0, 64}, -1}, {{0, 96}, 1}, {{0, 255}, -1}});
  EXPECT_EQ(packed(*packing, m), expected(66, 0x55, {{0, 0x86}, {63, 0x15}, {64, 0x00}, {65, 0x3c}}));
}

TEST(PackingGolden, Q4AndQ8) {
  const auto q4 = create_packing("q4_0"), q8 = create_packing("q8_0");
  WeightMatrix m = with(*q4, 1, 32, 0, {{{0, 0}, -8}, {{0, 16}, 7}, {{0, 31}, -1}});
  m.scales = {0.5f};
  EXPECT_EQ(packed(*q4, m), expected(18, 0x88, {{0, 0x00}, {1, 0x38}, {2, 0xf0}, {17, 0x78}}));
  EXPECT_EQ(m.value(0, 16), 3.5);
  m = with(*q8, 1, 32, 0, {{{0, 0}, -128}, {{0, 31}, 127}});
  m.scales = {-2.0f};
  EXPECT_EQ(packed(*q8, m), expected(34, 0, {{1, 0xc0}, {2, 0x80}, {33, 0x7f}}));
  EXPECT_EQ(m.value(0, 0), 256);
}

TEST(PackingGolden, Q2K) {
  const auto packing = create_packing("q2_k");
  WeightMatrix m = with(*packing, 1, 256, 0, {{{0, 0}, 3}, {{0, 32}, 1}, {{0, 64}, 2}, {{0, 96}, 3}, {{0, 255}, 2}});
  m.scales = {1.0f};
  m.minima = {0.5f};
  m.sub_scales[0] = 15;
  m.sub_minima[0] = 2;
  m.sub_scales[15] = 7;
  Bytes bytes = expected(84, 0, {{0, 0x2f}, {15, 0x07}, {16, 0xe7}, {79, 0x80}, {81, 0x3c}, {83, 0x38}});
  for (std::size_t s = 1; s < 15; ++s) bytes[s] = 1;
  EXPECT_EQ(packed(*packing, m), bytes);
  EXPECT_EQ(m.value(0, 0), 44);  // 1 * 15 * 3 - 0.5 * 2
  EXPECT_EQ(m.value(0, 255), 14);
}

TEST(PackingGolden, Tl1) {
  const auto packing = packing_of({"tl1", 32, 8, 32, 8, 32});
  const WeightMatrix m =
      with(*packing, 32, 8, 0, {{{0, 0}, 1}, {{0, 1}, 1}, {{0, 2}, -1}, {{0, 3}, -1}, {{17, 4}, -1}, {{17, 7}, 1}});
  EXPECT_EQ(packed(*packing, m), expected(64, 0x44, {{0, 0x80}, {49, 0x15}}));
}

TEST(PackingGolden, Tl2) {
  const auto packing = packing_of({"tl2", 32, 24, 32, 24, 32});
  // row 8, triple 0: (-1, 0, 1) = -8; row 24, triple 7: (0, 0, -1) = -1
  const WeightMatrix m = with(*packing, 32, 24, 0, {{{8, 0}, -1}, {{8, 2}, 1}, {{24, 23}, -1}});
  const std::size_t size = 501;  // floor(floor(-232 * 32 / 3) * 5 / 8) + 64 * 32
  EXPECT_EQ(packed(*packing, m), expected(size, 0, {{16, 0x80}, {120, 0x01}, {128 + 17, 0x80}, {128 + 16, 0x01}}));
}

TEST(PackingGolden, Tmac) {
  const auto packing = packing_of({"tmac_2", 16, 4, 32, 0, 0, 1});
  // q = 3 0 2 1: plane 0 holds 1 0 0 1, plane 1 holds 1 0 1 0; row 8 lies in the high nibbles
  const WeightMatrix m = with(*packing, 16, 4, -2, {{{0, 0}, 1}, {{0, 2}, 0}, {{0, 3}, -1}, {{8, 1}, 1}, {{15, 3}, 0}});
  EXPECT_EQ(packed(*packing, m), expected(20, 0, {{0, 0x29}, {8, 0x25}, {15, 0x80}, {18, 0x80}, {19, 0x3f}}));
}

int sample(std::uint64_t n, std::uint64_t k, std::uint64_t codes) {
  return static_cast<int>((n * 7 + k * 5 + n * k + n / 3 * (k / 7)) % codes);
}

TEST(PackingGolden, DigestsOfTheStepsOfTheUpstreamPackers) {
  const std::vector<std::pair<Layout, const char*>> cases = {
      {{"tl1", 64, 48, 32, 16, 32}, "2e359d1bb3ec8c2925006796c16131bf81a23a8ea8f14ef3f6d00e06cc725070"},
      {{"tl1", 128, 32, 128, 16, 64}, "e460a76142aba98f8cdfbe566f219229418641397439897e5333524a73a7aa78"},
      {{"tl2", 64, 128, 64, 48, 32}, "ea3349fe5984c58342d67dcc3dec2b938787cc92eb39376eedec0d46d8170b0e"},
      {{"tl2", 96, 192, 32, 96, 32}, "7885e2de03ab95cb298c7b298cafc61c7bd284b0914b6b8463d40fa9da162f88"},
      {{"tl2", 64, 320, 64, 96, 32}, "04526d258e12a15bce1ebf130e57bf331ccae85e04ef5f9c7b30d6c190c0bb30"},
      {{"tmac_1", 64, 64, 32, 0, 0, 2}, "08818df80981c4654cf5cc35268b195e0e7173add000a6473c42a96008cc0643"},
      {{"tmac_2", 64, 128, 64, 0, 0, 8}, "e66916c5d141dc4788b777f0a7683b936e193d5396c628265422a9ff2e552aaf"},
      {{"tmac_3", 64, 64, 96, 0, 0, 4}, "f3bb1b1fd690851c15cb31c39d19867148c2aebaa9fb52f810ab7e88203153b1"},
      {{"tmac_4", 64, 64, 128, 0, 0, 16}, "0abacd6171f7129b1910a7f5fb498bab78b4b77be973129de09458d6dd6d9638"}};
  for (const auto& [l, digest] : cases) {
    SCOPED_TRACE(title(l));
    const auto packing = packing_of(l);
    const PackingInfo& info = packing->info();
    const auto codes = static_cast<std::uint64_t>(info.most - info.least + 1);
    WeightMatrix m = packing->blank(l.rows, l.columns);
    for (std::uint64_t n = 0; n < l.rows; ++n)
      for (std::uint64_t k = 0; k < l.columns; ++k)
        m.weights[m.index(n, k)] = static_cast<std::int8_t>(sample(n, k, codes) + info.least);
    Bytes bytes = packed(*packing, m);
    if (!m.scales.empty()) bytes.resize(bytes.size() - 4);  // T-MAC's scale
    EXPECT_EQ(sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()}), digest);
  }
}

}  // namespace
}  // namespace lutetia::packing_test
