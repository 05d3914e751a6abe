// What a config struct contains, declared once. Every struct provides an overload, found by argument lookup:
//
//   void describe(Schema& s, LutCoreConfig& c) {
//     s.field("rows", c.rows, "activation rows held at once").range(1, 64).rtl("Rows");
//     s.field("clock", c.clock, "core clock").range(Hertz(1'000'000), Hertz(10'000'000'000)).required();
//     s.choice("dataflow", c.dataflow, {{"weight_stationary", Dataflow::kWeight}, ...}, "which operand stays");
//     s.group("sram", c.sram, "tile buffer");                  // a nested struct
//     s.optional_group("attention", c.attention, "...");       // std::optional<struct>, absent by default
//     s.list("levels", c.levels, "...");                       // std::vector<struct>
//     s.map("cycles", c.cycles, "...");                        // std::map<std::string, value>: names are the user's
//     s.rule([&c] { return c.lanes % c.epilogue_lanes == 0; }, {"lanes", "epilogue_lanes"},
//            "epilogue_lanes must divide lanes");
//   }
//
// The member's initialiser is the default. Reading, writing, help, --set, digest and RTL parameters all come from this
// function (read.h, write.h, help.h, rtl_parameters.h). A Schema refers to the struct: it must not outlive it.
// A mistake in a describe() (empty help, repeated key, a range of another type) throws std::logic_error.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/field.h"

namespace lutetia {

/// A condition across fields. `keys` are the keys it reads; `text` says what must hold.
struct Rule {
  std::function<bool()> holds;
  std::vector<std::string> keys;
  std::string text;
};

class Schema {
 public:
  /// bool, std::(u)int32_t, std::(u)int64_t, double, std::string, Bytes, Hertz, BytesPerSecond, Picoseconds, or a
  /// std::vector of one of them.
  template <class T>
  Field& field(std::string key, T& member, std::string help);

  /// Values by names that the user chooses (letters, digits, '_'): timings of a standard, for example.
  template <class T>
  Field& map(std::string key, std::map<std::string, T>& member, std::string help);

  /// One of a list of names; E is usually an enum class.
  template <class E>
  Field& choice(std::string key, E& member, std::vector<std::pair<std::string, E>> names, std::string help);

  template <class T>
  Field& group(std::string key, T& member, std::string help);
  template <class T>
  Field& optional_group(std::string key, std::optional<T>& member, std::string help);
  template <class T>
  Field& list(std::string key, std::vector<T>& member, std::string help);

  /// `holds` is asked only if this struct's own values, and the groups among `keys`, are good.
  void rule(std::function<bool()> holds, std::vector<std::string> keys, std::string text);

  const std::deque<Field>& fields() const { return fields_; }
  const std::vector<Rule>& rules() const { return rules_; }
  const Field* find(const std::string& key) const;
  std::vector<std::string> keys() const;

  /// Keeps an object alive as long as this schema (prototypes).
  void own(std::shared_ptr<void> object) { owned_ = std::move(object); }

 private:
  Field& add(Field field);
  Field& add_choice(std::string key, std::string help, Field::LeafAccess access, std::vector<std::string> names);

  std::deque<Field> fields_;  // deque: describe() keeps references while more are added
  std::vector<Rule> rules_;
  std::shared_ptr<void> owned_;
};

/// The schema of one object; describe(Schema&, T&) is found by argument lookup.
template <class T>
Schema schema_of(T& object) {
  Schema schema;
  describe(schema, object);
  return schema;
}

/// The schema of a default-constructed T that lives as long as the schema.
template <class T>
Schema prototype_of() {
  auto object = std::make_shared<T>();
  Schema schema = schema_of(*object);
  schema.own(object);
  return schema;
}

/// The schema of a const object, for visitors that only look; calling a setter through it is a mistake.
template <class T>
Schema schema_of_const(const T& object) {
  return schema_of(const_cast<T&>(object));
}

// ---- templates ----

namespace config_detail {
template <class T>
struct VectorElement {
  static constexpr bool kIsVector = false;
  using Type = T;
};
template <class T>
struct VectorElement<std::vector<T>> {
  static constexpr bool kIsVector = true;
  using Type = T;
};
}  // namespace config_detail

template <class T>
Field& Schema::field(std::string key, T& member, std::string help) {
  using Element = typename config_detail::VectorElement<T>::Type;
  static_assert(ValueTypeOf<Element>::value, "not a config value: use choice(), group(), optional_group() or list()");
  Field::LeafAccess access;
  if constexpr (config_detail::VectorElement<T>::kIsVector) {
    access.get = [&member] {
      std::vector<Value> values;
      for (const Element& x : member) values.push_back(to_value(x));
      return values;
    };
    access.set = [&member](const std::vector<Value>& values) {
      member.clear();
      for (const Value& v : values) member.push_back(from_value<Element>(v));
    };
  } else {
    access.get = [&member] { return std::vector<Value>{to_value(member)}; };
    access.set = [&member](const std::vector<Value>& values) { member = from_value<T>(values.at(0)); };
  }
  return add(Field(std::move(key), std::move(help), ValueTypeOf<Element>::kValueType,
                   config_detail::VectorElement<T>::kIsVector, std::move(access)));
}

template <class T>
Field& Schema::map(std::string key, std::map<std::string, T>& member, std::string help) {
  static_assert(ValueTypeOf<T>::value, "not a config value");
  Field::LeafAccess access;
  access.get = [&member] {
    std::vector<Value> values;
    for (const auto& entry : member) values.push_back(to_value(entry.second));
    return values;
  };
  access.set = [&member](const std::vector<Value>& values) {  // the names stay
    std::size_t i = 0;
    for (auto& entry : member) entry.second = from_value<T>(values.at(i++));
  };
  access.names = [&member] {
    std::vector<std::string> names;
    for (const auto& entry : member) names.push_back(entry.first);
    return names;
  };
  access.set_map = [&member](const std::vector<std::string>& names, const std::vector<Value>& values) {
    member.clear();
    for (std::size_t i = 0; i < names.size(); ++i) member[names[i]] = from_value<T>(values.at(i));
  };
  return add(Field(std::move(key), std::move(help), ValueTypeOf<T>::kValueType, false, std::move(access)));
}

template <class E>
Field& Schema::choice(std::string key, E& member, std::vector<std::pair<std::string, E>> names, std::string help) {
  std::vector<std::string> texts;
  for (const auto& name : names) texts.push_back(name.first);
  Field::LeafAccess access;
  access.get = [&member, names] {
    for (const auto& name : names) {
      if (name.second == member) return std::vector<Value>{name.first};
    }
    return std::vector<Value>{std::string()};  // reported by check_schema(): a default that has no name
  };
  access.set = [&member, names](const std::vector<Value>& values) {
    for (const auto& name : names) {
      if (name.first == std::get<std::string>(values.at(0))) member = name.second;
    }
  };
  access.number = [&member] { return static_cast<std::uint64_t>(member); };
  access.set_number = [&member, names](std::uint64_t number) {
    for (const auto& name : names) {
      if (static_cast<std::uint64_t>(name.second) == number) member = name.second;
    }
  };
  return add_choice(std::move(key), std::move(help), std::move(access), std::move(texts));
}

template <class T>
Field& Schema::group(std::string key, T& member, std::string help) {
  Field::NestedAccess access;
  access.size = [] { return std::size_t{1}; };
  access.resize = [](std::size_t) {};
  access.element = [&member](std::size_t) { return schema_of(member); };
  access.prototype = [] { return prototype_of<T>(); };
  return add(Field(std::move(key), std::move(help), Field::Kind::kGroup, std::move(access)));
}

template <class T>
Field& Schema::optional_group(std::string key, std::optional<T>& member, std::string help) {
  Field::NestedAccess access;
  access.size = [&member] { return std::size_t{member.has_value() ? 1u : 0u}; };
  access.resize = [&member](std::size_t n) {
    if (n == 0) member.reset();
    if (n == 1 && !member) member.emplace();
  };
  access.element = [&member](std::size_t) { return schema_of(member.value()); };
  access.prototype = [] { return prototype_of<T>(); };
  return add(Field(std::move(key), std::move(help), Field::Kind::kOptionalGroup, std::move(access)));
}

template <class T>
Field& Schema::list(std::string key, std::vector<T>& member, std::string help) {
  Field::NestedAccess access;
  access.size = [&member] { return member.size(); };
  access.resize = [&member](std::size_t n) { member.resize(n); };
  access.element = [&member](std::size_t i) { return schema_of(member.at(i)); };
  access.prototype = [] { return prototype_of<T>(); };
  return add(Field(std::move(key), std::move(help), Field::Kind::kList, std::move(access)));
}

}  // namespace lutetia
