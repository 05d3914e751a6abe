// Every packing gives back what it was given, where the separately written oracle looks for it.
#include <gtest/gtest.h>

#include <algorithm>

#include "numeric/packing/packing_cases.h"

namespace lutetia::packing_test {
namespace {

/// Matrices that favour mistakes: extremes, one weight that differs, columns or rows that tell themselves apart.
std::vector<WeightMatrix> matrices(const WeightPacking& packing, const Layout& l, Random& random) {
  const int least = packing.info().least, most = packing.info().most;
  std::vector<WeightMatrix> all;
  const auto add = [&](auto weight) {
    all.push_back(random_matrix(packing, l.rows, l.columns, random));
    for (std::uint64_t n = 0; n < l.rows; ++n)
      for (std::uint64_t k = 0; k < l.columns; ++k)
        all.back().weights[all.back().index(n, k)] = static_cast<std::int8_t>(weight(n, k));
  };
  all.push_back(packing.blank(l.rows, l.columns));
  add([&](auto, auto) { return least; });
  add([&](auto, auto) { return most; });
  add([&](auto n, auto k) { return (n + k) % 2 == 0 ? least : most; });
  add([&](auto, auto k) { return least + static_cast<int>(k % static_cast<std::uint64_t>(most - least + 1)); });
  add([&](auto n, auto) { return least + static_cast<int>(n % static_cast<std::uint64_t>(most - least + 1)); });
  for (int i = 0; i < 8; ++i) {
    const std::uint64_t row = random.below(l.rows), column = random.below(l.columns);
    add([&](auto n, auto k) { return n == row && k == column ? least : 0; });
  }
  for (int i = 0; i < 12; ++i) all.push_back(random_matrix(packing, l.rows, l.columns, random));
  return all;
}

TEST(Packing, GivesBackWhatItWasGivenWhereTheOracleFindsIt) {
  Random random(1);
  for (const Layout& l : layouts()) {
    SCOPED_TRACE(title(l));
    const std::unique_ptr<WeightPacking> packing = packing_of(l);
    ASSERT_EQ(packing->obstacle(l.rows, l.columns), "");
    for (const WeightMatrix& m : matrices(*packing, l, random)) {
      PackingFaults faults;
      const std::vector<std::uint8_t> bytes = packing->pack(m, faults);
      ASSERT_TRUE(faults.empty()) << first_fault(faults);
      ASSERT_EQ(bytes.size(), packing->size_bytes(l.rows, l.columns));
      for (std::uint64_t n = 0; n < l.rows; ++n)
        for (std::uint64_t k = 0; k < l.columns; ++k)
          ASSERT_EQ(value_of(l, bytes, n, k), m.value(n, k)) << n << ", " << k;
      const WeightMatrix back = packing->unpack(bytes.data(), bytes.size(), l.rows, l.columns, faults);
      ASSERT_TRUE(faults.empty()) << first_fault(faults);
      expect_equal(back, m);
      if (HasFailure()) return;
    }
  }
}

TEST(Packing, RowOrderHoldsEveryColumnOnceAndGoesUpInMemory) {
  for (const Layout& l : layouts()) {
    SCOPED_TRACE(title(l));
    std::vector<int> seen(l.columns, 0);
    std::uint64_t last = 0;
    for (const CodeElements& code : packing_of(l)->row_order(l.columns)) {
      const std::uint64_t byte = place_of(l, l.rows - 1, code.first).byte;
      EXPECT_GE(byte, last);
      last = byte;
      for (std::uint32_t i = 0; i < code.count; ++i) {
        const std::uint64_t column = code.first + i * code.stride;
        ASSERT_LT(column, l.columns);
        ++seen[column];
        EXPECT_EQ(place_of(l, l.rows - 1, column).byte, byte);
      }
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(l.columns));
  }
}

TEST(Packing, OrderOfTheTernaryFormatsIsTheKnownOne) {
  const auto first = [](const char* name, std::size_t i) {
    const CodeElements code = create_packing(name)->row_order(256).at(i);
    return std::vector<std::uint64_t>{code.first, code.stride, code.count};
  };
  using V = std::vector<std::uint64_t>;
  EXPECT_EQ(first("tq1_0", 1), (V{1, 32, 5}));
  EXPECT_EQ(first("tq1_0", 33), (V{161, 16, 5}));
  EXPECT_EQ(first("tq1_0", 50), (V{242, 4, 4}));
  EXPECT_EQ(first("tq2_0", 33), (V{129, 32, 4}));
  EXPECT_EQ(first("i2_s_128", 33), (V{129, 32, 4}));
  EXPECT_EQ(first("i2_s_64", 17), (V{65, 16, 4}));
  EXPECT_EQ(first("q4_0", 17), (V{33, 16, 2}));
  EXPECT_EQ(first("tl1", 5), (V{10, 1, 2}));
  EXPECT_EQ(first("tl2", 63), (V{189, 1, 3}));
  EXPECT_EQ(first("tl2", 64), (V{192, 1, 2}));
  EXPECT_EQ(first("tmac_2", 5), (V{20, 1, 4}));
}

TEST(Packing, WhatAFormatCannotHoldIsRefused) {
  for (const Layout& l : layouts()) {
    SCOPED_TRACE(title(l));
    const std::unique_ptr<WeightPacking> packing = packing_of(l);
    const WeightMatrix good = packing->blank(l.rows, l.columns);
    const auto refused = [&](const WeightMatrix& m) {
      PackingFaults faults;
      return packing->pack(m, faults).empty() && faults.count() == 1;
    };
    WeightMatrix m = good;
    if (packing->info().most < 127) {
      m.weights.back() = static_cast<std::int8_t>(packing->info().most + 1);
      EXPECT_TRUE(refused(m));
    }
    m = good;
    m.weights.pop_back();
    EXPECT_TRUE(refused(m));
    m = good;
    m.scales.push_back(1);
    EXPECT_TRUE(refused(m));
    if (good.scales.empty()) continue;
    for (const float scale : {NAN, INFINITY, -INFINITY}) {
      m = good;
      m.scales.back() = scale;
      EXPECT_TRUE(refused(m));
    }
    m = good;
    m.scales.back() = 0.1f;  // no FP16 number
    EXPECT_EQ(refused(m), packing->info().scale == ScaleStorage::kHalf);
    if (m.sub_scales.empty()) continue;
    m = good;
    m.sub_scales.back() = 16;
    EXPECT_TRUE(refused(m));
  }
}

TEST(Packing, EveryRowOfTheTableIsWhole) {
  EXPECT_EQ(weight_packings().size(), 13u);
  for (const PackingInfo& info : weight_packings()) {
    SCOPED_TRACE(info.name);
    EXPECT_FALSE(info.source.empty());
    EXPECT_FALSE(info.block.empty());
    EXPECT_FALSE(info.illegal.empty());
    const std::unique_ptr<WeightPacking> packing = create_packing(info.name);
    ASSERT_NE(packing, nullptr);
    EXPECT_EQ(packing->info().name, info.name);
    // bits per weight of a large matrix, whatever its tail
    const std::uint64_t rows = 7680, columns = 7680;
    ASSERT_EQ(packing->obstacle(rows, columns), "");
    EXPECT_NEAR(8.0 * static_cast<double>(packing->size_bytes(rows, columns)) / (rows * columns), info.bits, 0.02);
  }
  EXPECT_EQ(create_packing("i2_s"), nullptr);
}

}  // namespace
}  // namespace lutetia::packing_test
