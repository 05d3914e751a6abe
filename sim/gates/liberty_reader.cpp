#include "gates/liberty_reader.h"

#include <algorithm>
#include <utility>

#include "config/text_file.h"
#include "config/value.h"
#include "gates/cell_kinds.h"
#include "gates/liberty_scope.h"

namespace lutetia {
namespace {

class LibraryReader {
 public:
  LibraryReader(const LibertyTree& tree, Problems& problems) : tree_(tree), scope_(tree, problems) {}

  void read() {
    const LibertyNode* library = nullptr;
    for (const LibertyNode& node : tree_.top()) {
      if (node.name == "library" && node.kind == LibertyNode::Kind::kGroup && library == nullptr) {
        library = &node;
      } else {
        scope_.fault(node.name, "", "expected one library (name) { ... } and nothing beside it");
      }
    }
    if (library == nullptr) {
      const std::string_view begin = std::string_view(tree_.source()).substr(0, 0);
      scope_.fault(begin, "", "no library (name) { ... } in this file");
      return;
    }
    out_.name = std::string(tree_.word(*library));
    read_header(*library);
    for (const LibertyNode& node : tree_.children(*library))
      if (node.name == "cell" && node.kind == LibertyNode::Kind::kGroup) add_cell(node);
    check(*library);
  }

  CellLibrary take() { return std::move(out_); }

 private:
  void read_header(const LibertyNode& library) {
    read_units(scope_, library);
    scope_.default_leakage = scope_.number(library, "default_cell_leakage_power", "").value_or(0);
    scope_.default_capacitance = scope_.number(library, "default_input_pin_cap", "").value_or(0);
    for (const LibertyNode& node : tree_.children(library)) {
      if (node.name == "lu_table_template" || node.name == "power_lut_template") {
        scope_.templates.emplace(tree_.word(node), &node);
      } else if (node.name == "voltage_map" && LibertyScope::number(tree_.word(node, 1)) == 0.0) {
        scope_.grounds.push_back(tree_.word(node));
      } else if (node.name == "include_file") {
        scope_.fault(node.name, "", "include_file is not supported: put the text here");
      }
    }
    read_voltage(library);
  }

  void read_voltage(const LibertyNode& library) {
    auto volts = scope_.number(library, "nom_voltage", "");
    const bool given = tree_.find(library, "nom_voltage") != nullptr;
    const LibertyNode* conditions = tree_.find(library, "operating_conditions");
    if (!given && conditions != nullptr) volts = scope_.number(*conditions, "voltage", "operating_conditions");
    if (volts && *volts > 0) {
      out_.voltage = *volts * scope_.units.volts;
    } else if (volts || !given) {
      scope_.fault(library.name, "nom_voltage",
                   volts ? "must be above 0" : "is missing, and so are operating_conditions");
    }
  }

  void add_cell(const LibertyNode& node) {
    if (tree_.word(node).empty()) {
      scope_.fault(node.name, "", "cell has no name");
      return;
    }
    Cell cell = read_cell(scope_, node);
    const auto [place, added] = out_.cells.emplace(cell.name, std::move(cell));
    if (!added) scope_.fault(node.name, place->first, "there are two cells of this name");
  }

  void check(const LibertyNode& library) {
    const auto usable = [](const auto& item) { return is_usable(item.second); };
    const auto usable_flop = [&](const auto& item) { return usable(item) && item.second.flop; };
    if (std::none_of(out_.cells.begin(), out_.cells.end(), usable)) {
      scope_.fault(library.name, out_.name, "library has no cell that a netlist can use");
    } else if (std::none_of(out_.cells.begin(), out_.cells.end(), usable_flop)) {
      scope_.fault(library.name, out_.name, "library has no flip-flop that a netlist can use");
    }
  }

  const LibertyTree& tree_;
  LibertyScope scope_;
  CellLibrary out_;
};

}  // namespace

bool load_liberty_tree(const std::string& path, LibertyTree& out, Problems& problems) {
  std::string text, error;
  if (!load_text_file(path, kLargestLibertyFile, text, error)) return problems.add({path, 0, 0}, "", error), false;
  const std::string_view begin = std::string_view(text).substr(0, 4);
  if (begin.substr(0, 2) == "\x1f\x8b" || begin ==
                                              "\xfd"
                                              "7zX") {
    problems.add({path, 0, 0}, "", "is compressed: unpack it first");
    return false;
  }
  return out.parse(std::move(text), path, problems);
}

bool read_liberty_tree(const LibertyTree& tree, CellLibrary& out, Problems& problems) {
  const std::size_t before = problems.size();
  LibraryReader reader(tree, problems);
  reader.read();
  if (problems.size() != before) return false;
  out = reader.take();
  return true;
}

bool read_liberty(const std::string& path, CellLibrary& out, Problems& problems) {
  LibertyTree tree;
  return load_liberty_tree(path, tree, problems) && read_liberty_tree(tree, out, problems);
}

}  // namespace lutetia
