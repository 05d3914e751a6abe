// One line of a describe(): a leaf (a value or a vector of values), or a nested group of which there are one (group),
// at most one (optional_group) or many (list). Type-erased: closures reach the member, visitors see Value and Schema.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "config/value.h"

namespace lutetia {

class Schema;

class Field {
 public:
  enum class Kind { kLeaf, kGroup, kOptionalGroup, kList };

  /// How a leaf reaches its member. A scalar is a vector of exactly one, a map has a name for every value.
  struct LeafAccess {
    std::function<std::vector<Value>()> get;
    std::function<void(const std::vector<Value>&)> set;
    std::function<std::uint64_t()> number;            ///< choices only: the enumerator's number
    std::function<void(std::uint64_t)> set_number;    ///< choices only
    std::function<std::vector<std::string>()> names;  ///< maps only
    std::function<void(const std::vector<std::string>&, const std::vector<Value>&)> set_map;  ///< maps only
  };
  /// How a nested field reaches its structs. `element` describes the i-th of size(); `prototype` a default one.
  struct NestedAccess {
    std::function<std::size_t()> size;
    std::function<void(std::size_t)> resize;
    std::function<Schema(std::size_t)> element;
    std::function<Schema()> prototype;
  };

  Field(std::string key, std::string help, ValueType type, bool is_vector, LeafAccess access);
  Field(std::string key, std::string help, Kind kind, NestedAccess access);

  // ---- For describe(). Misuse throws std::logic_error. ----

  /// Lowest and highest allowed value, both inclusive; of every element if the field is a vector.
  template <class Low, class High>
  Field& range(Low low, High high) {
    return set_range(to_value(low), to_value(high));
  }
  /// Vectors, maps and lists: how many entries there may be, both inclusive.
  Field& count(std::size_t low, std::size_t high);
  /// The key must be written by the user.
  Field& required();
  /// Groups and lists: a text names a file in this folder of the configuration; without it, the folder is the key.
  Field& folder(std::string name);
  /// The name of the parameter of the RTL twin that has this value. Whole numbers, quantities, booleans and choices.
  Field& rtl(std::string name);
  /// The unit of a plain number, shown in help.
  Field& unit(Unit unit);

  // ---- For visitors. ----

  Kind kind() const { return kind_; }
  bool is_leaf() const { return kind_ == Kind::kLeaf; }
  bool is_vector() const { return is_vector_; }
  bool is_map() const { return leaf_.names != nullptr; }
  const std::string& key() const { return key_; }
  const std::string& help() const { return help_; }
  bool is_required() const { return required_; }
  const std::string& rtl_name() const { return rtl_name_; }
  const std::string& folder_name() const { return folder_.empty() ? key_ : folder_; }
  Unit value_unit() const { return unit_; }
  ValueType type() const { return type_; }
  const std::vector<std::string>& choices() const { return choices_; }
  const std::optional<std::pair<Value, Value>>& declared_range() const { return range_; }
  const std::optional<std::pair<std::size_t, std::size_t>>& declared_count() const { return count_; }
  /// The declared range, else that of a 32- or 64-bit whole number; nothing for other types.
  std::optional<std::pair<Value, Value>> bounds() const;
  /// "1..64", "1Hz..10GHz", "a | b", or empty.
  std::string range_text() const;

  std::vector<Value> values() const { return leaf_.get(); }
  /// Maps: the name of each value.
  std::vector<std::string> names() const { return leaf_.names(); }
  /// Assigns without checking; sizes and alternatives must fit (see values()).
  void set_values(const std::vector<Value>& values) const { leaf_.set(values); }
  void set_map(const std::vector<std::string>& names, const std::vector<Value>& values) const {
    leaf_.set_map(names, values);
  }
  /// The value's number, as an RTL parameter.
  std::uint64_t number() const;
  /// The inverse of number(), without checking the range; std::logic_error if no value of the type has it.
  void set_number(std::uint64_t number) const;
  /// The current value as it is written in YAML: `4`, `1GHz`, `"a: b"`, `[1, 2]`, `{CL: 17, RCD: 17}`.
  std::string text() const;

  /// Reads one value (of the vector) and checks it against type, choices and range. The error is empty if it is good.
  ParsedValue parse(std::string_view text) const;
  /// Empty, or why this many entries are not allowed.
  std::string count_error(std::size_t entries) const;

  std::size_t size() const { return nested_.size(); }
  void resize(std::size_t n) const { nested_.resize(n); }
  Schema element(std::size_t i) const;
  Schema prototype() const;

 private:
  friend class Schema;
  Field& set_range(const Value& low, const Value& high);

  std::string key_, help_, rtl_name_, folder_;
  Kind kind_ = Kind::kLeaf;
  ValueType type_ = ValueType::kText;
  bool is_vector_ = false;
  bool required_ = false;
  Unit unit_ = Unit::kNone;
  std::vector<std::string> choices_;
  std::optional<std::pair<Value, Value>> range_;
  std::optional<std::pair<std::size_t, std::size_t>> count_;
  LeafAccess leaf_;
  NestedAccess nested_;
};

}  // namespace lutetia
