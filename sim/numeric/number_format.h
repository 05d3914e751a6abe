// Number formats as rows of one table: how many bits an element has and how its bit pattern is read. To add a format,
// add a row in number_format.cpp; nothing else lists them. Only descriptions and the decoding of integer codes live
// here; floating-point arithmetic and rounding are separate files.
//
// Integer rows. A code q of `bits` bits is read as w = q - zero (kOffsetCode) or as two's complement (kTwosComplement).
// The weight formats int1..int4 are offset codes with zero = 2^(bits-1), so q = w + 2^(bits-1); ternary is stored in
// two bits with q in {0, 1, 2} and zero = 1 (code 3 is illegal). The LUT unit re-reads the same codes as odd numbers,
// q' = 2q - (2^bits - 1), with the correction z' = 2 zero + 1 - 2^bits: +1 for every intb, -1 for ternary.
//
// Packed rows (i2_s, tl1, tl2, tq1_0, tq2_0) are ternary that takes other bits in memory and in the weight buffer; a
// decoder in front of the unit makes ternary codes of them. They hold the bits of codes only: scales are counted apart,
// by the workload (its weight_scale and weight_group, FP32; GGUF's TQ formats have FP16 a 256). TL2's row is that of
// its triples; the pairs behind them and the padding take 32/3 bytes more a row. Layouts: numeric/packing.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lutetia {

enum class NumberKind : std::uint8_t { kTwosComplement, kOffsetCode, kFloat };

/// Which bit patterns are not a number (floats only).
enum class NanRule : std::uint8_t {
  kNone,         ///< no NaN at all (all integer rows)
  kIeee,         ///< exponent all ones and mantissa not zero
  kAllOnesOnly,  ///< exponent and mantissa all ones (fp8_e4m3)
};

struct NumberFormat {
  std::string_view name;
  NumberKind kind = NumberKind::kTwosComplement;
  std::uint8_t bits = 0;               ///< bits of one code, as arithmetic units see it
  std::uint32_t storage_bits = 0;      ///< memory: storage_bits bits hold storage_elements elements,
  std::uint32_t storage_elements = 1;  ///< a rational, so that packings such as 8 bits for 5 weights fit
  // Offset codes: w = code - zero, codes 0..codes-1 are legal.
  std::int32_t zero = 0;
  std::uint32_t codes = 0;
  bool packed = false;  ///< in a layout of its own, which a decoder turns into codes
  // Floats: value = (-1)^s 2^(e - bias) (1 + m / 2^mantissa).
  std::uint8_t exponent = 0;
  std::uint8_t mantissa = 0;
  std::int16_t bias = 0;
  bool infinities = false;
  NanRule nan = NanRule::kNone;
  bool subnormals = false;
  std::string_view source;  ///< where the definition comes from
};

/// Every format, in a fixed order. Rows live as long as the program: pointers to them may be kept and compared.
const std::vector<NumberFormat>& number_formats();

/// A format by its place in number_formats(): what a config struct holds, so that a schema can offer the names.
enum class FormatId : std::uint8_t {};
const NumberFormat& number_format(FormatId id);
/// The place of a row of that name; the name must exist (defaults in code).
FormatId format_id(std::string_view name);
/// Every name with its id: `s.choice("weight", c.weight, format_choices(), "...")`.
std::vector<std::pair<std::string, FormatId>> format_choices();

/// The row of that name, or nullptr.
const NumberFormat* find_number_format(std::string_view name);

/// All names in order, for lists and for did_you_mean() of base/nearest.h.
std::vector<std::string> number_format_names();

/// True for two's complement and offset codes.
bool is_integer(const NumberFormat& format);

/// The integer of one code, or nothing if the format is a float or the code is illegal (ternary 3, bits above `bits`).
std::optional<std::int64_t> decode_integer(const NumberFormat& format, std::uint64_t code);

/// Smallest and largest integer of an integer format, both 0 for floats.
std::int64_t smallest_integer(const NumberFormat& format);
std::int64_t largest_integer(const NumberFormat& format);

/// Bytes that `elements` packed elements take, rounded up to a whole byte. Elements up to 2^62 do not overflow.
std::uint64_t storage_bytes(const NumberFormat& format, std::uint64_t elements);

}  // namespace lutetia
