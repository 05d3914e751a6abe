#include "base/quantity_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace lutetia {
namespace {

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

template <class Q>
std::uint64_t good(const char* text) {
  Q out;
  EXPECT_EQ(parse(text, out), QuantityFault::kNone) << text;
  return out.value;
}

/// The fault; also checks that a fault leaves the target alone.
template <class Q>
QuantityFault fault(const std::string& text) {
  Q out(12345);
  const QuantityFault result = parse(text, out);
  if (result != QuantityFault::kNone) {
    EXPECT_EQ(out.value, 12345u) << text;
  }
  return result;
}

TEST(QuantityText, ReadsBinaryAndDecimalSizes) {
  EXPECT_EQ(good<Bytes>("32B"), 32u);
  EXPECT_EQ(good<Bytes>("64KiB"), 65536u);
  EXPECT_EQ(good<Bytes>("1MiB"), 1048576u);
  EXPECT_EQ(good<Bytes>("4GB"), 4000000000u);
  EXPECT_EQ(good<Bytes>("2GiB"), 2147483648u);
  EXPECT_EQ(good<Bytes>("1kB"), 1000u);
  EXPECT_EQ(good<Bytes>("0B"), 0u);
  EXPECT_EQ(good<Bytes>("1.5KiB"), 1536u);
  EXPECT_EQ(good<Bytes>("0.0009765625KiB"), 1u);
  EXPECT_EQ(good<Bytes>("0.0000000000009094947017729282379150390625TiB"), 1u) << "exact with 40 digits";
}

TEST(QuantityText, ReadsFrequenciesBandwidthsAndTimes) {
  EXPECT_EQ(good<Hertz>("1GHz"), 1000000000u);
  EXPECT_EQ(good<Hertz>("1.41GHz"), 1410000000u);
  EXPECT_EQ(good<Hertz>("800MHz"), 800000000u);
  EXPECT_EQ(good<Hertz>("1Hz"), 1u);
  EXPECT_EQ(good<BytesPerSecond>("51.2GB/s"), 51200000000u);
  EXPECT_EQ(good<BytesPerSecond>("25600MB/s"), 25600000000u);
  EXPECT_EQ(good<BytesPerSecond>("1GiB/s"), 1073741824u);
  EXPECT_EQ(good<Picoseconds>("100ns"), 100000u);
  EXPECT_EQ(good<Picoseconds>("1.5us"), 1500000u);
  EXPECT_EQ(good<Picoseconds>("250ps"), 250u);
  EXPECT_EQ(good<Picoseconds>("2s"), 2000000000000u);
}

TEST(QuantityText, AUnitIsRequired) {
  EXPECT_EQ(fault<Bytes>("64"), QuantityFault::kNoUnit);
  EXPECT_EQ(fault<Hertz>("1.5"), QuantityFault::kNoUnit);
  EXPECT_EQ(fault<Picoseconds>("0"), QuantityFault::kNoUnit);
}

TEST(QuantityText, OnlyTheExactSpellingOfAUnitIsKnown) {
  for (const char* text : {"1KB", "1kb", "1b", "1Mib", "1 MiB", "1MiB ", "1MiBx", "1GHz", "1B/s", "1e3B", "1BB"}) {
    EXPECT_EQ(fault<Bytes>(text), QuantityFault::kUnit) << text;
  }
  EXPECT_EQ(fault<Hertz>("1Ghz"), QuantityFault::kUnit);
  EXPECT_EQ(fault<BytesPerSecond>("1GB"), QuantityFault::kUnit);
  EXPECT_EQ(fault<BytesPerSecond>("1GBs"), QuantityFault::kUnit);
  EXPECT_EQ(fault<Picoseconds>("1NS"), QuantityFault::kUnit);
}

TEST(QuantityText, TheWholeTextMustBeANumberWithAUnit) {
  for (const char* text : {"", "B", "-1B", "+1B", " 1B", ".5KiB", "1.KiB", "1.", "x", "KiB1", "nan", "infB"}) {
    EXPECT_EQ(fault<Bytes>(text), QuantityFault::kNumber) << text;
  }
  EXPECT_EQ(fault<Bytes>("1.2.3KiB"), QuantityFault::kUnit);
  EXPECT_EQ(fault<Bytes>(std::string("1B\0", 3)), QuantityFault::kUnit);
}

TEST(QuantityText, AFractionOfABaseUnitIsRejected) {
  EXPECT_EQ(fault<Bytes>("0.5B"), QuantityFault::kInexact);
  EXPECT_EQ(fault<Bytes>("1.0001kB"), QuantityFault::kInexact);
  EXPECT_EQ(fault<Bytes>("0.3KiB"), QuantityFault::kInexact);
  EXPECT_EQ(fault<Hertz>("0.0000000001GHz"), QuantityFault::kInexact);
  EXPECT_EQ(fault<Picoseconds>("0.1ps"), QuantityFault::kInexact);
  EXPECT_EQ(fault<Bytes>("0." + std::string(100000, '9') + "GB"), QuantityFault::kInexact);
  EXPECT_EQ(good<Bytes>("1.000B"), 1u) << "zeros behind the point are no fraction";
}

TEST(QuantityText, OverflowIsRejectedAtTheExactLimit) {
  EXPECT_EQ(good<Bytes>("18446744073709551615B"), kLargest);
  EXPECT_EQ(fault<Bytes>("18446744073709551616B"), QuantityFault::kOverflow);
  EXPECT_EQ(good<Bytes>("18446744073709551.615kB"), kLargest);
  EXPECT_EQ(fault<Bytes>("18446744073709551.616kB"), QuantityFault::kOverflow);
  EXPECT_EQ(fault<Bytes>("16777216TiB"), QuantityFault::kOverflow);
  EXPECT_EQ(fault<Bytes>(std::string(100000, '9') + "B"), QuantityFault::kOverflow);
  EXPECT_EQ(good<Bytes>(("0000000000000000000000" + std::string("7B")).c_str()), 7u);
}

TEST(QuantityText, PrintsTheShortestExactText) {
  EXPECT_EQ(to_text(Bytes(0)), "0B");
  EXPECT_EQ(to_text(Bytes(32)), "32B");
  EXPECT_EQ(to_text(Bytes(65536)), "64KiB");
  EXPECT_EQ(to_text(Bytes(1048576)), "1MiB");
  EXPECT_EQ(to_text(Bytes(4000000000)), "4GB");
  EXPECT_EQ(to_text(Bytes(1000)), "1kB");
  EXPECT_EQ(to_text(Bytes(1025)), "1025B");
  EXPECT_EQ(to_text(Hertz(1410000000)), "1.41GHz");
  EXPECT_EQ(to_text(Hertz(800000000)), "800MHz");
  EXPECT_EQ(to_text(BytesPerSecond(51200000000)), "51.2GB/s");
  EXPECT_EQ(to_text(Picoseconds(1500)), "1.5ns");
  EXPECT_EQ(to_text(Picoseconds(0)), "0ps");
}

template <class Q>
void expect_identity(std::uint64_t value) {
  Q back;
  ASSERT_EQ(parse(to_text(Q(value)), back), QuantityFault::kNone) << to_text(Q(value));
  ASSERT_EQ(back.value, value) << to_text(Q(value));
}

TEST(QuantityText, WhatIsPrintedReadsBackForRandomAndRoundNumbers) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    std::uint64_t value = random.next() >> random.below(64);
    if (i % 3 == 1) value = random.below(1000) << random.below(50);
    if (i % 3 == 2) value = random.below(1000) * 1000000u;
    expect_identity<Bytes>(value);
    expect_identity<Hertz>(value);
    expect_identity<BytesPerSecond>(value);
    expect_identity<Picoseconds>(value);
  }
  expect_identity<Bytes>(kLargest);
  expect_identity<Picoseconds>(kLargest);
}

TEST(QuantityText, UnitsAreListedFromSmallToLarge) {
  EXPECT_EQ(known_units(Bytes()), "B, kB, KiB, MB, MiB, GB, GiB, TB, TiB");
  EXPECT_EQ(known_units(Hertz()), "Hz, kHz, MHz, GHz, THz");
  EXPECT_EQ(known_units(Picoseconds()), "ps, ns, us, ms, s");
}

}  // namespace
}  // namespace lutetia
