// lutetia help: what may be written where. Configuration keys come from the same describe() that reads them.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <optional>
#include <system_error>

#include "accelerator/design.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/standards.h"
#include "base/nearest.h"
#include "config/help.h"
#include "config/read.h"
#include "config/value.h"
#include "cosim/rtl_registry.h"
#include "dataflow/functions.h"
#include "dataflow/graph_config.h"
#include "numeric/number_format.h"
#include "numeric/packing/weight_packing.h"
#include "report/human.h"
#include "report/text_table.h"
#include "workload/model.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Topics:\n"
    "  config [PATH]   keys of a design (lut_core, memory.fixed.bandwidth, ...), of a model (model, model.formats, "
    "...)\n"
    "                  and of a dataflow graph (graph, graph.nodes, ...)\n"
    "  functions       what nodes of a dataflow graph can compute\n"
    "  units           compute units: what they do, and which RTL this build has\n"
    "  formats         number formats; packings of weight files\n"
    "  models          models in workloads/models\n"
    "  objectives      what a search may optimise\n"
    "  standards       DRAM standards in configs/dram, their devices and speeds\n";

/// Every heading one level deeper.
std::string deeper(const std::string& markdown) {
  std::string out;
  bool line_begins = true;
  for (const char c : markdown) {
    if (line_begins && c == '#') out += '#';
    line_begins = c == '\n';
    out += c;
  }
  return out;
}

std::string markdown() {
  return "# Configuration reference\n\n"
         "Written by `lutetia help config --markdown > configs/README.md`; a test keeps it up to date.\n\n"
         "A quantity is a number with its unit: `64KiB`, `1.2GHz`, `51.2GB/s`, `100ns`. Where a group is expected, a "
         "text names\n"
         "a file: `memory: lpddr5-6400-x64` is `configs/memory/lpddr5-6400-x64.yaml`, a text that ends in `.yaml` is a "
         "path\n"
         "beside the file that says so. `--set path=value` overrides any key of a design, `--set-model` of a "
         "model;\nof a graph, `--set NAME=value` a parameter.\n\n" +
         deeper(markdown_reference<Design>("Designs: `configs/designs/*.yaml`")) + "\n" +
         deeper(markdown_reference<MemoryConfig>("Memories: `configs/memory/*.yaml`")) + "\n" +
         deeper(markdown_reference<ModelConfig>("Models: `workloads/models/*.yaml`")) + "\n" +
         deeper(markdown_reference<dataflow::GraphConfig>("Dataflow graphs: `configs/dataflow/*.yaml`"));
}

int help_config(const std::string& path, bool as_markdown) {
  if (as_markdown) return std::cout << markdown(), kExitDone;
  Problems problems;
  if (path.empty()) {
    std::cout << "design: configs/designs/*.yaml; memory files hold the keys below memory\n"
              << help_text<Design>() << "\nmodel: workloads/models/*.yaml\n"
              << help_text<ModelConfig>() << "\ngraph: configs/dataflow/*.yaml\n"
              << help_text<dataflow::GraphConfig>();
    return kExitDone;
  }
  // Below the word that tells the kind of file; a design has none.
  const auto below = [&](const std::string& kind) -> std::optional<std::string> {
    if (path == kind) return "";
    return path.rfind(kind + ".", 0) == 0 ? std::optional<std::string>(path.substr(kind.size() + 1)) : std::nullopt;
  };
  const auto model = below("model"), graph = below("graph");
  Problems found;
  const std::string text = model   ? help_text<ModelConfig>(*model, &found)
                           : graph ? help_text<dataflow::GraphConfig>(*graph, &found)
                                   : help_text<Design>(path, &found);
  const std::string prefix = model ? "model." : graph ? "graph." : "";
  for (const Problem& p : found.items())
    problems.add({"lutetia help", 0, 0}, prefix + p.path,
                 p.message + (prefix.empty() ? "; keys of models begin with model., of graphs with graph." : ""));
  if (!problems.empty()) return user_error(problems);
  std::cout << text;
  return kExitDone;
}

void help_units() {
  const std::pair<const char*, const char*> with_rtl[] = {
      {"lut_core", "LUT tensor core: products with 1..4-bit and ternary weights, by table lookup"},
      {"adder_core", "bit-serial adders, a baseline: the same products without tables"},
      {"mac_core", "multiply-accumulate array, a baseline: products with weights of up to 8 bits"},
      {"weight_decoder", "in front of lut_core: packed ternary weights (i2_s, tl2, tq1_0) become its bit planes"},
      {"attention", "streaming attention: scores, softmax and weighted values in one pass over the keys"}};
  for (const auto& [unit, text] : with_rtl) {
    std::cout << fmt::format("{:<14} {}.\n", unit, text)
              << fmt::format("{:<14} Bodies: transaction, cycle, rtl. Keys: lutetia help config {}\n", "", unit)
              << fmt::format("{:<14} RTL in this build:\n", "");
    for (const RtlVariant* variant : rtl_variants(unit))
      std::cout << fmt::format("{:<14}   {}: {}\n", "", variant->name, to_text(variant->parameters));
  }
  std::cout
      << "vector         vector unit: norms, activations, everything else a layer does; attention without an attention "
         "unit.\n"
         "               Bodies: transaction. RTL: none. Keys: lutetia help config vector\n"
         "A design has at most one of lut_core, adder_core and mac_core, and a weight_decoder only with lut_core.\n";
}

void help_packings() {
  TextTable table("lrllll"), tiles("ll");
  table.add({"packing", "bits", "block", "scales", "illegal", "source"});
  std::string names, last;
  const auto add_tile = [&] {
    if (!last.empty()) tiles.add({names, last});
  };
  for (const PackingInfo& info : weight_packings()) {
    table.add({std::string(info.name), fmt::format("{:.4g}", info.bits), std::string(info.block),
               std::string(info.scales), std::string(info.illegal), std::string(info.source)});
    const std::unique_ptr<WeightPacking> packing = create_packing(info.name);
    std::string tile;
    for (const PackingParameter& p : packing->parameters())
      tile += fmt::format("{}{}={} ({})", tile.empty() ? "" : ", ", p.name, *p.value, p.meaning);
    if (tile != last) add_tile(), names.clear();
    last = tile;
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  add_tile();
  std::cout
      << "Packings of weight files, bits with scales: lutetia check FILE --packing NAME --rows N --columns K\n"
      << table.text("")
      << "Their tiles, --tile NAME=NUMBER; for shapes of its models, those of bitnet.cpp are taken by themselves:\n"
      << tiles.text("");
}

void help_formats() {
  TextTable table("lrll");
  table.add({"format", "bits", "kind", "source"});
  for (const NumberFormat& f : number_formats()) {
    const std::string kind = f.kind == NumberKind::kOffsetCode ? fmt::format("code - {}, {} codes", f.zero, f.codes)
                             : f.kind == NumberKind::kTwosComplement
                                 ? "two's complement"
                                 : fmt::format("float, {} exponent and {} mantissa bits", f.exponent, f.mantissa);
    const double bits = static_cast<double>(f.storage_bits) / f.storage_elements;
    table.add({std::string(f.name), fmt::format("{:g}", bits), kind, std::string(f.source)});
  }
  std::cout << table.text("") << "\n";
  help_packings();
}

void help_functions() {
  TextTable table("llrl");
  table.add({"function", "of", "operands", "result"});
  for (const dataflow::ValueFunction& f : dataflow::value_functions())
    table.add({f.name, f.use == dataflow::ValueFunction::Use::kMap ? "map, zip" : "reduce, scan, matmul",
               f.least == f.most ? std::to_string(f.least) : fmt::format("{}..{}", f.least, f.most), f.text});
  std::cout
      << "Operands a, b in the order of the channels; vectors of one length element by element, with scalars for all.\n"
         "s is kept from firing to firing of a row.\n"
      << table.text("");
}

int help_models() {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (std::filesystem::directory_iterator it("workloads/models", code), end; !code && it != end; it.increment(code))
    if (it->path().extension() == ".yaml") files.push_back(it->path());
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    std::cout << "no models in workloads/models of the current folder\n";
    return kExitDone;
  }
  TextTable table("lrrrl");
  table.add({"model", "layers", "hidden", "parameters", "weights"});
  Problems problems;
  for (const auto& file : files) {
    ModelConfig model;
    if (!read_yaml_file(file.string(), model, problems)) continue;
    table.add({file.stem().string(), std::to_string(model.layers), std::to_string(model.hidden),
               human_count(static_cast<double>(parameter_count(model))),
               std::string(number_format(model.formats.weight).name)});
  }
  std::cout << table.text("");
  return problems.empty() ? kExitDone : user_error(problems);
}

}  // namespace

int help_command(const Arguments& arguments) {
  CommandLine line("help", "[TOPIC [PATH]]", 0, 2);
  line.flag("markdown", "config: everything, as it stands in configs/README.md");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "help");
  if (line.wants_help() || line.arguments().empty()) return std::cout << line.help(kText), kExitDone;
  const std::string& topic = line.arguments()[0];
  const bool has_path = line.arguments().size() > 1;
  if (topic != "config" && has_path) problems.add({"lutetia help", 0, 0}, "", "only config takes a PATH");
  if (topic != "config" && line.has("markdown")) problems.add({"--markdown", 0, 0}, "", "goes with the topic config");
  if (!problems.empty()) return user_error(problems, "help");
  if (topic == "config") return help_config(has_path ? line.arguments()[1] : "", line.has("markdown"));
  if (topic == "units") return help_units(), kExitDone;
  if (topic == "formats") return help_formats(), kExitDone;
  if (topic == "functions") return help_functions(), kExitDone;
  if (topic == "models") return help_models();
  if (topic == "objectives") {
    std::cout << "None yet: there is no search over designs. This command will list its objectives once there is.\n";
    return kExitDone;
  }
  if (topic == "standards") return help_standards();
  const std::vector<std::string> topics = {"config", "units",      "formats",  "functions",
                                           "models", "objectives", "standards"};
  problems.add(
      {"lutetia help", 0, 0}, "",
      "unknown topic " + quoted_for_message(topic) + did_you_mean(topic, topics) + "; topics are " + joined(topics));
  return user_error(problems);
}

}  // namespace lutetia
