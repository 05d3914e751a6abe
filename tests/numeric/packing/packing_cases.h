// The packings as tests take them: shapes and tiles, random matrices.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "numeric/packing/half.h"
#include "numeric/packing/packing_oracle.h"
#include "numeric/packing/weight_packing.h"

namespace lutetia::packing_test {

inline void set(WeightPacking& packing, std::string_view name, std::uint64_t value) {
  for (const PackingParameter& p : packing.parameters())
    if (p.name == name) *p.value = static_cast<std::uint32_t>(value);
}

/// The packing of a layout, with its tile.
inline std::unique_ptr<WeightPacking> packing_of(const Layout& l) {
  std::unique_ptr<WeightPacking> packing = create_packing(l.name);
  set(*packing, "bm", l.bm);
  set(*packing, "bk", l.bk);
  set(*packing, "bmm", l.bmm);
  set(*packing, "kfactor", l.kfactor);
  set(*packing, "group", l.group);
  set(*packing, "zeros", l.zeros);
  return packing;
}

/// Several shapes of every packing, ragged in every way that the format allows.
inline std::vector<Layout> layouts() {
  std::vector<Layout> all;
  for (const char* name : {"i2_s_128", "i2_s_64", "tq1_0", "tq2_0", "q4_0", "q8_0", "q2_k"}) {
    const bool wide = std::string(name).find("q2") != std::string::npos || std::string(name) == "tq1_0";
    const std::uint64_t block = wide                              ? 256
                                : std::string(name) == "i2_s_128" ? 128
                                : std::string(name) == "i2_s_64"  ? 64
                                                                  : 32;
    for (const auto& [rows, blocks] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 1}, {3, 1}, {5, 3}})
      all.push_back({name, rows, blocks * block});
  }
  all.push_back({"tl1", 32, 8, 32, 8, 32});
  all.push_back({"tl1", 64, 12, 64, 4, 64});
  all.push_back({"tl1", 192, 48, 96, 16, 32});
  all.push_back({"tl1", 256, 64, 128, 32, 64});
  all.push_back({"tl2", 32, 24, 32, 24, 32});
  all.push_back({"tl2", 64, 96, 64, 48, 32});
  all.push_back({"tl2", 64, 96 + 32, 32, 96, 32});    // pairs behind the triples
  all.push_back({"tl2", 192, 192 + 64, 96, 96, 32});  //
  all.push_back({"tl2", 32, 64, 32, 96, 32});         // pairs alone
  for (const char* name : {"tmac_1", "tmac_2", "tmac_3", "tmac_4"}) {
    const auto b = static_cast<std::uint64_t>(name[5] - '0');
    all.push_back({name, 32, 16, 32 * b, 0, 0, 1, 0, 0});
    all.push_back({name, 64, 64, 32, 0, 0, 8, 0, 1});
    all.push_back({name, 96, 96, 32 * b, 0, 0, 2, 32, 0});
    all.push_back({name, 64, 96, 64 * b, 0, 0, 4, 48, 1});
  }
  return all;
}

inline float random_half(Random& random) {
  for (;;) {
    const float value = half_value(static_cast<std::uint16_t>(random.next()));
    if (std::isfinite(value)) return value;
  }
}

/// Random weights of the whole range, random scales of all sizes.
inline WeightMatrix random_matrix(const WeightPacking& packing, std::uint64_t rows, std::uint64_t columns,
                                  Random& random) {
  WeightMatrix m = packing.blank(rows, columns);
  for (std::int8_t& w : m.weights)
    w = static_cast<std::int8_t>(random.between(packing.info().least, packing.info().most));
  for (float& s : m.scales) s = random_half(random);
  for (float& s : m.minima) s = random_half(random);
  for (std::uint8_t& s : m.sub_scales) s = static_cast<std::uint8_t>(random.below(16));
  for (std::uint8_t& s : m.sub_minima) s = static_cast<std::uint8_t>(random.below(16));
  return m;
}

inline std::string title(const Layout& l) {
  return l.name + " " + std::to_string(l.rows) + " x " + std::to_string(l.columns) + ", bm " + std::to_string(l.bm) +
         " bk " + std::to_string(l.bk) + " bmm " + std::to_string(l.bmm) + " kfactor " + std::to_string(l.kfactor) +
         " group " + std::to_string(l.group) + " zeros " + std::to_string(l.zeros);
}

inline std::string first_fault(const PackingFaults& faults) {
  return faults.empty() ? "" : faults.first().front().text();
}

inline void expect_equal(const WeightMatrix& a, const WeightMatrix& b) {
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(a.columns, b.columns);
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.scale_group, b.scale_group);
  EXPECT_EQ(a.scales, b.scales);
  EXPECT_EQ(a.minima, b.minima);
  EXPECT_EQ(a.sub_group, b.sub_group);
  EXPECT_EQ(a.sub_scales, b.sub_scales);
  EXPECT_EQ(a.sub_minima, b.sub_minima);
}

}  // namespace lutetia::packing_test
