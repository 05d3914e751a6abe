// Netlists that Yosys makes of real units with the OSU018 cells, quickly: no timing, no full adders.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "gates/liberty_reader.h"
#include "gates/netlist.h"

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

/// In a folder of its own, which disappears with the object.
struct YosysNetlist {
  YosysNetlist() {
    std::string name = (std::filesystem::temp_directory_path() / "lutetia-gates-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~YosysNetlist() { std::filesystem::remove_all(folder); }
  YosysNetlist(const YosysNetlist&) = delete;
  YosysNetlist& operator=(const YosysNetlist&) = delete;
  /// Files below rtl/, packages first.
  bool make(const std::vector<std::string>& files, const std::string& top,
            const std::map<std::string, std::uint64_t>& parameters);

  std::filesystem::path folder;
  CellLibrary library;
  Netlist netlist;
  Problems problems;
};

inline bool YosysNetlist::make(const std::vector<std::string>& files, const std::string& top,
                               const std::map<std::string, std::uint64_t>& parameters) {
  const std::string rtl = LUTETIA_SOURCE_DIR "/rtl/";
  std::string read = "read_verilog -sv -I" + rtl + "include", set = "chparam";
  for (const std::string& file : files) read += " " + rtl + file;
  for (const auto& [name, value] : parameters) set += " -set " + name + " " + std::to_string(value);
  std::ofstream(folder / "s.ys") << read << "\n"
                                 << set << " " << top << "\nhierarchy -check -top " << top << "\nrename -top " << top
                                 << "\nsynth -flatten -top " << top << "\ndfflibmap -liberty " << osu018()
                                 << "\nopt\nabc -liberty " << osu018() << "\nopt_clean -purge\nwrite_json "
                                 << (folder / "n.json").string() << "\n";
  return runs("yosys -q " + (folder / "s.ys").string()) && read_liberty(osu018(), library, problems) &&
         read_netlist((folder / "n.json").string(), library, netlist, problems);
}

}  // namespace lutetia::gates_test
