// lutetia switching: the switching energy of a unit's mapped netlist.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "app/command.h"
#include "app/command_line.h"
#include "gates/driven_run.h"
#include "gates/liberty_reader.h"
#include "gates/switching_run.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Runs recorded operands (of lutetia record), or a random program, through the gates of a unit and through its "
    "cycle\n"
    "model at once. A difference is exit status 1; otherwise the energy of what switched is written, by window of\n"
    "cycles, instance and kind, with what happened in each window. The netlist is Yosys' write_json of the flattened\n"
    "unit, mapped to the cells of the liberty file. For a random program name the unit and parameters that the "
    "netlist\n"
    "does not tell: lutetia switching --random lut_core Rows=1 Lanes=4 --netlist ...\n"
    "A block without streams is driven by a file: a heading \"# PORT:BITS ...\", then a line of hexadecimal values per "
    "cycle.\n";

/// A number of at least 0; nothing, and a problem, if it is something else.
std::optional<double> real(const CommandLine& line, const std::string& name, Problems& problems) {
  if (!line.has(name)) return std::nullopt;
  const std::string text = line.text(name);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= 0 && value < 1e9) return value;
  problems.add({"--" + name, 0, 0}, "", "expected a number of at least 0, got " + text);
  return std::nullopt;
}

RtlParameters parameters_of(const std::vector<std::string>& arguments, Problems& problems) {
  RtlParameters parameters;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    std::uint64_t value = 0;
    const char* begin = argument.data() + (equals == std::string::npos ? argument.size() : equals + 1);
    const char* end = argument.data() + argument.size();
    const auto [read, error] = std::from_chars(begin, end, value);
    if (equals == std::string::npos || equals == 0 || error != std::errc() || read != end)
      problems.add({argument, 0, 0}, "", "expected Parameter=Value");
    else
      parameters[argument.substr(0, equals)] = value;
  }
  return parameters;
}

/// All or nothing.
bool write(const std::string& path, const std::string& text, Problems& problems) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary);
  out << text;
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(part, path, code);
  if (out && !code) return true;
  std::filesystem::remove(part, code);
  problems.add({path, 0, 0}, "", "cannot be written");
  return false;
}

}  // namespace

int switching_command(const Arguments& arguments) {
  CommandLine line("switching", "[OPERANDS.json | Parameter=Value...]", 0, CommandLine::kAnyNumber);
  line.option("random", "UNIT", "a random program for this unit instead of recorded operands");
  line.option("drive", "FILE.hex", "ports of a block without streams, cycle by cycle, instead of operands");
  line.option("transfers", "N", "of a random program, at least (default 2000)");
  line.option("seed", "N", "of a random program (default 1)");
  line.option("repeat", "N", "recorded operands so many times in a row (default 1)");
  line.option("netlist", "FILE.json", "the unit's gates");
  line.option("liberty", "FILE.lib", "their cells");
  line.option("wire-ff-per-um", "X", "capacitance of wires (default 0: no wires)");
  line.option("output-load-ff", "X", "on every output port (default 0)");
  line.option("input-slew-ps", "X", "of input ports and clock (default: of a small buffer that drives four like it)");
  line.option("window", "N", "cycles per window (default 64)");
  line.option("out", "FILE.json", "energies");
  line.option("nets", "FILE.csv", "toggles and energy of every net");
  line.option("vectors", "FILE.hex", "input ports of every cycle, for a Verilog test bench");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "switching");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;

  GateLevelUnit::Options options;
  const bool random = line.has("random"), driven = line.has("drive");
  const std::uint64_t transfers = line.number("transfers", 1, UINT64_MAX, problems).value_or(2000);
  const std::uint64_t seed = line.number("seed", 0, UINT64_MAX, problems).value_or(1);
  const std::uint64_t repeat = line.number("repeat", 1, 1'000'000, problems).value_or(1);
  options.window = line.number("window", 1, UINT64_MAX, problems).value_or(options.window);
  options.loads.wire_ff_per_um = real(line, "wire-ff-per-um", problems).value_or(0);
  options.loads.output_load_ff = real(line, "output-load-ff", problems).value_or(0);
  options.loads.input_slew_ps = real(line, "input-slew-ps", problems);
  options.record_vectors = line.has("vectors");
  for (const char* name : {"netlist", "liberty"})
    if (!line.has(name)) problems.add({std::string("--") + name, 0, 0}, "", "missing");
  RtlParameters parameters;
  if (random && driven) problems.add({"--drive", 0, 0}, "", "does not go with --random");
  if (random)
    parameters = parameters_of(line.arguments(), problems);
  else if (line.arguments().size() != (driven ? 0 : 1))
    problems.add({"lutetia switching", 0, 0}, "",
                 driven ? "operands do not go with --drive"
                        : "expected one file of recorded operands, --random UNIT or --drive FILE");
  for (const char* name : {"transfers", "seed"})
    if (!random && line.has(name)) problems.add({std::string("--") + name, 0, 0}, "", "only goes with --random");
  if ((random || driven) && line.has("repeat"))
    problems.add({"--repeat", 0, 0}, "", "only goes with recorded operands");
  if (!problems.empty()) return user_error(problems, "switching");

  CellLibrary library;
  Netlist netlist;
  SwitchingTask task;
  SwitchingResult result;
  const std::string file = line.text("netlist");
  if (!read_liberty(line.text("liberty"), library, problems) || !read_netlist(file, library, netlist, problems))
    return user_error(problems, "switching");
  NetlistVectors vectors;
  if (driven) {
    read_netlist_vectors(line.text("drive"), netlist, vectors, problems);
  } else if (random) {
    random_task(line.text("random"), parameters, seed, transfers, netlist, task, problems);
  } else {
    RecordedOperands operands;
    const std::string& recording = line.arguments()[0];
    if (read_recorded_operands(recording, operands, problems))
      recorded_task(operands, recording, netlist, repeat, task, problems);
  }
  if (!problems.empty()) return user_error(problems, "switching");
  const std::string unit = driven ? netlist.top : task.unit;
  const std::string file_name = std::filesystem::path(file).filename().string();
  if (driven)
    run_driven(vectors, std::filesystem::path(line.text("drive")).filename().string(), netlist, file_name, library,
               options, result);
  else if (!run_switching(std::move(task), netlist, file_name, library, options, result, problems))
    return user_error(problems, "switching");
  if (line.has("vectors")) write(line.text("vectors"), result.vectors, problems);
  if (!result.bench.passed) {
    std::cerr << "the netlist " << file << " differs from " << (driven ? line.text("drive") : "the model of " + unit)
              << "\n"
              << result.bench.failure;
    return kExitFailed;
  }
  if (line.has("out")) write(line.text("out"), result.json, problems);
  if (line.has("nets")) write(line.text("nets"), result.nets, problems);
  if (!problems.empty()) return user_error(problems, "switching");
  const std::uint64_t compared = result.bench.transfers();
  std::cout << fmt::format(
      "{}: {} cells, {} {} in {} cycles, {}\n{:.4g} pJ per cycle at {} V, "
      "{:.1f} % of it clock\n{:.0f} cycles/s, {:.1f} M gates/s\n",
      unit, netlist.cells(), compared, driven ? "outputs" : "transfers", result.bench.cycles,
      compared > 0 ? "all as expected" : "so nothing was compared", result.pj_per_cycle, library.voltage,
      100 * result.clock_share, result.cycles_per_second, result.evaluations_per_second / 1e6);
  return kExitDone;
}

}  // namespace lutetia
