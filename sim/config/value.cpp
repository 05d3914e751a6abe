#include "config/value.h"

#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <system_error>

#include "base/quantity_text.h"

namespace lutetia {
namespace {

std::string got(std::string_view text) {
  return text.empty() ? ", got nothing" : ", got " + quoted_for_message(text);
}

std::string expected(ValueType type, std::string_view text) {
  return "expected a " + std::string(type_name(type)) + got(text);
}

/// `-?(0|[1-9][0-9]*)`
bool is_whole_number(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  if (text.empty() || (text[0] == '0' && text.size() > 1)) return false;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

template <class Int>
ParsedValue parse_whole(std::string_view text, ValueType type) {
  ParsedValue out;
  if (!is_whole_number(text)) {
    out.error = expected(type, text);
    return out;
  }
  Int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
    out.too_large = true;
    out.error = "too large";
  }
  out.value = value;
  return out;
}

ParsedValue parse_double(std::string_view text) {
  ParsedValue out;
  double value = 0;
  // from_chars also knows words (inf, nan): a number begins with a digit, a point, or a minus and one of these.
  const std::size_t first = !text.empty() && text[0] == '-' ? 1 : 0;
  const bool number = first < text.size() && (text[first] == '.' || (text[first] >= '0' && text[first] <= '9'));
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!number || result.ptr != text.data() + text.size()) {
    out.error = expected(ValueType::kDouble, text);
  } else if (result.ec != std::errc()) {
    out.error = quoted_for_message(text) + " is too large or too small for a double";
  }
  out.value = value;
  return out;
}

template <class Q>
ParsedValue parse_quantity(std::string_view text, ValueType type) {
  ParsedValue out;
  Q value;
  const std::string shown = quoted_for_message(text);
  const std::string such_as = std::string("for example ") + example(type);
  switch (parse(text, value)) {
    case QuantityFault::kNone: break;
    case QuantityFault::kNumber: out.error = expected(type, text) + "; write " + such_as; break;
    case QuantityFault::kNoUnit: out.error = shown + " has no unit; write " + such_as; break;
    case QuantityFault::kUnit: out.error = shown + " has an unknown unit; known: " + known_units(Q()); break;
    case QuantityFault::kInexact: out.error = shown + " is not a whole number of " + to_text(Q(1)); break;
    case QuantityFault::kOverflow:
      out.too_large = true;
      out.error = shown + " is too large";
      break;
  }
  out.value = value;
  return out;
}

std::string double_text(double value) {
  std::array<char, 40> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace

bool is_quantity(ValueType type) {
  return type == ValueType::kBytes || type == ValueType::kHertz || type == ValueType::kBytesPerSecond ||
         type == ValueType::kPicoseconds;
}

bool is_ordered(ValueType type) {
  return type != ValueType::kBool && type != ValueType::kText && type != ValueType::kChoice;
}

const char* type_name(ValueType type) {
  switch (type) {
    case ValueType::kBool: return "truth value (true or false)";
    case ValueType::kInt32:
    case ValueType::kInt64:
    case ValueType::kUint32:
    case ValueType::kUint64: return "whole number";
    case ValueType::kDouble: return "number";
    case ValueType::kText: return "text";
    case ValueType::kBytes: return "size";
    case ValueType::kHertz: return "frequency";
    case ValueType::kBytesPerSecond: return "bandwidth";
    case ValueType::kPicoseconds: return "time";
    case ValueType::kChoice: return "name";
  }
  return "";
}

const char* example(ValueType type) {
  switch (type) {
    case ValueType::kBytes: return "64KiB";
    case ValueType::kHertz: return "1GHz";
    case ValueType::kBytesPerSecond: return "51.2GB/s";
    case ValueType::kPicoseconds: return "100ns";
    default: return "";
  }
}

Value convert(const Value& value, ValueType type) {
  const auto* as_int = std::get_if<std::int64_t>(&value);
  const auto* as_uint = std::get_if<std::uint64_t>(&value);
  constexpr std::uint64_t kLargestInt = std::numeric_limits<std::int64_t>::max();
  switch (type) {
    case ValueType::kInt32:
    case ValueType::kInt64:
      if (as_int) return value;
      if (as_uint && *as_uint <= kLargestInt) return static_cast<std::int64_t>(*as_uint);
      break;
    case ValueType::kUint32:
    case ValueType::kUint64:
      if (as_uint) return value;
      if (as_int && *as_int >= 0) return static_cast<std::uint64_t>(*as_int);
      break;
    case ValueType::kDouble:
      if (std::holds_alternative<double>(value)) return value;
      if (as_int) return static_cast<double>(*as_int);
      if (as_uint) return static_cast<double>(*as_uint);
      break;
    case ValueType::kBytes:
      if (std::holds_alternative<Bytes>(value)) return value;
      break;
    case ValueType::kHertz:
      if (std::holds_alternative<Hertz>(value)) return value;
      break;
    case ValueType::kBytesPerSecond:
      if (std::holds_alternative<BytesPerSecond>(value)) return value;
      break;
    case ValueType::kPicoseconds:
      if (std::holds_alternative<Picoseconds>(value)) return value;
      break;
    case ValueType::kBool:
    case ValueType::kText:
    case ValueType::kChoice: break;
  }
  throw std::logic_error("a bound of another type than the field: " + value_text(value));
}

std::string value_text(const Value& value) {
  return std::visit(
      [](const auto& x) -> std::string {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, bool>) {
          return x ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::string>) {
          return x;
        } else if constexpr (std::is_same_v<T, double>) {
          return double_text(x);
        } else if constexpr (std::is_integral_v<T>) {
          return std::to_string(x);
        } else {
          return to_text(x);
        }
      },
      value);
}

ParsedValue parse_value(std::string_view text, ValueType type) {
  switch (type) {
    case ValueType::kBool: {
      ParsedValue out;
      out.value = text == "true";
      if (text != "true" && text != "false") out.error = "expected true or false" + got(text);
      return out;
    }
    case ValueType::kInt32:
    case ValueType::kInt64: return parse_whole<std::int64_t>(text, type);
    case ValueType::kUint32:
    case ValueType::kUint64: {
      // A negative number is well formed, just out of range.
      if (is_whole_number(text) && text[0] == '-' && text != "-0") return {std::uint64_t{0}, "too small", true};
      return parse_whole<std::uint64_t>(text == "-0" ? "0" : text, type);
    }
    case ValueType::kDouble: return parse_double(text);
    case ValueType::kText:
    case ValueType::kChoice: return {std::string(text), "", false};
    case ValueType::kBytes: return parse_quantity<Bytes>(text, type);
    case ValueType::kHertz: return parse_quantity<Hertz>(text, type);
    case ValueType::kBytesPerSecond: return parse_quantity<BytesPerSecond>(text, type);
    case ValueType::kPicoseconds: return parse_quantity<Picoseconds>(text, type);
  }
  return {};
}

std::string quoted_for_message(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool inside_character = (c & 0xC0) == 0x80;  // never cut a UTF-8 sequence
    if (i >= kMost && !inside_character) {
      out += "...";
      break;
    }
    if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
      constexpr char kDigits[] = "0123456789abcdef";
      if (c == '"' || c == '\\') {
        out += '\\';
        out += static_cast<char>(c);
      } else {
        out += "\\x";
        out += kDigits[c >> 4];
        out += kDigits[c & 15];
      }
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + "\"";
}

}  // namespace lutetia
