#include "numeric/number_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/nearest.h"
#include "numeric/packing/weight_packing.h"

namespace lutetia {
namespace {

const NumberFormat& row(const char* name) {
  const NumberFormat* f = find_number_format(name);
  EXPECT_NE(f, nullptr) << name;
  return *f;
}

TEST(NumberFormat, EveryRowHasItsOwnNameAndASource) {
  std::set<std::string_view> names;
  for (const NumberFormat& f : number_formats()) {
    EXPECT_TRUE(names.insert(f.name).second) << f.name;
    EXPECT_FALSE(f.source.empty()) << f.name;
    EXPECT_EQ(find_number_format(f.name), &f);
    EXPECT_EQ(&number_format(format_id(f.name)), &f);
  }
  EXPECT_EQ(names.size(), 18u);
  EXPECT_EQ(format_choices().size(), names.size());
}

TEST(NumberFormat, AnUnknownNameIsNotFoundAndTheNearestIsSuggested) {
  EXPECT_EQ(find_number_format("ternery"), nullptr);
  EXPECT_EQ(did_you_mean("ternery", number_format_names()), ", did you mean \"ternary\"?");
  EXPECT_EQ(did_you_mean("fp8_e4m2", number_format_names()), ", did you mean \"fp8_e4m3\"?");
  EXPECT_EQ(did_you_mean("posit<16,1>", number_format_names()), "");
  EXPECT_THROW(format_id("ternery"), std::logic_error);
}

TEST(NumberFormat, WeightCodesAreTwosComplementPlusHalfTheRange) {
  for (int bits = 1; bits <= 4; ++bits) {
    const NumberFormat& f = row(("int" + std::to_string(bits)).c_str());
    EXPECT_EQ(f.zero, 1 << (bits - 1));
    EXPECT_EQ(smallest_integer(f), -(1 << (bits - 1)));
    EXPECT_EQ(largest_integer(f), (1 << (bits - 1)) - 1);
    for (int w = -(1 << (bits - 1)); w < 1 << (bits - 1); ++w)
      EXPECT_EQ(decode_integer(f, static_cast<std::uint64_t>(w + (1 << (bits - 1)))), w);
    EXPECT_EQ(decode_integer(f, std::uint64_t{1} << bits), std::nullopt);
  }
}

TEST(NumberFormat, TheOddRereadingOfTheLutUnitHasTheKnownCorrection) {
  // 2 (q - z) = q' - z' with q' = 2 q - (2^b - 1) and z' = 2 z + 1 - 2^b: +1 for intb, -1 for ternary in two bits
  for (const char* name : {"int1", "int2", "int3", "int4", "ternary"}) {
    const NumberFormat& f = row(name);
    const int correction = 2 * f.zero + 1 - (1 << f.bits);
    EXPECT_EQ(correction, std::string_view(name) == "ternary" ? -1 : 1) << name;
    for (std::uint32_t q = 0; q < f.codes; ++q) {
      const int odd = 2 * static_cast<int>(q) - ((1 << f.bits) - 1);
      EXPECT_EQ(2 * decode_integer(f, q).value(), odd - correction) << name << " code " << q;
    }
  }
}

TEST(NumberFormat, TernaryHasThreeCodesInTwoBitsAndTheFourthIsIllegal) {
  const NumberFormat& f = row("ternary");
  EXPECT_EQ(decode_integer(f, 0), -1);
  EXPECT_EQ(decode_integer(f, 1), 0);
  EXPECT_EQ(decode_integer(f, 2), 1);
  EXPECT_EQ(decode_integer(f, 3), std::nullopt);
  EXPECT_EQ(decode_integer(f, 4), std::nullopt);
  EXPECT_EQ(f.storage_bits, 2u);
}

TEST(NumberFormat, PackedTernaryIsTernaryThatTakesOtherBitsInMemory) {
  const std::uint64_t weights = 768 * 1024;
  for (const auto& [name, bytes] : std::vector<std::pair<const char*, std::uint64_t>>{{"i2_s", weights / 4},
                                                                                      {"tl1", weights / 4},
                                                                                      {"tl2", weights / 3 * 5 / 8},
                                                                                      {"tq1_0", weights / 256 * 52},
                                                                                      {"tq2_0", weights / 4}}) {
    const NumberFormat& f = row(name);
    EXPECT_EQ(storage_bytes(f, weights), bytes) << name;
    EXPECT_EQ(f.bits, 2u) << name;
    for (std::uint64_t code = 0; code < 5; ++code)
      EXPECT_EQ(decode_integer(f, code), decode_integer(row("ternary"), code)) << name;
  }
}

TEST(NumberFormat, PackedTernaryTakesTheBitsOfItsPackingWithoutScales) {
  // what a packing of this size has beyond its codes: tail, pairs and padding, or a scale of two bytes a block
  const std::uint64_t n = 3840, k = 7680, weights = n * k;
  const auto size = [&](const char* packing) { return create_packing(packing)->size_bytes(n, k); };
  EXPECT_EQ(storage_bytes(row("i2_s"), weights), size("i2_s_128") - 32);
  EXPECT_EQ(storage_bytes(row("i2_s"), weights), size("i2_s_64") - 32);
  EXPECT_EQ(storage_bytes(row("tl1"), weights), size("tl1"));
  EXPECT_EQ(storage_bytes(row("tl2"), weights), size("tl2") - n * 32 / 3);
  EXPECT_EQ(storage_bytes(row("tq1_0"), weights), size("tq1_0") - weights / 256 * 2);
  EXPECT_EQ(storage_bytes(row("tq2_0"), weights), size("tq2_0") - weights / 256 * 2);
}

TEST(NumberFormat, WideIntegersAreTwosComplement) {
  EXPECT_EQ(decode_integer(row("int8"), 0x7f), 127);
  EXPECT_EQ(decode_integer(row("int8"), 0x80), -128);
  EXPECT_EQ(decode_integer(row("int8"), 0x100), std::nullopt);
  EXPECT_EQ(decode_integer(row("int16"), 0xffff), -1);
  EXPECT_EQ(decode_integer(row("int32"), 0x80000000u), -2147483648LL);
  EXPECT_EQ(largest_integer(row("int32")), 2147483647);
  EXPECT_EQ(decode_integer(row("fp16"), 0), std::nullopt);
}

TEST(NumberFormat, FloatRowsGiveTheKnownLargestValues) {
  const auto largest = [](const NumberFormat& f) {
    int exponent = (1 << f.exponent) - 1 - f.bias;
    double mantissa = 2.0 - std::ldexp(1.0, -f.mantissa);
    if (f.nan == NanRule::kIeee) --exponent;                                       // all ones are not a number
    if (f.nan == NanRule::kAllOnesOnly) mantissa -= std::ldexp(1.0, -f.mantissa);  // only the last pattern is not
    return std::ldexp(mantissa, exponent);
  };
  EXPECT_EQ(largest(row("fp8_e4m3")), 448);
  EXPECT_EQ(largest(row("fp8_e5m2")), 57344);
  EXPECT_EQ(largest(row("fp16")), 65504);
  EXPECT_EQ(largest(row("fp32")), 3.4028234663852886e38);
  EXPECT_EQ(largest(row("bf16")), 3.3895313892515355e38);
  for (const NumberFormat& f : number_formats())
    EXPECT_TRUE(is_integer(f) || f.bits == 1 + f.exponent + f.mantissa) << f.name;
}

TEST(NumberFormat, StorageRoundsUpToWholeBytesAndDoesNotOverflow) {
  EXPECT_EQ(storage_bytes(row("ternary"), 0), 0u);
  EXPECT_EQ(storage_bytes(row("ternary"), 1), 1u);
  EXPECT_EQ(storage_bytes(row("ternary"), 4), 1u);
  EXPECT_EQ(storage_bytes(row("ternary"), 5), 2u);
  EXPECT_EQ(storage_bytes(row("int3"), 8), 3u);
  EXPECT_EQ(storage_bytes(row("fp16"), 7), 14u);
  EXPECT_EQ(storage_bytes(row("int8"), std::uint64_t{1} << 62), std::uint64_t{1} << 62);
  NumberFormat packed = row("ternary");  // five ternary digits in a byte
  packed.storage_bits = 8;
  packed.storage_elements = 5;
  EXPECT_EQ(storage_bytes(packed, 256), 52u);
}

}  // namespace
}  // namespace lutetia
