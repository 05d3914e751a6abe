#include "config/leaves.h"

#include <cmath>
#include <limits>

#include "config/set_path.h"

namespace lutetia {
namespace {

void visit_leaves(const Schema& schema, const std::string& path,
                  const std::function<void(const std::string&, const Field&)>& visit) {
  for (const Field& field : schema.fields()) {
    const std::string field_path = join_path(path, field.key());
    if (field.is_leaf()) {
      visit(field_path, field);
      continue;
    }
    const bool is_list = field.kind() == Field::Kind::kList;
    for (std::size_t i = 0; i < field.size(); ++i) {
      visit_leaves(field.element(i), is_list ? join_path(field_path, i) : field_path, visit);
    }
  }
}

/// The next value below (step -1) or above (step +1) as text; empty if the type has none.
std::string neighbour(const Value& value, int step) {
  return std::visit(
      [step](const auto& x) -> std::string {
        using T = std::decay_t<decltype(x)>;
        if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
          return "";
        } else if constexpr (std::is_same_v<T, double>) {
          const double next = std::nextafter(x, step * std::numeric_limits<double>::infinity());
          return std::isfinite(next) ? value_text(next) : "";
        } else if constexpr (std::is_integral_v<T>) {
          const __int128 next = static_cast<__int128>(x) + step;  // may be outside of 64 bits: still a number to refuse
          if (next > std::numeric_limits<std::uint64_t>::max()) return "18446744073709551616";
          if (next < std::numeric_limits<std::int64_t>::min()) return "-9223372036854775809";
          return next < 0 ? std::to_string(static_cast<std::int64_t>(next))
                          : std::to_string(static_cast<std::uint64_t>(next));
        } else {
          if (step < 0 ? x.value == 0 : x.value == std::numeric_limits<std::uint64_t>::max()) return "";
          return value_text(T(x.value + static_cast<std::uint64_t>(static_cast<std::int64_t>(step))));
        }
      },
      value);
}

class Checker {
 public:
  void check(const Schema& schema, const std::string& path, int depth) {
    if (depth > 20) return;  // a recursive struct
    for (const Field& field : schema.fields()) {
      const std::string field_path = join_path(path, field.key());
      if (field.is_leaf()) {
        check_leaf(field, field_path);
      } else if (field.kind() == Field::Kind::kGroup) {
        check(field.element(0), field_path, depth + 1);
      } else {
        const bool is_list = field.kind() == Field::Kind::kList;
        if (!is_list && field.size() != 0) fault(field_path, "an optional group must be absent by default");
        check(field.prototype(), field_path + (is_list ? "[]" : ""), depth + 1);
      }
    }
    for (const Rule& rule : schema.rules()) {
      bool needs_user = false;
      for (const std::string& key : rule.keys) needs_user = needs_user || schema.find(key)->is_required();
      if (!needs_user && !rule.holds()) fault(path, "the defaults break the rule: " + rule.text);
    }
  }

  std::vector<std::string> take() { return std::move(faults_); }

 private:
  void check_leaf(const Field& field, const std::string& path) {
    // A required value has no meaningful default, but must be writable nevertheless.
    for (const Value& value : field.values()) {
      const ParsedValue parsed = field.parse(value_text(value));
      if (!parsed.error.empty() && !field.is_required()) fault(path, "the default: " + parsed.error);
    }
    const std::string count = field.is_vector() || field.is_map() ? field.count_error(field.values().size()) : "";
    if (!count.empty() && !field.is_required()) fault(path, "the default: " + count);
  }

  void fault(const std::string& path, const std::string& what) { faults_.push_back(path + ": " + what); }

  std::vector<std::string> faults_;
};

}  // namespace

void for_each_leaf(const Schema& schema, const std::function<void(const std::string& path, const Field& leaf)>& visit) {
  visit_leaves(schema, "", visit);
}

std::vector<std::string> out_of_range_texts(const Field& leaf) {
  if (leaf.type() == ValueType::kChoice) return {"no_such_choice"};
  std::vector<std::string> out;
  const auto bounds = leaf.bounds();
  if (!bounds) return out;
  for (const std::string& text : {neighbour(bounds->first, -1), neighbour(bounds->second, +1)}) {
    if (!text.empty()) out.push_back(text);
  }
  return out;
}

std::vector<std::string> check_schema(const Schema& schema) {
  Checker checker;
  checker.check(schema, "", 0);
  return checker.take();
}

}  // namespace lutetia
