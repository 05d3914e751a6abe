#include "numeric/number_format.h"

#include <cstddef>
#include <stdexcept>

namespace lutetia {
namespace {

constexpr std::string_view kOffsetSource = "offset binary of two's complement, q = w + 2^(b-1)";
constexpr std::string_view kIntegerSource = "two's complement";
constexpr std::string_view kIeeeSource = "IEEE 754-2019";
constexpr std::string_view kOcpSource = "OCP 8-bit Floating Point Specification (OFP8) 1.0";

NumberFormat offset_code(std::string_view name, std::uint8_t bits, std::int32_t zero, std::uint32_t codes,
                         std::string_view source) {
  NumberFormat f;
  f.name = name;
  f.kind = NumberKind::kOffsetCode;
  f.bits = bits;
  f.storage_bits = bits;
  f.zero = zero;
  f.codes = codes;
  f.source = source;
  return f;
}

/// Ternary for the arithmetic, `bits` for `elements` weights in memory.
NumberFormat packed_ternary(std::string_view name, std::uint32_t bits, std::uint32_t elements,
                            std::string_view source) {
  NumberFormat f = offset_code(name, 2, 1, 3, source);
  f.storage_bits = bits;
  f.storage_elements = elements;
  f.packed = true;
  return f;
}

NumberFormat twos_complement(std::string_view name, std::uint8_t bits) {
  NumberFormat f;
  f.name = name;
  f.bits = bits;
  f.storage_bits = bits;
  f.source = kIntegerSource;
  return f;
}

NumberFormat floating(std::string_view name, std::uint8_t exponent, std::uint8_t mantissa, bool infinities, NanRule nan,
                      std::string_view source) {
  NumberFormat f;
  f.name = name;
  f.kind = NumberKind::kFloat;
  f.bits = static_cast<std::uint8_t>(1 + exponent + mantissa);
  f.storage_bits = f.bits;
  f.exponent = exponent;
  f.mantissa = mantissa;
  f.bias = static_cast<std::int16_t>((1 << (exponent - 1)) - 1);
  f.infinities = infinities;
  f.nan = nan;
  f.subnormals = true;
  f.source = source;
  return f;
}

}  // namespace

const std::vector<NumberFormat>& number_formats() {
  static const std::vector<NumberFormat> rows = {
      offset_code("int1", 1, 1, 2, kOffsetSource),
      offset_code("int2", 2, 2, 4, kOffsetSource),
      offset_code("int3", 3, 4, 8, kOffsetSource),
      offset_code("int4", 4, 8, 16, kOffsetSource),
      offset_code("ternary", 2, 1, 3, "arXiv 2402.17764: {-1, 0, 1}; codes as bitnet.cpp I2_S stores them"),
      packed_ternary("i2_s", 2, 1, "ternary as bitnet.cpp I2_S stores it"),
      packed_ternary("tl1", 4, 2, "ternary as bitnet.cpp TL1 stores it: 9 of 16 codes for two weights"),
      packed_ternary("tl2", 5, 3, "ternary as bitnet.cpp TL2 stores it: index and sign of three weights"),
      packed_ternary("tq1_0", 52 * 8, 256, "ternary as GGUF TQ1_0 stores it, without the FP16 scale of its 54 bytes"),
      packed_ternary("tq2_0", 2, 1, "ternary as GGUF TQ2_0 stores it, without the FP16 scale of its 66 bytes"),
      twos_complement("int8", 8),
      twos_complement("int16", 16),
      twos_complement("int32", 32),
      floating("fp8_e4m3", 4, 3, false, NanRule::kAllOnesOnly, kOcpSource),
      floating("fp8_e5m2", 5, 2, true, NanRule::kIeee, kOcpSource),
      floating("fp16", 5, 10, true, NanRule::kIeee, kIeeeSource),
      floating("bf16", 8, 7, true, NanRule::kIeee, "upper half of IEEE 754 binary32"),
      floating("fp32", 8, 23, true, NanRule::kIeee, kIeeeSource),
  };
  return rows;
}

const NumberFormat& number_format(FormatId id) {
  return number_formats().at(static_cast<std::size_t>(id));
}

FormatId format_id(std::string_view name) {
  const std::vector<NumberFormat>& rows = number_formats();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<FormatId>(i);
  throw std::logic_error("no number format is called " + std::string(name));
}

std::vector<std::pair<std::string, FormatId>> format_choices() {
  std::vector<std::pair<std::string, FormatId>> choices;
  for (const NumberFormat& f : number_formats()) choices.emplace_back(f.name, format_id(f.name));
  return choices;
}

const NumberFormat* find_number_format(std::string_view name) {
  for (const NumberFormat& f : number_formats())
    if (f.name == name) return &f;
  return nullptr;
}

std::vector<std::string> number_format_names() {
  std::vector<std::string> names;
  for (const NumberFormat& f : number_formats()) names.emplace_back(f.name);
  return names;
}

bool is_integer(const NumberFormat& format) {
  return format.kind != NumberKind::kFloat;
}

std::optional<std::int64_t> decode_integer(const NumberFormat& format, std::uint64_t code) {
  if (format.kind == NumberKind::kFloat || (code >> format.bits) != 0) return std::nullopt;
  if (format.kind == NumberKind::kOffsetCode) {
    if (code >= format.codes) return std::nullopt;
    return static_cast<std::int64_t>(code) - format.zero;
  }
  const std::int64_t half = std::int64_t{1} << (format.bits - 1);
  const auto value = static_cast<std::int64_t>(code);
  return value < half ? value : value - 2 * half;
}

std::int64_t smallest_integer(const NumberFormat& format) {
  switch (format.kind) {
    case NumberKind::kOffsetCode: return -std::int64_t{format.zero};
    case NumberKind::kTwosComplement: return -(std::int64_t{1} << (format.bits - 1));
    case NumberKind::kFloat: break;
  }
  return 0;
}

std::int64_t largest_integer(const NumberFormat& format) {
  switch (format.kind) {
    case NumberKind::kOffsetCode: return std::int64_t{format.codes} - 1 - format.zero;
    case NumberKind::kTwosComplement: return (std::int64_t{1} << (format.bits - 1)) - 1;
    case NumberKind::kFloat: break;
  }
  return 0;
}

std::uint64_t storage_bytes(const NumberFormat& format, std::uint64_t elements) {
  using Wide = unsigned __int128;
  const Wide unit = Wide{8} * format.storage_elements;
  return static_cast<std::uint64_t>((Wide{elements} * format.storage_bits + unit - 1) / unit);
}

}  // namespace lutetia
