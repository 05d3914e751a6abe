// One configuration value without its C++ type: what a leaf of a schema holds, and how it is read and printed. All
// visitors (reader, writer, help, digest) work on these values, so none of them is a template.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/quantity.h"

namespace lutetia {

enum class ValueType {
  kBool,
  kInt32,
  kInt64,
  kUint32,
  kUint64,
  kDouble,
  kText,
  kBytes,
  kHertz,
  kBytesPerSecond,
  kPicoseconds,
  kChoice,  ///< one of a list of names; the value is the name
};

using Value =
    std::variant<bool, std::int64_t, std::uint64_t, double, std::string, Bytes, Hertz, BytesPerSecond, Picoseconds>;

/// Which ValueType a member of C++ type T is; only the types listed here may be config members.
template <class T>
struct ValueTypeOf : std::false_type {};
template <ValueType kType>
struct IsValueType : std::true_type {
  static constexpr ValueType kValueType = kType;
};
template <>
struct ValueTypeOf<bool> : IsValueType<ValueType::kBool> {};
template <>
struct ValueTypeOf<std::int32_t> : IsValueType<ValueType::kInt32> {};
template <>
struct ValueTypeOf<std::int64_t> : IsValueType<ValueType::kInt64> {};
template <>
struct ValueTypeOf<std::uint32_t> : IsValueType<ValueType::kUint32> {};
template <>
struct ValueTypeOf<std::uint64_t> : IsValueType<ValueType::kUint64> {};
template <>
struct ValueTypeOf<double> : IsValueType<ValueType::kDouble> {};
template <>
struct ValueTypeOf<std::string> : IsValueType<ValueType::kText> {};
template <>
struct ValueTypeOf<Bytes> : IsValueType<ValueType::kBytes> {};
template <>
struct ValueTypeOf<Hertz> : IsValueType<ValueType::kHertz> {};
template <>
struct ValueTypeOf<BytesPerSecond> : IsValueType<ValueType::kBytesPerSecond> {};
template <>
struct ValueTypeOf<Picoseconds> : IsValueType<ValueType::kPicoseconds> {};

/// Widens a C++ value to the alternative of Value that holds it.
template <class T>
Value to_value(const T& x) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
    return Value(x);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    return Value(std::int64_t{x});
  } else if constexpr (std::is_integral_v<T>) {
    return Value(std::uint64_t{x});
  } else if constexpr (std::is_floating_point_v<T>) {
    return Value(double{x});
  } else {
    return Value(x);
  }
}

/// The C++ value back; the alternative must be the one to_value<T> makes (else std::bad_variant_access).
template <class T>
T from_value(const Value& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return std::get<bool>(value);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    return static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(std::get<std::uint64_t>(value));
  } else {
    return std::get<T>(value);
  }
}

bool is_quantity(ValueType type);
/// True for what may have a range: numbers and quantities.
bool is_ordered(ValueType type);
/// "whole number", "clock frequency", ...: as in "expected a whole number".
const char* type_name(ValueType type);
/// What one would write, e.g. "64KiB"; empty where a type needs no example.
const char* example(ValueType type);

/// Converts the alternative of `value` to the one `type` uses (3 -> 3u, 3 -> 3.0). Throws std::logic_error if the
/// value is of another kind or negative for an unsigned type: it is a mistake in a describe(), not the user's.
Value convert(const Value& value, ValueType type);

/// The text as it would stand in YAML, unquoted; parse_value(value_text(v)) == v.
std::string value_text(const Value& value);

struct ParsedValue {
  Value value;
  std::string error;       ///< empty if good; otherwise what was expected and what was found
  bool too_large = false;  ///< well formed, but outside of what the type can hold; the error is for the caller to word
};

/// Reads the whole text as a value of `type` (kChoice is read as text). Never throws.
ParsedValue parse_value(std::string_view text, ValueType type);

/// The text in double quotes for an error message: control characters and invalid bytes shown as \xNN, cut to about
/// 60 characters.
std::string quoted_for_message(std::string_view text);

}  // namespace lutetia
