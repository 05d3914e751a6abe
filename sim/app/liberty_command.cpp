// lutetia liberty: what a library of standard cells is, and what synthesis needs of it.
#include <fmt/format.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "app/command.h"
#include "app/command_line.h"
#include "base/nearest.h"
#include "gates/cell_kinds.h"
#include "gates/liberty_copy.h"
#include "gates/liberty_reader.h"
#include "report/new_file.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Reads a liberty file (plain text), prints every problem found in it, and what it holds: flip-flops, cells that "
    "are\n"
    "not used and why, the smallest 2-input NAND and full adder, both told by their functions.\n"
    "--usable writes a copy without the cells marked dont_use, --cells a JSON of what synthesis asks about each "
    "cell.\n";

std::string smallest(const CellLibrary& library, bool (*wanted)(const Cell&)) {
  const Cell* best = nullptr;
  for (const auto& [name, cell] : library.cells)
    if (is_usable(cell) && wanted(cell) && (best == nullptr || cell.area_um2 < best->area_um2)) best = &cell;
  return best == nullptr ? "none" : fmt::format("{}, {:g} um2", best->name, best->area_um2);
}

bool is_full_adder(const Cell& cell) {
  return full_adder(cell).has_value();
}

void print(const std::string& file, const CellLibrary& library) {
  std::vector<std::string> flops;
  std::map<std::string, std::vector<std::string>> unused;
  for (const auto& [name, cell] : library.cells) {
    if (is_usable(cell) && cell.flop) flops.push_back(cell.flop->clear || cell.flop->preset ? name + " (reset)" : name);
    if (!is_usable(cell)) unused[cell.dont_use ? "dont_use" : cell.obstacle].push_back(name);
  }
  std::cout << fmt::format("{}: ok (liberty {}: {} cells, {:g} V)\n", file, library.name, library.cells.size(),
                           library.voltage)
            << fmt::format("  flip-flops   {}\n", joined(flops))
            << fmt::format("  2-input NAND {}\n", smallest(library, is_nand2))
            << fmt::format("  full adder   {}\n", smallest(library, is_full_adder));
  for (const auto& [why, names] : unused) std::cout << fmt::format("  not used     {}: {}\n", why, joined(names));
}

nlohmann::ordered_json describe(const Cell& cell) {
  nlohmann::ordered_json out = {
      {"area", cell.area_um2},         {"leakage_nw", cell.leakage_nw},
      {"flop", cell.flop.has_value()}, {"reset", cell.flop && (cell.flop->clear || cell.flop->preset)},
      {"dont_use", cell.dont_use},     {"obstacle", cell.obstacle},
      {"nand2", is_nand2(cell)},       {"full_adder", nullptr}};
  if (const auto adder = full_adder(cell)) {
    const auto name = [&](std::int32_t pin) { return cell.pins[static_cast<std::size_t>(pin)].name; };
    out["full_adder"] = {{"a", name(adder->a)},
                         {"b", name(adder->b)},
                         {"c", name(adder->c)},
                         {"sum", name(adder->sum)},
                         {"carry", name(adder->carry)},
                         {"sum_inverted", adder->sum_inverted},
                         {"carry_inverted", adder->carry_inverted}};
  }
  return out;
}

/// Both files or, if anything goes wrong before the first is in its place, neither.
bool write(const CommandLine& line, const LibertyTree& tree, const CellLibrary& library, Problems& problems) {
  NewFile usable, cells;
  if (line.has("usable") && usable.open(line.text("usable"), problems)) {
    std::set<std::string, std::less<>> unused;
    for (const auto& [name, cell] : library.cells)
      if (cell.dont_use) unused.insert(name);
    usable.stream() << without_cells(tree, unused);
  }
  if (line.has("cells") && cells.open(line.text("cells"), problems)) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    for (const auto& [name, cell] : library.cells) out[name] = describe(cell);
    cells.stream() << out.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
  }
  if (!problems.empty()) return false;
  if (usable.is_open() && !usable.commit(problems)) return false;
  return !cells.is_open() || cells.commit(problems);
}

}  // namespace

int liberty_command(const Arguments& arguments) {
  CommandLine line("liberty", "FILE", 1, 1);
  line.option("usable", "OUT.lib", "write a copy without the cells marked dont_use");
  line.option("cells", "OUT.json", "write area, leakage, kind of every cell");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "liberty");
  if (line.wants_help()) {
    std::cout << line.help(kText);
    return kExitDone;
  }
  const std::string& file = line.arguments()[0];
  LibertyTree tree;
  CellLibrary library;
  if (!load_liberty_tree(file, tree, problems) || !read_liberty_tree(tree, library, problems))
    return user_error(problems);
  if (!write(line, tree, library, problems)) return user_error(problems);
  print(file, library);
  return kExitDone;
}

}  // namespace lutetia
