#include "accelerator/size_search.h"

#include <algorithm>
#include <deque>

#include "base/nearest.h"
#include "config/set_path.h"
#include "config/value.h"

namespace lutetia {
namespace {

/// A leaf of a design and the schemas that lead to it, outermost first; they refer to the design.
struct Leaf {
  std::deque<Schema> schemas;  // does not move what the field below points into
  const Field* field = nullptr;

  bool rules_hold() const {
    return std::all_of(schemas.begin(), schemas.end(), [](const Schema& schema) {
      return std::all_of(schema.rules().begin(), schema.rules().end(), [](const Rule& rule) { return rule.holds(); });
    });
  }
};

bool find_leaf(Design& design, const std::string& path, Leaf& leaf, std::string& error) {
  std::vector<PathStep> steps;
  if (!parse_path(path, steps)) return error = "expected a key, e.g. lut_core.lanes", false;
  leaf.schemas.push_back(schema_of(design));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Schema& schema = leaf.schemas.back();
    const Field* field = schema.find(steps[i].key);
    const bool last = i + 1 == steps.size();
    if (field == nullptr) {
      error = "the design has no key " + quoted_for_message(path) + did_you_mean(steps[i].key, schema.keys());
      return false;
    }
    if (last != field->is_leaf()) return error = "is not the key of a value", false;
    if (last) {
      leaf.field = field;
    } else if (field->kind() == Field::Kind::kList || field->size() == 0) {
      return error = "the design has no " + steps[i].key, false;
    } else {
      leaf.schemas.push_back(field->element(0));
    }
  }
  const bool whole = leaf.field->type() == ValueType::kUint32 || leaf.field->type() == ValueType::kUint64;
  if (!whole || leaf.field->is_vector() || leaf.field->is_map()) return error = "does not hold one whole number", false;
  return true;
}

}  // namespace

std::optional<DesignKey> DesignKey::find(const Design& design, const std::string& text, std::string& error) {
  const bool short_name = text.find('.') == std::string::npos;
  DesignKey key(short_name ? matrix_core_name(design) + "." + text : text);
  Design copy = design;
  Leaf leaf;
  if (short_name && !matrix_core_shape(design)) return error = "the design has no matrix core", std::nullopt;
  if (!find_leaf(copy, key.path_, leaf, error)) return std::nullopt;
  const auto bounds = leaf.field->bounds();
  key.least_ = std::get<std::uint64_t>(bounds->first);
  key.most_ = std::get<std::uint64_t>(bounds->second);
  if (key.most_ - key.least_ < kMostValues) return key;
  error = "has more values than can be tried: " + leaf.field->range_text();
  return std::nullopt;
}

std::vector<std::uint64_t> DesignKey::legal_values(const Design& design) const {
  std::vector<std::uint64_t> out;
  Design copy = design;
  Leaf leaf;
  std::string error;
  if (!find_leaf(copy, path_, leaf, error)) return out;
  for (std::uint64_t value = least_; value <= most_; ++value) {
    leaf.field->set_number(value);
    if (leaf.rules_hold()) out.push_back(value);
  }
  return out;
}

Design DesignKey::with(const Design& design, std::uint64_t value) const {
  Design copy = design;
  Leaf leaf;
  std::string error;
  if (find_leaf(copy, path_, leaf, error)) leaf.field->set_number(value);
  return copy;
}

std::optional<SizedDesign> largest_within(const Design& design, const DesignKey& key,
                                          const std::vector<SizeLimit>& limits) {
  const std::vector<std::uint64_t> values = key.legal_values(design);
  if (values.empty()) return std::nullopt;
  SizedDesign out;
  out.least = values.front();
  out.most = values.back();
  out.values = values.size();
  for (auto value = values.rbegin(); value != values.rend() && !out.found; ++value) {
    if (value != values.rbegin()) out.next = out.chosen;
    const Design tried = key.with(design, *value);
    out.chosen = {*value, {}};
    out.found = true;
    for (const SizeLimit& limit : limits) {
      out.chosen.measures.push_back(limit.measure(tried));
      out.found = out.found && out.chosen.measures.back() <= limit.most;
    }
  }
  out.design = key.with(design, out.chosen.value);
  return out;
}

}  // namespace lutetia
