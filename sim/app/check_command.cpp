// lutetia check: reads files and says what is wrong with them, all of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>

#include "app/check_packing.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/inputs.h"
#include "app/standards.h"
#include "base/nearest.h"
#include "config/read.h"
#include "config/text_file.h"
#include "memory/fixed_memory.h"
#include "report/human.h"
#include "workload/trace_reader.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Reads designs, memory files, DRAM standards, technologies, models, dataflow graphs, operator traces and traces "
    "of\n"
    "requests, and prints every problem found in them. What a YAML file is, is told by its keys. Nothing is changed.\n"
    "With --packing NAME --rows N --columns K: reads FILE as a matrix of packed weights of bitnet.cpp, GGUF or T-MAC "
    "and\n"
    "reports every illegal code with its byte, row and column.\n";

std::string design_figures(const Design& d) {
  const auto core = matrix_core_shape(d);
  const std::string text = core ? fmt::format("{} {} x {}", core->unit, core->rows, core->lanes) : "no matrix core";
  return fmt::format("design {}: {}, {} vector lanes, {} at {}Hz", d.name, text, d.vector.lanes,
                     human_rate(peak_bandwidth(d.memory)), human_count(static_cast<double>(d.clock.value)));
}

/// What a good file is; empty if there are problems.
std::string check_trace(const std::string& file, Problems& problems) {
  Trace trace;
  if (!read_trace_file(file, trace, problems)) return "";
  return fmt::format("trace of {}: {} operators, {} MACs", trace.header.model, trace.operators.size(),
                     human_count(static_cast<double>(total_macs(trace))));
}

std::string check_requests(const std::string& file, Problems& problems) {
  RequestTraceTotals totals;
  if (!check_requests_file(file, UINT64_MAX, totals, problems)) return "";
  return fmt::format("{} requests: {} read, {} written", grouped(totals.requests),
                     human_bytes(static_cast<double>(totals.bytes_read)),
                     human_bytes(static_cast<double>(totals.bytes_written)));
}

std::string check_graph(const std::string& file, Problems& problems) {
  dataflow::LoadedGraph loaded;
  if (!dataflow::read_graph_file(file, {}, loaded, problems)) return "";
  std::uint64_t firings = 0;
  for (const dataflow::Node& node : loaded.graph.nodes) firings += node.firings;
  return fmt::format("graph {}: {} nodes, {} FIFOs, {} firings", loaded.graph.name, loaded.graph.nodes.size(),
                     loaded.graph.channels.size(), human_count(static_cast<double>(firings)));
}

std::string check_technology(const std::string& file, Problems& problems) {
  Technology t;
  if (!read_technology_file(file, t, problems)) return "";
  std::vector<std::string> units;
  for (const UnitTechnology& unit : t.units) units.push_back(unit.name);
  return fmt::format("technology {}: {:g} nm, {}, units {}", t.name, t.node_nm, t.kind, joined(units));
}

std::string check_yaml(const std::string& file, Problems& problems) {
  std::string text, error;
  if (!load_text_file(file, kLargestConfigFile, text, error)) return problems.add({file, 0, 0}, "", error), "";
  const std::size_t design = known_keys(text, prototype_of<Design>().keys());
  const std::size_t model = known_keys(text, prototype_of<ModelConfig>().keys());
  const std::size_t memory = known_keys(text, prototype_of<MemoryConfig>().keys());
  const std::size_t standard = known_keys(text, prototype_of<DramStandard>().keys());
  const std::size_t graph = known_keys(text, prototype_of<dataflow::GraphConfig>().keys());
  const std::size_t technology = known_keys(text, technology_keys());
  if (technology > std::max({design, model, memory, standard, graph})) return check_technology(file, problems);
  if (graph > design && graph > model && graph > memory && graph > standard) return check_graph(file, problems);
  if (standard > design && standard > model && standard > memory) return check_standard(file, problems);
  if (model > design && model > memory) {
    ModelConfig config;
    if (!read_yaml_file(file, config, problems)) return "";
    return fmt::format("model {}: {} layers, {} parameters", config.name, config.layers,
                       human_count(static_cast<double>(parameter_count(config))));
  }
  if (memory > design) {
    MemoryConfig config;
    if (!load_memory(file, config, problems)) return "";
    return fmt::format("memory: {}, {}", memory_text(config), human_rate(peak_bandwidth(config)));
  }
  LoadedDesign loaded;
  return load_design(file, {}, loaded, problems) ? design_figures(loaded.design) : "";
}

}  // namespace

int check_command(const Arguments& arguments) {
  CommandLine line("check", "FILE...", 1, CommandLine::kAnyNumber);
  packing_options(line);
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "check");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  if (has_packing_options(line)) return check_packing(line);
  for (const std::string& file : line.arguments()) {
    const std::size_t before = problems.size();
    const std::string figures = is_trace_file(file)      ? check_trace(file, problems)
                                : is_requests_file(file) ? check_requests(file, problems)
                                                         : check_yaml(file, problems);
    if (problems.size() == before) std::cout << file << ": ok (" << figures << ")\n";
  }
  return problems.empty() ? kExitDone : user_error(problems);
}

}  // namespace lutetia
