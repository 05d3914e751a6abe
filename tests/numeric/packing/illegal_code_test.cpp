// Codes that no writer produces are faults, each with its byte, row, column and code; sizes and shapes likewise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "numeric/packing/packing_cases.h"

namespace lutetia::packing_test {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

/// Packed zeros (weights of 0), one byte replaced; the faults of reading that.
PackingFaults faults_with(const Layout& l, std::uint64_t offset, int byte) {
  const auto packing = packing_of(l);
  PackingFaults faults;
  Bytes bytes = packing->pack(packing->blank(l.rows, l.columns), faults);
  EXPECT_TRUE(faults.empty());
  bytes.at(offset) = static_cast<std::uint8_t>(byte);
  packing->unpack(bytes.data(), bytes.size(), l.rows, l.columns, faults);
  return faults;
}

void expect_fault(const PackingFaults& faults, std::uint64_t offset, std::uint64_t row, std::uint64_t column,
                  std::uint32_t code) {
  ASSERT_EQ(faults.count(), 1u) << first_fault(faults);
  const PackingFault& f = faults.first().front();
  EXPECT_EQ(f.offset, offset);
  EXPECT_EQ(f.row, row);
  EXPECT_EQ(f.column, column);
  EXPECT_EQ(f.code, code);
}

TEST(IllegalCode, ThirteenBytesOfTq1AreNoFiveDigits) {
  const std::set<int> illegal = {1, 20, 40, 60, 79, 99, 119, 138, 158, 178, 197, 217, 237};
  // base 3: byte for byte what ceil(v * 256 / 243) produces
  std::set<int> legal, legal_of_four;
  for (int v = 0; v < 243; ++v) legal.insert((v * 256 + 242) / 243);
  for (int v = 0; v < 243; v += 3) legal_of_four.insert((v * 256 + 242) / 243);
  ASSERT_EQ(legal.size(), 243u);
  ASSERT_EQ(legal_of_four.size(), 81u);
  const Layout l{"tq1_0", 2, 512};
  for (int byte = 0; byte < 256; ++byte) {
    SCOPED_TRACE(byte);
    const std::uint64_t block = 3;  // row 1, columns 256..
    const PackingFaults fives = faults_with(l, block * 54 + 33, byte);
    ASSERT_EQ(fives.empty(), illegal.count(byte) == 0);
    ASSERT_EQ(fives.empty(), legal.count(byte) == 1);
    if (!fives.empty()) expect_fault(fives, block * 54 + 33, 1, 256 + 161, static_cast<std::uint32_t>(byte));
    const PackingFaults fours = faults_with(l, block * 54 + 50, byte);
    ASSERT_EQ(fours.empty(), legal_of_four.count(byte) == 1);
    if (!fours.empty()) expect_fault(fours, block * 54 + 50, 1, 256 + 242, static_cast<std::uint32_t>(byte));
  }
}

TEST(IllegalCode, TheDigitsOfTq1AreThoseOfBaseThree) {
  const auto packing = create_packing("tq1_0");
  for (int v = 0; v < 243; ++v) {
    Bytes bytes(54, 0);
    bytes[5] = static_cast<std::uint8_t>((v * 256 + 242) / 243);
    PackingFaults faults;
    const WeightMatrix m = packing->unpack(bytes.data(), 54, 1, 256, faults);
    ASSERT_TRUE(faults.empty());
    for (int n = 0, power = 81; n < 5; ++n, power /= 3)
      EXPECT_EQ(m.weights[static_cast<std::size_t>(5 + 32 * n)], v / power % 3 - 1) << v;
  }
}

TEST(IllegalCode, TernaryCodeThree) {
  for (int byte = 0; byte < 256; ++byte) {
    const int threes = (byte % 4 == 3) + (byte / 4 % 4 == 3) + (byte / 16 % 4 == 3) + (byte / 64 == 3);
    EXPECT_EQ(faults_with({"i2_s_128", 1, 128}, 7, byte).count(), static_cast<std::uint64_t>(threes));
    EXPECT_EQ(faults_with({"i2_s_64", 1, 64}, 7, byte).count(), static_cast<std::uint64_t>(threes));
    EXPECT_EQ(faults_with({"tq2_0", 1, 256}, 7, byte).count(), static_cast<std::uint64_t>(threes));
  }
  expect_fault(faults_with({"i2_s_128", 3, 256}, 70, 0x75), 70, 1, 32 + 6, 3);
  expect_fault(faults_with({"i2_s_64", 3, 256}, 70, 0x75), 70, 1, 16 + 6, 3);
  expect_fault(faults_with({"tq2_0", 2, 256}, 66 + 33, 0x5d), 99, 1, 128 + 32 + 1, 3);
  EXPECT_EQ(faults_with({"i2_s_128", 3, 256}, 70, 0x75).first().front().text(),
            "byte 70: row 1, column 38: code 3 in bits 4..5 of byte 117 stands for no weight; 0, 1, 2 are -1, 0, 1");
}

TEST(IllegalCode, PairsOfTl1) {
  const Layout l{"tl1", 32, 8, 32, 8, 32};
  for (int byte = 0; byte < 256; ++byte)
    EXPECT_EQ(faults_with(l, 49, byte).count(), static_cast<std::uint64_t>((byte / 16 > 8) + (byte % 16 > 8)));
  expect_fault(faults_with(l, 49, 0x94), 49, 17, 4, 9);
  expect_fault(faults_with(l, 49, 0x4f), 49, 17, 6, 15);
}

TEST(IllegalCode, TriplesSignsPairsAndPaddingOfTl2) {
  const Layout rest{"tl2", 32, 80, 32, 48, 32};  // 48 in triples, 32 in pairs
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(faults_with(rest, 8, byte).count(), static_cast<std::uint64_t>((byte / 16 > 13) + (byte % 16 > 13)));
    EXPECT_EQ(faults_with(rest, 330, byte).count(), static_cast<std::uint64_t>((byte / 16 > 8) + (byte % 16 > 8)));
  }
  expect_fault(faults_with(rest, 32 + 8, 0xe0), 40, 16, 6, 14);     // lanes 8.. hold rows 16..
  expect_fault(faults_with(rest, 32 + 16, 0x0f), 48, 8, 9, 15);     // lanes 16.. hold rows 8..
  expect_fault(faults_with(rest, 256 + 1, 0x80), 257, 0, 0, 0x80);  // -0
  EXPECT_THAT(first_fault(faults_with(rest, 256 + 32 + 2, 0x01)), HasSubstr("byte 290: row 17, column 45: bit 0"));
  expect_fault(faults_with(rest, 320 + 32, 0x94), 352, 0, 52, 9);
  const PackingFaults padding = faults_with(rest, 320 + 256, 1);
  ASSERT_EQ(padding.count(), 1u);
  EXPECT_EQ(first_fault(padding), "byte 576: byte 1 in the padding, expected 0");
}

TEST(IllegalCode, AnIllegalIndexIsReportedOnceWhateverItsSign) {
  const Layout l{"tl2", 32, 24, 32, 24, 32};
  const auto packing = packing_of(l);
  Bytes bytes(packing->size_bytes(32, 24), 0);
  bytes[0] = 0xe0;        // row 0, triple 0
  bytes[128 + 1] = 0x80;  // its sign
  PackingFaults faults;
  const WeightMatrix m = packing->unpack(bytes.data(), bytes.size(), 32, 24, faults);
  expect_fault(faults, 0, 0, 0, 14);
  EXPECT_EQ(m.weights, std::vector<std::int8_t>(32 * 24, 0));
}

TEST(IllegalCode, ScalesThatAreNotFinite) {
  for (const Layout& l : layouts()) {
    const auto packing = packing_of(l);
    PackingFaults faults;
    const Bytes good = packing->pack(packing->blank(l.rows, l.columns), faults);
    for (const bool minimum : {false, true}) {
      const auto scale = scale_of(l, l.rows - 1, l.columns - 1, minimum);
      if (!scale) continue;
      SCOPED_TRACE(title(l));
      for (const int high : {0x7c, 0x7e, 0xfc}) {  // +inf, NaN, -inf of FP16
        Bytes bytes = good;
        const std::size_t last = scale->byte + (scale->half ? 1 : 3);
        bytes[last] = static_cast<std::uint8_t>(scale->half ? high : high | 3);
        bytes[last - 1] = static_cast<std::uint8_t>(scale->half ? 0 : high == 0x7e ? 0xc0 : 0x80);
        PackingFaults found;
        packing->unpack(bytes.data(), bytes.size(), l.rows, l.columns, found);
        ASSERT_EQ(found.count(), 1u);
        EXPECT_EQ(found.first().front().offset, scale->byte);
      }
    }
  }
}

TEST(IllegalCode, WrongSizesAndShapesSayWhatIsExpected) {
  const auto packing = create_packing("i2_s_128");
  const Bytes bytes(4096, 0);
  const auto message = [&](std::uint64_t size, std::uint64_t rows, std::uint64_t columns) {
    PackingFaults faults;
    EXPECT_TRUE(packing->unpack(bytes.data(), size, rows, columns, faults).weights.empty());
    return first_fault(faults);
  };
  EXPECT_EQ(message(64, 2, 128), "expected 96 bytes for 2 x 128 weights in i2_s_128, got 64");
  EXPECT_EQ(message(0, 2, 128), "expected 96 bytes for 2 x 128 weights in i2_s_128, got 0");
  EXPECT_EQ(message(96, 4, 64), "64 columns are no multiple of the block of 128 weights");
  EXPECT_THAT(message(96, 0, 128), HasSubstr("is empty"));
  EXPECT_THAT(message(96, UINT64_MAX, UINT64_MAX), HasSubstr("is too large"));
  EXPECT_THAT(message(96, std::uint64_t{1} << 31, std::uint64_t{1} << 31), HasSubstr("is too large"));
}

TEST(IllegalCode, TilesThatDoNotFitAreNamed) {
  const auto obstacle = [](const Layout& l) { return packing_of(l)->obstacle(l.rows, l.columns); };
  EXPECT_EQ(obstacle({"tl1", 100, 64, 160, 64, 32}), "100 rows are no multiple of bm 160");
  EXPECT_EQ(obstacle({"tl1", 160, 100, 160, 64, 32}), "100 columns are no multiple of bk 64");
  EXPECT_EQ(obstacle({"tl1", 160, 64, 160, 64, 16}), "bmm is 16, expected 32 or 64");
  EXPECT_EQ(obstacle({"tl1", 160, 64, 0, 64, 32}), "bm is 0");
  EXPECT_EQ(obstacle({"tl2", 160, 96, 160, 32, 32}), "32 columns of a tile (bk) are no multiple of a sign word's 24");
  EXPECT_EQ(obstacle({"tl2", 160, 100, 160, 96, 32}), "4 columns behind the last tile are no multiple of a block's 32");
  EXPECT_EQ(obstacle({"tl2", 160, 480 + 288, 160, 480, 32}),
            "288 columns behind the last tile have no room in the format");
  EXPECT_EQ(obstacle({"tl2", 160, 96, 160, 0, 32}), "0 columns of a tile (bk) are no tile");
  EXPECT_EQ(obstacle({"tmac_3", 64, 64, 64, 0, 0, 16, 0, 0}), "");
  EXPECT_EQ(obstacle({"tmac_3", 64, 64, 64, 0, 0, 16, 32, 0}),
            "64 plane rows of a tile (bm) are no multiple of 8 bits = 24");
  EXPECT_EQ(obstacle({"tmac_2", 64, 64, 128, 0, 0, 0}), "4 kfactor = is 0");
}

TEST(IllegalCode, TheFirstFaultsAreKeptAndTheOthersCounted) {
  const Bytes bytes(256 * 1024 / 4 + 32, 0xff);
  PackingFaults faults;
  create_packing("i2_s_128")->unpack(bytes.data(), bytes.size(), 256, 1024, faults);
  EXPECT_EQ(faults.count(), 256u * 1024 + 1);  // and a scale that is not a number
  EXPECT_EQ(faults.first().size(), PackingFaults::kKept);
  EXPECT_EQ(faults.more(), faults.count() - PackingFaults::kKept);
}

}  // namespace
}  // namespace lutetia::packing_test
