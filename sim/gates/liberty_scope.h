// What the readers of the parts of a liberty file share: the tree, where faults go, units and templates of tables.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gates/cell_library.h"
#include "gates/liberty_tree.h"

namespace lutetia {

/// Factors from the units of a file to ours.
struct LibertyUnits {
  double ps = 1000, ff = 1000, nw = 1, volts = 1;  ///< liberty's defaults, as far as it has any
  /// Liberty has no unit for internal energy; it follows from that of capacitance and voltage.
  double fj() const { return ff * volts * volts; }
};

class LibertyScope {
 public:
  LibertyScope(const LibertyTree& tree, Problems& problems) : tree(tree), problems_(problems) {}

  const LibertyTree& tree;
  LibertyUnits units;
  /// lu_table_template and power_lut_template by name; a file uses the names of both kinds without overlap.
  std::map<std::string_view, const LibertyNode*> templates;

  /// In the units of the file, for what a cell or an input does not say itself.
  double default_leakage = 0, default_capacitance = 0;
  /// Rails at 0 V, as voltage_map has them.
  std::vector<std::string_view> grounds;

  /// A problem at a piece of the file. `path` as in "INVX1.A.capacitance".
  void fault(std::string_view at, const std::string& path, const std::string& message);
  /// The whole of `text` as a number.
  static std::optional<double> number(std::string_view text);
  /// Value of an attribute, nothing if it is not there, or no number (a problem).
  std::optional<double> number(const LibertyNode& group, std::string_view attribute, const std::string& path);
  /// True if the attribute is there and says true.
  bool is_true(const LibertyNode& group, std::string_view attribute) const;

 private:
  Problems& problems_;
  std::size_t faults_ = 0;
};

/// Reads time_unit, capacitive_load_unit, leakage_power_unit and voltage_unit of the library.
void read_units(LibertyScope& scope, const LibertyNode& library);

/// Kinds of tables: what their values are.
enum class LibertyQuantity { kTime, kEnergy };

/// A group such as cell_rise or rise_power; nothing, and a problem, if it makes no sense.
std::optional<CellTable> read_table(LibertyScope& scope, const LibertyNode& group, LibertyQuantity quantity,
                                    const std::string& path);

/// A group `cell (name) { ... }` with everything in it.
Cell read_cell(LibertyScope& scope, const LibertyNode& group);

}  // namespace lutetia
