// Any bytes: no crash, faults exactly where the oracle sees illegal codes, and what is legal is written as it was read.
#include <gtest/gtest.h>

#include <algorithm>

#include "numeric/packing/packing_cases.h"

namespace lutetia::packing_test {
namespace {

constexpr std::uint64_t kBlocks = 100'000;

/// Weights that one fault stands for: a code of two bits each, a byte of digits or an index together.
bool shares_fault(const Layout& l) {
  return l.name == "tq1_0" || l.name.rfind("tl", 0) == 0;
}

/// Illegal codes, scales and padding, counted from the other side.
std::uint64_t illegal(const Layout& l, const WeightPacking& packing, const std::vector<std::uint8_t>& bytes) {
  std::uint64_t count = 0;
  for (const CodeElements& code : packing.row_order(l.columns))
    for (std::uint32_t i = 0; i < (shares_fault(l) ? 1 : code.count); ++i)
      for (std::uint64_t n = 0; n < l.rows; ++n) count += weight_of(l, bytes, n, code.first + i * code.stride) ? 0 : 1;
  std::vector<std::uint64_t> scales;
  for (std::uint64_t n = 0; n < l.rows; ++n)
    for (std::uint64_t k = 0; k < l.columns; k += 16)
      for (const bool minimum : {false, true}) {
        const auto at = scale_of(l, n, k, minimum);
        if (!at || std::find(scales.rbegin(), scales.rend(), at->byte) != scales.rend()) continue;
        scales.push_back(at->byte);
        count += std::isfinite(stored_value(bytes, *at)) ? 0 : 1;
      }
  if (l.name == "tl2")
    for (std::uint64_t at = tl2_pairs_at(l) + l.rows * (l.columns - tl2_triples(l)) / 4; at < bytes.size(); ++at)
      count += bytes[at] != 0 ? 1 : 0;
  return count;
}

/// Random bytes, or a legal matrix with up to two bytes changed, or one as it is.
std::vector<std::uint8_t> some_bytes(const WeightPacking& packing, const Layout& l, Random& random) {
  PackingFaults faults;
  const std::uint64_t kind = random.below(4);
  if (kind == 0) {
    std::vector<std::uint8_t> bytes(packing.size_bytes(l.rows, l.columns));
    random.bytes(bytes.data(), bytes.size());
    return bytes;
  }
  std::vector<std::uint8_t> bytes = packing.pack(random_matrix(packing, l.rows, l.columns, random), faults);
  for (std::uint64_t i = 1; i < kind; ++i) bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
  return bytes;
}

/// Sixteen blocks (of the smallest size that the format has) at a time.
std::vector<Layout> fuzzed() {
  return {{"i2_s_128", 4, 512},
          {"i2_s_64", 4, 256},
          {"tq1_0", 4, 1024},
          {"tq2_0", 4, 1024},
          {"q4_0", 4, 128},
          {"q8_0", 4, 128},
          {"q2_k", 4, 1024},
          {"tl1", 64, 32, 32, 8, 32},
          {"tl2", 64, 128, 32, 48, 32},
          {"tmac_1", 64, 32, 32, 0, 0, 2, 16, 1},
          {"tmac_2", 32, 32, 32, 0, 0, 2, 16, 1},
          {"tmac_3", 64, 32, 96, 0, 0, 2, 16, 0},
          {"tmac_4", 16, 32, 64, 0, 0, 2, 0, 0}};
}

class PackingFuzz : public testing::TestWithParam<Layout> {};

TEST_P(PackingFuzz, AnyBytesAreReadOrRefused) {
  const Layout l = GetParam();
  const auto packing = packing_of(l);
  ASSERT_EQ(packing->obstacle(l.rows, l.columns), "");
  Random random(7);
  std::uint64_t legal = 0;
  for (std::uint64_t block = 0; block < kBlocks; block += 16) {
    std::vector<std::uint8_t> bytes = some_bytes(*packing, l, random);
    PackingFaults faults;
    const WeightMatrix m = packing->unpack(bytes.data(), bytes.size(), l.rows, l.columns, faults);
    if (block % 256 == 0) {  // the oracle takes its time
      ASSERT_EQ(faults.count(), illegal(l, *packing, bytes)) << first_fault(faults);
      for (std::uint64_t n = 0; n < l.rows; ++n)
        for (std::uint64_t k = 0; k < l.columns; ++k)
          ASSERT_EQ(m.weights[m.index(n, k)], weight_of(l, bytes, n, k).value_or(0)) << n << ", " << k;
    }
    for (const std::int8_t w : m.weights) ASSERT_TRUE(w >= packing->info().least && w <= packing->info().most);
    if (!faults.empty()) continue;
    ++legal;
    if (!packing->info().unspecified.empty()) std::fill(bytes.end() - 28, bytes.end(), std::uint8_t{0});
    ASSERT_EQ(packing->pack(m, faults), bytes);
  }
  EXPECT_GT(legal, kBlocks / 16 / 5);
}

INSTANTIATE_TEST_SUITE_P(Formats, PackingFuzz, testing::ValuesIn(fuzzed()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lutetia::packing_test
