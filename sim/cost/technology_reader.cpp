#include "cost/technology_reader.h"

#include <algorithm>
#include <cmath>

#include "config/expression.h"

namespace lutetia {
namespace {

constexpr double kLargest = 1e15;

bool is_name(const std::string& text) {
  if (text.empty() || text.size() > 60 || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

/// The range [low, high] of a parameter.
bool read_range(MapReader& map, const std::string& key, std::pair<std::int64_t, std::int64_t>& out) {
  const YamlNode& node = *map.find(key);
  if (node.kind == YamlNode::Kind::kBroken) return false;
  if (node.kind != YamlNode::Kind::kList || node.items.size() != 2)
    return map.fault(key, "expected a list of the least and the largest value, [1, 4]");
  if (!map.whole_of(node.items[0], key, out.first) || !map.whole_of(node.items[1], key, out.second)) return false;
  return out.first <= out.second || map.fault(key, "the range is empty");
}

void read_residuals(MapReader map, FitResiduals& r) {
  const auto read = [&map](MapReader pair, double& mean, double& worst) {
    pair.number("mean", mean, 0, 0.99);
    pair.number("worst", worst, 0, 100);
    pair.finish();
  };
  read(map.map("area", true), r.area_mean, r.area_worst);
  read(map.map("energy", true), r.energy_mean, r.energy_worst);
  // One point, or a list of them; errors may have their signs.
  const auto largest = [&map](const char* key, double& out) {
    map.know(key);
    const YamlNode* node = map.find(key);
    if (node == nullptr) return;
    std::vector<const YamlNode*> points = {node};
    if (node->kind == YamlNode::Kind::kList) {
      points.clear();
      for (const YamlNode& item : node->items) points.push_back(&item);
    }
    for (const YamlNode* point : points) {
      double error = 0;
      if (map.number_of(*point, key, error, -100, 100)) out = std::max(out, std::abs(error));
    }
  };
  largest("held_out_area", r.held_out_area);
  largest("held_out_energy", r.held_out_energy);
  largest("tile_energy", r.tile_energy);
  map.finish();
}

void read_event_terms(MapReader map, const std::vector<CostValues>& samples, EventTerms& out) {
  for (const std::string& event : map.keys()) {
    if (!is_name(event)) {
      map.fault(event, "expected the name of an event: cycle, an activity or a port");
      continue;
    }
    out.emplace_back(event, CostTerms());
    read_terms(map.map(event), samples, out.back().second);
  }
}

void read_component(MapReader map, const std::vector<CostValues>& samples, ComponentTechnology& out) {
  read_terms(map.map("area_um2", true), samples, out.area_um2);
  read_terms(map.map("leakage_nw"), samples, out.leakage_nw);
  read_terms(map.map("clock_fj"), samples, out.clock_fj);
  read_event_terms(map.map("combinational_fj"), samples, out.combinational_fj);
  read_event_terms(map.map("register_fj"), samples, out.register_fj);
  map.finish();
}

/// Parameters at the least and at the largest values that were fitted, and the names that follow.
std::vector<CostValues> read_names(MapReader map, UnitTechnology& unit) {
  std::vector<CostValues> samples(2);
  for (const auto& [name, value] : unit.fixed) samples[0][name] = samples[1][name] = value;
  for (const auto& [name, range] : unit.range) {
    samples[0][name] = range.first;
    samples[1][name] = range.second;
  }
  for (const std::string& name : map.keys()) {
    std::string expression;
    if (!map.text(name, expression)) continue;
    if (!is_name(name)) {
      map.fault(name, "expected a name of letters, digits and _");
      continue;
    }
    if (samples[0].count(name) != 0) {
      map.fault(name, "is a parameter, or named twice");
      continue;
    }
    std::string error;
    for (CostValues& values : samples) {
      const ExpressionValue value = evaluate_expression(expression, values);
      if (error.empty()) error = value.error;
      values[name] = value.value;
    }
    if (!error.empty()) map.fault(name, error);
    unit.names.emplace_back(name, expression);
  }
  return samples;
}

void read_unit(MapReader map, UnitTechnology& unit) {
  std::int64_t points = 0;
  map.text("rtl_sha256", unit.rtl_sha256);
  if (map.whole("points", points)) unit.points = static_cast<std::uint32_t>(std::max<std::int64_t>(points, 0));
  if (map.has("min_period_ps")) {
    MapReader periods = map.map("min_period_ps");
    periods.number("least", unit.least_period_ps, 0, kLargest, true);
    periods.number("most", unit.most_period_ps, 0, kLargest, true);
    periods.finish();
  }
  read_residuals(map.map("residuals", true), unit.residuals);
  MapReader range = map.map("range");
  for (const std::string& name : range.keys()) read_range(range, name, unit.range[name]);
  MapReader fixed = map.map("fixed");
  for (const std::string& name : fixed.keys()) fixed.whole(name, unit.fixed[name]);
  map.know("ignored");
  if (const YamlNode* ignored = map.find("ignored")) {
    if (ignored->kind != YamlNode::Kind::kList) map.fault("ignored", "expected a list of parameters");
    for (const YamlNode& item : ignored->items)
      if (item.kind == YamlNode::Kind::kScalar) unit.ignored.insert(item.text);
  }
  map.number("glitches", unit.glitches, 1, 100);
  map.number("wires", unit.wires, 1, 100);
  const std::vector<CostValues> samples = read_names(map.map("names"), unit);
  MapReader components = map.map("components", true);
  for (const std::string& name : components.keys()) {
    unit.components.emplace_back();
    unit.components.back().name = name;
    read_component(components.map(name), samples, unit.components.back());
  }
  map.finish();
}

}  // namespace

void read_terms(MapReader map, const std::vector<CostValues>& samples, CostTerms& out) {
  for (const std::string& expression : map.keys()) {
    CostTerm term{expression, 0};
    map.number_of(*map.find(expression), expression, term.coefficient, -kLargest, kLargest);
    std::string error;
    for (const CostValues& values : samples)
      if (error.empty()) error = evaluate_expression(expression, values).error;
    if (!error.empty()) map.fault(expression, error);
    out.push_back(std::move(term));
  }
}

void read_units(MapReader map, std::vector<UnitTechnology>& out) {
  for (const std::string& name : map.keys()) {
    out.emplace_back();
    out.back().name = name;
    read_unit(map.map(name), out.back());
  }
}

void read_sram(MapReader map, SramTechnology& s) {
  map.text("source", s.source, true);
  map.text("kind", s.kind);
  map.number("error", s.error, 0, 0.99, true);
  s.area_error = s.error;
  map.number("area_error", s.area_error, 0, 0.99);
  MapReader spread = map.map("spread");
  spread.number("area", s.area_spread, 1, 1000);
  spread.number("energy", s.energy_spread, 1, 1000);
  spread.finish();
  MapReader range = map.map("range");
  const auto limits = [&range](const char* key, std::uint32_t& least, std::uint32_t& most) {
    std::pair<std::int64_t, std::int64_t> pair;
    range.know(key);
    if (!range.has(key) || !read_range(range, key, pair)) return;
    if (pair.first < 1 || pair.second > (1 << 24)) return void(range.fault(key, "expected sizes from 1 to 2^24"));
    least = static_cast<std::uint32_t>(pair.first);
    most = static_cast<std::uint32_t>(pair.second);
  };
  limits("words", s.least_words, s.most_words);
  limits("width", s.least_width, s.most_width);
  range.finish();
  std::vector<CostValues> samples;
  for (const std::int64_t words : {s.least_words, s.most_words})
    for (const std::int64_t width : {s.least_width, s.most_width})
      samples.push_back({{"words", words}, {"width", width}, {"bits", words * width}});
  read_terms(map.map("area_um2", true), samples, s.area_um2);
  read_terms(map.map("read_fj", true), samples, s.read_fj);
  read_terms(map.map("write_fj", true), samples, s.write_fj);
  read_terms(map.map("leakage_nw"), samples, s.leakage_nw);
  map.finish();
}

void read_dram(MapReader map, std::map<std::string, DramTechnology>& out) {
  for (const std::string& standard : map.keys()) {
    MapReader row = map.map(standard);
    DramTechnology& d = out[standard];
    row.number("pj_per_bit", d.pj_per_bit, 0, 1e6, true);
    d.low = d.high = d.pj_per_bit;
    row.number("low", d.low, 0, d.pj_per_bit);
    row.number("high", d.high, d.pj_per_bit, 1e6);
    row.text("source", d.source, true);
    row.finish();
  }
}

}  // namespace lutetia
