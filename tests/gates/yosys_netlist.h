// Netlists that Yosys makes of real units with the OSU018 cells, quickly: no timing, no full adders.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace lutetia::gates_test {

inline bool runs(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

inline std::string osu018() {
  const std::string debian = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";
  return std::filesystem::exists(debian) ? debian : LUTETIA_SOURCE_DIR "/build/osu018" + debian;
}

/// Why there can be no netlist here; empty if there can.
inline std::string missing_for_netlists() {
  if (!runs("yosys -V")) return "no yosys";
  if (!std::filesystem::exists(osu018())) return "no OSU018 cells; scripts/install-dependencies --liberty";
  return {};
}

/// Writes FOLDER/n.json; files below rtl/, packages first.
inline bool make_netlist(const std::vector<std::string>& files, const std::string& top,
                         const std::map<std::string, std::uint64_t>& parameters, const std::filesystem::path& folder) {
  const std::string rtl = LUTETIA_SOURCE_DIR "/rtl/";
  std::string read = "read_verilog -sv -I" + rtl + "include", set = "chparam";
  for (const std::string& file : files) read += " " + rtl + file;
  for (const auto& [name, value] : parameters) set += " -set " + name + " " + std::to_string(value);
  std::ofstream(folder / "s.ys") << read << "\n"
                                 << set << " " << top << "\nhierarchy -check -top " << top << "\nrename -top " << top
                                 << "\nsynth -flatten -top " << top << "\ndfflibmap -liberty " << osu018()
                                 << "\nopt\nabc -liberty " << osu018() << "\nopt_clean -purge\nwrite_json "
                                 << (folder / "n.json").string() << "\n";
  return runs("yosys -q " + (folder / "s.ys").string());
}

}  // namespace lutetia::gates_test
