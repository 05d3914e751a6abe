#include "gates/switching_json.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace lutetia {
namespace {

using Json = nlohmann::ordered_json;

/// Attojoules are precise enough, and short.
Json rounded(const std::vector<double>& values) {
  Json out = Json::array();
  for (const double value : values) out.push_back(std::round(value * 1000) / 1000);
  return out;
}

/// Quotes inside doubled, as in CSV.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string switching_json(const SwitchingRecord& record, const Netlist& netlist, const std::string& netlist_file,
                           const CellLibrary& library, const SwitchingEnergy& energy) {
  const std::size_t components = netlist.components.size();
  std::vector<double> area(components), leakage(components);
  std::vector<std::uint64_t> cells(components), flops(components);
  for (CellId cell = 0; cell < netlist.cells(); ++cell) {
    const std::uint32_t component = netlist.cell_components[cell];
    area[component] += netlist.type(cell).area_um2;
    leakage[component] += netlist.type(cell).leakage_nw;
    ++cells[component];
    if (netlist.type(cell).flop) ++flops[component];
  }
  Json json = {{"schema", kSwitchingSchema},
               {"unit", record.unit},
               {"parameters", Json(record.parameters)},
               {"workload", record.workload},
               {"netlist", netlist_file},
               {"library", library.name},
               {"voltage", library.voltage},
               {"wire_ff_per_um", record.loads.wire_ff_per_um},
               {"output_load_ff", record.loads.output_load_ff},
               {"input_slew_ps", std::round(energy.loads().input_slew_ps * 1000) / 1000},
               {"cycles", record.result.cycles},
               {"transfers", record.result.transfers()},
               {"equal_to_model", record.result.passed && record.result.transfers() > 0},
               {"components", netlist.components},
               {"area_um2", rounded(area)},
               {"leakage_nw", rounded(leakage)},
               {"cells", cells},
               {"flops", flops},
               {"events", record.events}};
  Json& rows = json["windows"] = Json::array();
  for (const SwitchingWindow& window : record.windows)
    rows.push_back({{"events", window.events},
                    {"combinational_fj", rounded(window.energy.combinational)},
                    {"register_fj", rounded(window.energy.registers)},
                    {"clock_fj", rounded(window.energy.clock)},
                    {"wire_fj", rounded(window.energy.wire)}});
  return json.dump() + "\n";
}

std::string switching_nets_csv(const SwitchingEnergy& energy, const Netlist& netlist) {
  std::string text = "net,driver_cell_type,component,toggles,energy_fj\n";
  for (NetId net = Netlist::kOne + 1; net < netlist.nets(); ++net) {
    const CellId driver = netlist.drivers[net];
    const bool port = driver == Netlist::kNoCell;
    text += fmt::format("{},{},{},{},{:.6g}\n", quoted(netlist.net_names[net]), port ? "" : netlist.type(driver).name,
                        quoted(port ? "" : netlist.components[netlist.cell_components[driver]]), energy.toggles(net),
                        energy.toggle_energy_fj(net));
  }
  return text;
}

}  // namespace lutetia
