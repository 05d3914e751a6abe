#include "cost/technology.h"

#include <algorithm>
#include <filesystem>

#include "base/sha256.h"
#include "config/named_file.h"
#include "config/read.h"
#include "config/text_file.h"
#include "cost/technology_reader.h"

namespace lutetia {
namespace {

namespace fs = std::filesystem;

/// How a base was scaled.
struct Factors {
  double area = 1, energy = 1, leakage = 1, delay = 1;
};

void scale(CostTerms& terms, double factor) {
  for (CostTerm& term : terms) term.coefficient *= factor;
}

void scale(EventTerms& terms, double factor) {
  for (auto& event : terms) scale(event.second, factor);
}

void apply(const Factors& f, Technology& t) {
  for (UnitTechnology& unit : t.units) {
    unit.least_period_ps *= f.delay;
    unit.most_period_ps *= f.delay;
    for (ComponentTechnology& c : unit.components) {
      scale(c.area_um2, f.area);
      scale(c.leakage_nw, f.leakage);
      scale(c.clock_fj, f.energy);
      scale(c.combinational_fj, f.energy);
      scale(c.register_fj, f.energy);
    }
  }
  if (!t.sram) return;
  scale(t.sram->area_um2, f.area);
  scale(t.sram->read_fj, f.energy);
  scale(t.sram->write_fj, f.energy);
  scale(t.sram->leakage_nw, f.leakage);
  t.sram->kind = "scaled with the rest";
  t.sram->area_spread *= t.area_spread;
  t.sram->energy_spread *= t.energy_spread;
}

void read_header(MapReader& map, Technology& t) {
  map.text("name", t.name, true);
  map.number("node_nm", t.node_nm, 0.1, 100000, true, "nm");
  map.number("voltage", t.voltage, 0.01, 1000, false, "V");
  map.text("corner", t.corner);
  map.text("source", t.source, true);
  map.text("date", t.date);
  map.text("command", t.command);
  MapReader tools = map.map("tools");
  for (const std::string& tool : tools.keys()) tools.text(tool, t.tools[tool]);
  MapReader liberty = map.map("liberty");
  liberty.text("file", t.liberty_file);
  liberty.text("sha256", t.liberty_sha256);
  liberty.finish();
  if (map.text("kind", t.kind, true) && map.has("kind") && t.kind != "native" && t.kind != "interpolated")
    map.fault("kind", "expected native or interpolated");
}

void read_layout(MapReader map, LayoutTechnology& layout) {
  map.number("cell_growth", layout.cell_growth, 1, 10, true);
  map.number("utilization", layout.utilization, 0.01, 1, true);
  map.text("source", layout.source);
  map.finish();
}

void read_text(const std::string& text, const std::string& name, bool may_have_base, Technology& t, Problems& problems);

/// The terms of another file, scaled; what this file has read already stays.
void read_base(MapReader& map, const std::string& name, Technology& t, Problems& problems) {
  Factors f;
  MapReader factors = map.map("factors", true);
  factors.number("area", f.area, 1e-6, 1e6, true);
  factors.number("energy", f.energy, 1e-6, 1e6, true);
  factors.number("leakage", f.leakage, 0, 1e6, true);
  factors.number("delay", f.delay, 1e-6, 1e6, true);
  factors.finish();
  MapReader spread = map.map("spread", true);
  spread.number("area", t.area_spread, 1, 1000, true);
  spread.number("energy", t.energy_spread, 1, 1000, true);
  spread.finish();
  if (map.has("units")) map.fault("units", "come from the base");
  map.know("units");
  if (!map.text("base", t.base)) return;
  std::string path, error, text;
  const std::string folder = fs::path(name).parent_path().string();
  if (!find_named_file(t.base, ".", folder.empty() ? "." : folder, name, path, error))
    return void(map.fault("base", error));
  if (!load_text_file(path, kLargestConfigFile, text, error)) return void(map.fault("base", path + " " + error));
  Technology base;
  base.area_spread = t.area_spread;
  base.energy_spread = t.energy_spread;
  read_text(text, path, false, base, problems);
  apply(f, base);
  t.units = std::move(base.units);
  if (!map.has("sram")) t.sram = std::move(base.sram);
  if (!map.has("layout")) t.layout = std::move(base.layout);
  if (!map.has("dram")) t.dram = std::move(base.dram);
  t.sha256 = sha256_hex(t.sha256 + base.sha256);
}

void read_text(const std::string& text, const std::string& name, bool may_have_base, Technology& t,
               Problems& problems) {
  YamlNode root;
  if (!parse_yaml(text, name, root, problems) || root.kind == YamlNode::Kind::kBroken) return;
  t.file = name;
  t.sha256 = sha256_hex(text);
  MapReader map(root, name, "", problems);
  if (!map.is_map()) return;
  read_header(map, t);
  if (map.has("layout")) read_layout(map.map("layout"), t.layout.emplace());
  if (map.has("sram")) read_sram(map.map("sram"), t.sram.emplace());
  read_dram(map.map("dram"), t.dram);
  const bool based = map.has("base");
  if (based && may_have_base) {
    read_base(map, name, t, problems);
  } else {
    for (const char* key : {"base", "factors", "spread"}) {
      if (map.has(key))
        map.fault(key, may_have_base ? "is for files with a base" : "a base cannot be based on another file");
      map.know(key);
    }
    read_units(map.map("units", true), t.units);
  }
  if (map.has("kind") && map.has("name") && (t.kind == "interpolated") != based && (t.kind == "native") == based)
    map.fault("kind", based ? "what has a base is interpolated" : "without a base it is native");
  map.finish();
}

}  // namespace

const UnitTechnology* Technology::find_unit(const std::string& unit_name) const {
  for (const UnitTechnology& unit : units)
    if (unit.name == unit_name) return &unit;
  return nullptr;
}

bool read_technology_text(const std::string& text, const std::string& name, Technology& out, Problems& problems) {
  const std::size_t before = problems.size();
  out = {};
  read_text(text, name, true, out, problems);
  return problems.size() == before;
}

bool read_technology_file(const std::string& path, Technology& out, Problems& problems) {
  std::string text, error;
  if (!load_text_file(path, kLargestConfigFile, text, error)) {
    problems.add({path, 0, 0}, "", error);
    return false;
  }
  return read_technology_text(text, path, out, problems);
}

const std::vector<std::string>& technology_keys() {
  static const std::vector<std::string> keys = {"node_nm", "voltage", "corner",  "kind",   "source", "date",
                                                "command", "tools",   "liberty", "layout", "units",  "sram",
                                                "dram",    "base",    "factors", "spread"};
  return keys;
}

}  // namespace lutetia
