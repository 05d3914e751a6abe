// A technology as its file in configs/technology describes it: what area and energy cost in one library, as terms over
// the RTL parameters of a unit. configs/technology/README.md defines the file.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/problem.h"

namespace lutetia {

/// A sum of coefficient x expression; expressions are those of config/expression.h over parameters and names.
struct CostTerm {
  std::string expression;
  double coefficient = 0;
};
using CostTerms = std::vector<CostTerm>;
/// By event: "cycle", the activity, a port.
using EventTerms = std::vector<std::pair<std::string, CostTerms>>;

struct ComponentTechnology {
  std::string name;
  CostTerms area_um2, leakage_nw;
  CostTerms clock_fj;                        ///< per cycle, all flip-flops clocked
  EventTerms combinational_fj, register_fj;  ///< per event, wires included
};

/// Relative errors of the fits: mean and worst over the points, and of points that were left out.
struct FitResiduals {
  double area_mean = 0, area_worst = 0, energy_mean = 0, energy_worst = 0;
  double held_out_area = 0, held_out_energy = 0, tile_energy = 0;
};

struct UnitTechnology {
  std::string name;
  std::string rtl_sha256;
  std::uint32_t points = 0;                        ///< syntheses that were fitted
  double least_period_ps = 0, most_period_ps = 0;  ///< clock periods reached; 0 = not known
  FitResiduals residuals;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> range;  ///< of the fitted points, by RTL parameter
  std::map<std::string, std::int64_t> fixed;                           ///< the only value that was synthesized
  std::set<std::string> ignored;                           ///< parameters that change neither area nor energy
  double glitches = 1;                                     ///< combinational energy with glitches over without
  double wires = 1;                                        ///< energy with estimated wires over without
  std::vector<std::pair<std::string, std::string>> names;  ///< abbreviations: later ones may use earlier ones
  std::vector<ComponentTechnology> components;
};

/// One SRAM macro, over the names words, width and bits (= words x width).
struct SramTechnology {
  std::string source, kind;
  CostTerms area_um2, read_fj, write_fj, leakage_nw;
  double error = 0, area_error = 0;                   ///< relative, both ways
  double area_spread = 1, energy_spread = 1;          ///< factors both ways, of scaled figures
  std::uint32_t least_words = 64, most_words = 2048;  ///< of a macro; larger buffers have more of them
  std::uint32_t least_width = 8, most_width = 64;     ///< bits
};

struct DramTechnology {
  double pj_per_bit = 0, low = 0, high = 0;
  std::string source;
};

struct LayoutTechnology {
  double cell_growth = 1;  ///< cell area after place and route over before
  double utilization = 1;  ///< cell area over core area
  std::string source;
};

struct Technology {
  std::string name, corner, kind, source, date, command;
  double node_nm = 0, voltage = 0;
  std::map<std::string, std::string> tools;
  std::string liberty_file, liberty_sha256;
  std::string base;                           ///< interpolated: the name of the file whose terms were scaled
  double area_spread = 1, energy_spread = 1;  ///< factors both ways, of interpolated figures
  std::optional<LayoutTechnology> layout;
  std::vector<UnitTechnology> units;
  std::optional<SramTechnology> sram;
  std::map<std::string, DramTechnology> dram;  ///< by standard; "fixed" is a memory of one bandwidth
  std::string file, sha256;                    ///< of the file and, if it has one, of its base

  const UnitTechnology* find_unit(const std::string& unit_name) const;
};

/// Reads a file, and the one that it is based on. Problems are located; true if there are none.
bool read_technology_file(const std::string& path, Technology& out, Problems& problems);
/// `name` stands for the file, and tells where a base lies.
bool read_technology_text(const std::string& text, const std::string& name, Technology& out, Problems& problems);

/// Keys of a file, to recognise one.
const std::vector<std::string>& technology_keys();

}  // namespace lutetia
