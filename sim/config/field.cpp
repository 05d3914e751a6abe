#include "config/field.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "base/nearest.h"
#include "config/schema.h"
#include "config/yaml_scalar.h"

namespace lutetia {
namespace {

[[noreturn]] void mistake(const std::string& key, const std::string& what) {
  throw std::logic_error("describe(): \"" + key + "\": " + what);
}

void check_key_and_help(const std::string& key, const std::string& help) {
  if (key.empty()) mistake(key, "a key is needed");
  for (char c : key) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!good) mistake(key, "keys consist of a-z, 0-9 and _");
  }
  if (help.empty()) mistake(key, "a help text is needed");
}

/// What a parameter of the RTL with this number means to a member that is no choice.
Value value_of_number(std::uint64_t number, ValueType type) {
  switch (type) {
    case ValueType::kBool: return number != 0;
    case ValueType::kInt32:
    case ValueType::kInt64: return static_cast<std::int64_t>(number);
    case ValueType::kBytes: return Bytes(number);
    case ValueType::kHertz: return Hertz(number);
    case ValueType::kBytesPerSecond: return BytesPerSecond(number);
    case ValueType::kPicoseconds: return Picoseconds(number);
    default: return convert(number, type);
  }
}

}  // namespace

Field::Field(std::string key, std::string help, ValueType type, bool is_vector, LeafAccess access)
    : key_(std::move(key)), help_(std::move(help)), type_(type), is_vector_(is_vector), leaf_(std::move(access)) {
  check_key_and_help(key_, help_);
}

Field::Field(std::string key, std::string help, Kind kind, NestedAccess access)
    : key_(std::move(key)), help_(std::move(help)), kind_(kind), nested_(std::move(access)) {
  check_key_and_help(key_, help_);
}

Field& Field::set_range(const Value& low, const Value& high) {
  if (!is_leaf() || !is_ordered(type_)) mistake(key_, "only numbers and quantities have a range");
  std::pair<Value, Value> range;
  range.first = convert(low, type_);
  range.second = convert(high, type_);
  if (!(range.first <= range.second)) mistake(key_, "the range is empty");
  range_.reset();
  const auto natural = bounds();
  if (natural && (range.first < natural->first || natural->second < range.second)) {
    mistake(key_, "the range is wider than the member's type");
  }
  range_ = range;
  return *this;
}

Field& Field::count(std::size_t low, std::size_t high) {
  if (!is_vector_ && !is_map() && kind_ != Kind::kList) mistake(key_, "only vectors, maps and lists have a count");
  if (low > high) mistake(key_, "the count is empty");
  count_ = std::make_pair(low, high);
  return *this;
}

Field& Field::required() {
  required_ = true;
  return *this;
}

Field& Field::folder(std::string name) {
  if (is_leaf()) mistake(key_, "only what may lie in a file of its own has a folder");
  if (name.empty()) mistake(key_, "a folder needs a name");
  folder_ = std::move(name);
  return *this;
}

Field& Field::rtl(std::string name) {
  if (!is_leaf() || is_vector_ || is_map() || type_ == ValueType::kText || type_ == ValueType::kDouble) {
    mistake(key_, "an RTL parameter is one whole number, quantity, truth value or choice");
  }
  if (name.empty()) mistake(key_, "an RTL parameter needs a name");
  rtl_name_ = std::move(name);
  return *this;
}

Field& Field::unit(Unit unit) {
  if (!is_leaf() || !is_ordered(type_) || is_quantity(type_)) mistake(key_, "only plain numbers are given a unit");
  unit_ = unit;
  return *this;
}

std::optional<std::pair<Value, Value>> Field::bounds() const {
  if (range_) return range_;
  switch (type_) {
    case ValueType::kInt32:
      return std::make_pair(to_value(std::numeric_limits<std::int32_t>::min()),
                            to_value(std::numeric_limits<std::int32_t>::max()));
    case ValueType::kInt64:
      return std::make_pair(to_value(std::numeric_limits<std::int64_t>::min()),
                            to_value(std::numeric_limits<std::int64_t>::max()));
    case ValueType::kUint32:
      return std::make_pair(to_value(std::uint32_t{0}), to_value(std::numeric_limits<std::uint32_t>::max()));
    case ValueType::kUint64:
      return std::make_pair(to_value(std::uint64_t{0}), to_value(std::numeric_limits<std::uint64_t>::max()));
    default: return std::nullopt;
  }
}

std::string Field::range_text() const {
  std::string out;
  if (type_ == ValueType::kChoice) {
    for (const std::string& name : choices_) out += (out.empty() ? "" : " | ") + name;
  } else if (range_) {
    out = value_text(range_->first) + ".." + value_text(range_->second);
  }
  if (count_) {
    out +=
        (out.empty() ? "" : "; ") + std::to_string(count_->first) + ".." + std::to_string(count_->second) + " entries";
  }
  return out;
}

std::uint64_t Field::number() const {
  if (leaf_.number) return leaf_.number();
  return std::visit(
      [](const auto& x) -> std::uint64_t {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_integral_v<T>) {
          return static_cast<std::uint64_t>(x);
        } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, double>) {
          throw std::logic_error("not a whole number");
        } else {
          return x.value;
        }
      },
      values().at(0));
}

void Field::set_number(std::uint64_t number) const {
  if (leaf_.set_number)
    leaf_.set_number(number);
  else
    set_values({value_of_number(number, type_)});
  if (this->number() != number) throw std::logic_error(key_ + " cannot be " + std::to_string(number));
}

std::string Field::text() const {
  const std::vector<Value> all = values();
  const auto one = [](const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text ? yaml_scalar(*text) : value_text(value);
  };
  if (is_map()) {
    const std::vector<std::string> keys = names();
    std::string out = "{";
    for (std::size_t i = 0; i < all.size(); ++i)
      out += (i == 0 ? "" : ", ") + yaml_scalar(keys[i]) + ": " + one(all[i]);
    return out + "}";
  }
  if (!is_vector_) return one(all.at(0));
  std::string out = "[";
  for (std::size_t i = 0; i < all.size(); ++i) out += (i == 0 ? "" : ", ") + one(all[i]);
  return out + "]";
}

ParsedValue Field::parse(std::string_view text) const {
  ParsedValue parsed = parse_value(text, type_);
  if (type_ == ValueType::kChoice) {
    for (const std::string& name : choices_) {
      if (name == text) return parsed;
    }
    const std::string hint = did_you_mean(text, choices_);
    parsed.error =
        quoted_for_message(text) + " is not allowed" + (hint.empty() ? "." : hint) + " Allowed: " + joined(choices_);
    return parsed;
  }
  const auto limits = bounds();
  if (!limits || (!parsed.error.empty() && !parsed.too_large)) return parsed;
  if (parsed.too_large || parsed.value < limits->first || limits->second < parsed.value) {
    const std::string shown = text.size() <= 40 ? std::string(text) : std::string(text.substr(0, 40)) + "...";
    parsed.error = shown + " is outside " + value_text(limits->first) + ".." + value_text(limits->second);
  }
  return parsed;
}

std::string Field::count_error(std::size_t entries) const {
  if (!count_ || (entries >= count_->first && entries <= count_->second)) return "";
  return std::to_string(entries) + " entries, allowed are " + std::to_string(count_->first) + ".." +
         std::to_string(count_->second);
}

Schema Field::element(std::size_t i) const {
  return nested_.element(i);
}
Schema Field::prototype() const {
  return nested_.prototype();
}

}  // namespace lutetia
