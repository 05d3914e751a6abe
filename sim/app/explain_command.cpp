// lutetia explain: what a design is as a machine, before anything runs on it.
#include <fmt/format.h>

#include <cmath>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "accelerator/matrix_core_rtl.h"
#include "accelerator/priced_design.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/inputs.h"
#include "config/leaves.h"
#include "cosim/rtl_registry.h"
#include "mapping/mapper.h"
#include "report/cost_text.h"
#include "report/human.h"

namespace lutetia {
namespace {

constexpr const char* kText =
    "Prints the machine of DESIGN as a tree: its blocks with all parameters, and what follows from them: peak rates,\n"
    "tiles that fit the buffers, ridge points, and the RTL that is the evidence of its timing.\n";

/// A line of the tree: "|- " in front, and "|  " for what is below.
class Tree {
 public:
  explicit Tree(std::ostream& out) : out_(out) {}
  void block(const std::string& text) { out_ << "|- " << text << "\n"; }
  void fact(const std::string& text) { out_ << "|    " << text << "\n"; }

 private:
  std::ostream& out_;
};

/// "rows 4, lanes 128, ...": the leaves of a described struct.
template <class Config>
std::string parameters(const Config& config) {
  std::string out;
  for_each_leaf(schema_of_const(config), [&](const std::string& path, const Field& leaf) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", path, leaf.text());
  });
  return out;
}

std::string rtl_evidence(const std::string& unit, const RtlParameters& wanted) {
  if (const RtlVariant* variant = find_rtl_variant(unit, wanted))
    return fmt::format("RTL: verilated with exactly these parameters as variant {}; --fidelity rtl runs it",
                       variant->name);
  return "RTL: none with these parameters in this build (" + to_text(wanted) + ")";
}

std::string tile_text(const MachineShape& shape, const MatrixCoreShape& core, std::uint32_t planes) {
  constexpr std::uint64_t kK = 4096;  // of an example: the inner width of a 7B model
  Product product;
  product.m = 65536;
  product.n = 65536;
  product.k = kK;
  product.weight_bytes = planes * core.weight_bits / 8.0;
  product.activation_bytes = (core.float_format != nullptr ? core.float_format->bits : core.activation_bits) / 8.0;
  if (shape.matrix.fused.present)
    product.activation_bytes = static_cast<double>(shape.matrix.table_bytes(product.m, kK)) / product.m / kK;
  TileLimits limits = matrix_limits(shape.matrix, planes);
  if (core.row_scales()) {  // partial sums hold a segment at a time
    product.scale_group = shape.matrix.segment_elements;
    limits.k_most = std::uint64_t{shape.matrix.max_extent} * core.group_length;
  }
  if (const NumberFormat* packed = shape.matrix.packed_weights)
    product.weight_bytes = packed->storage_bits / (8.0 * packed->storage_elements);
  MappingFault fault;
  const auto tiling = map_product(product, limits, fault);
  const std::uint32_t bits = planes * core.weight_bits;
  if (!tiling) return fmt::format("{}-bit, K {}: {}", bits, kK, fault.why);
  const std::uint64_t blocks = ceil_div(tiling->n, core.lanes);
  std::string text = fmt::format("{}-bit, K {}: m {} x n {} x k {}", bits, kK, tiling->m, tiling->n, tiling->k);
  if (core.build_interval == 0) return text;
  return text + fmt::format("; a table serves {} cycles, so building it is {}", blocks * planes,
                            blocks * planes >= core.build_interval ? "hidden" : "not hidden");
}

void explain_matrix_core(const Design& d, const MatrixCoreShape& c, const MachineShape& shape, Tree& tree) {
  const double clock = static_cast<double>(d.clock.value);
  visit_matrix_core(d, [&](const auto& config) { tree.block(fmt::format("{:<11} {}", c.unit, parameters(config))); });
  // With a decoder, ternary weights only.
  const std::uint32_t fewest = d.weight_decoder ? 2 : 1, most = d.weight_decoder ? 2 : c.max_planes;
  for (std::uint32_t planes = fewest; planes <= most; planes *= 2) {
    const double macs = static_cast<double>(c.macs_per_fire()) / planes;
    const double ridge = macs * clock / peak_bandwidth(d.memory);
    tree.fact(fmt::format("{}-bit weights: {:g} MACs per cycle, {:.2f} TOPS; ridge {:.3g} MAC/B",
                          planes * c.weight_bits, macs, 2e-12 * macs * clock, ridge));
  }
  if (c.max_planes >= 2) tree.fact("ternary weights run as 2-bit");
  if (c.build_interval > 0)
    tree.fact(fmt::format("tables of a K group ({} activations x {} rows) take {} cycles to build", c.group_length,
                          c.rows, c.build_interval));
  if (c.rows > 1)
    tree.fact(
        fmt::format("decode of one sequence has one activation row: {:.3g} % of the array at work", 100.0 / c.rows));
  for (std::uint32_t planes = fewest; planes <= most; planes *= 2)
    tree.fact("largest tile, " + tile_text(shape, c, planes));
  tree.fact(fmt::format("epilogue: {} FP32 multiply-adds, {} cycles for {} of one block",
                        c.epilogue_lanes * c.epilogue_rows, c.chunks(),
                        c.epilogue_rows == 1 ? "a row" : fmt::format("{} rows", c.epilogue_rows)));
  tree.fact(rtl_evidence(c.unit, matrix_core_rtl(d)));
}

void explain_weight_decoder(const Design& d, Tree& tree) {
  const WeightDecoderConfig decoder = weight_decoder_config(d);
  tree.block("weight_decoder " + parameters(*d.weight_decoder));
  tree.fact(
      fmt::format("in front of {}, which takes nothing but {} weights then: {:.3g} bits each, {} cycles to the first",
                  matrix_core_name(d), to_text(d.weight_decoder->code),
                  static_cast<double>(decoder.code_bits()) / decoder.code_weights(), decoder.latency()));
  tree.fact(rtl_evidence("weight_decoder", rtl_parameters_of(decoder)));
}

void explain_attention(const Design& d, const MachineShape& shape, Tree& tree) {
  const AttentionConfig& a = *d.attention;
  const double clock = static_cast<double>(d.clock.value), macs = a.macs_per_fire();
  const auto size = [](double bytes) { return human_bytes(bytes); };
  tree.block("attention   " + parameters(a));
  tree.fact(
      fmt::format("{:g} MACs per cycle for scores and as many for values, {:.2f} TOPS; heads of up to {} elements",
                  macs, 4e-12 * macs * clock, a.dims * a.max_chunks));
  // Each byte of keys and values serves all contexts of a pass.
  const double cache = 2 * macs * a.kv_element_bits() / 8 / a.contexts;
  tree.fact(
      fmt::format("a full pass ({} contexts) takes {:.3g} bytes of keys and values per cycle, the memory gives {:.3g}",
                  a.contexts, cache, shape.memory_bytes_per_cycle));
  tree.fact(fmt::format("slots, {} each: keys and values {}, queries {}, results {}", kBufferSlots,
                        size(static_cast<double>(shape.attention.slots.weights)),
                        size(static_cast<double>(shape.attention.slots.activations)),
                        size(static_cast<double>(shape.attention.slots.outputs))));
  tree.fact(rtl_evidence("attention", rtl_parameters_of(a)));
  tree.block("kv_cache    " + parameters(d.kv_cache));
  const double latency = unloaded_read_latency(d.memory);
  // A page of one head, keys or values, is what one command of the DMA fetches.
  constexpr double kHead = 128;
  const double in_flight = latency * peak_bandwidth(d.memory);
  const double page = d.kv_cache.page_tokens * kHead * a.kv_element_bits() / 8;
  if (d.kv_cache.placement == KvPlacement::kPaged)
    tree.fact(
        fmt::format("{:.3g} ns of memory latency are {} on their way: {:.0f} pages of heads of {:g} elements, {} each; "
                    "dma.commands {}",
                    1e9 * latency, size(in_flight), std::ceil(in_flight / page) + 1, kHead, size(page),
                    d.dma.commands == 0 ? std::string("is derived so") : fmt::format("is {}", d.dma.commands)));
}

void explain_technology(const LoadedDesign& loaded, Tree& tree) {
  if (!loaded.technology) return tree.block("technology  none: energy and area not calibrated");
  const PricedDesign priced(loaded.design, *loaded.technology);
  const CostReport& cost = priced.report();
  tree.block("technology  " + technology_line(cost));
  std::istringstream lines(area_text(cost));
  for (std::string line; std::getline(lines, line);) tree.fact(line);
  for (const ExcludedPart& part : cost.excluded) tree.fact("excluded: " + part.unit + ": " + part.reason);
  for (const std::string& note : cost.notes) tree.fact(note);
}

void explain(const LoadedDesign& loaded, std::ostream& out) {
  const Design& d = loaded.design;
  const MachineShape shape = machine_shape(d);
  const double clock = static_cast<double>(d.clock.value);
  const auto size = [](std::uint64_t bytes) { return human_bytes(static_cast<double>(bytes)); };
  Tree tree(out);
  out << fmt::format("{} ({}), clock {}Hz\n", d.name, loaded.file, human_count(clock));
  tree.block("sequencer   " + parameters(d.sequencer));
  if (const auto core = matrix_core_shape(d))
    explain_matrix_core(d, *core, shape, tree);
  else
    tree.block("matrix core absent: all products run on the vector unit");
  if (d.weight_decoder) explain_weight_decoder(d, tree);
  tree.block("vector      " + parameters(d.vector));
  const std::uint32_t products = d.vector.products_per_cycle();
  tree.fact(fmt::format("products: {} MACs per cycle, {:.2f} TOPS", products, 2e-12 * products * clock));
  tree.fact(fmt::format("rows: {} at once, each {} elements and {} special functions per cycle", d.vector.engines,
                        d.vector.lanes / d.vector.engines, d.vector.special_lanes / d.vector.engines));
  tree.fact("RTL: none; timing from lanes and pipeline latencies");
  if (d.attention) explain_attention(d, shape, tree);
  tree.block("buffers     " + parameters(d.buffers));
  tree.fact(fmt::format("matrix slots, {} each: weights {}, activations {}, outputs {}; scales {} in {}", kBufferSlots,
                        size(d.buffers.weights.value / kBufferSlots), size(d.buffers.activations.value / kBufferSlots),
                        size(d.buffers.outputs.value / kBufferSlots), size(d.buffers.scales.value / kScaleSlots),
                        kScaleSlots));
  tree.fact(fmt::format("vector slots: rows {}; products: second operand {}, first {}, outputs {}",
                        size(shape.vector.slot_bytes), size(shape.vector.slots.weights),
                        size(shape.vector.slots.activations), size(shape.vector.slots.outputs)));
  tree.block("dma.load    " + parameters(d.dma));
  tree.block("dma.store   " + parameters(d.dma));
  tree.fact(fmt::format("each may have {} in flight", size(d.dma.request_bytes.value * d.dma.outstanding)));
  tree.block("memory      " + memory_text(d.memory));
  tree.fact(fmt::format("{:.4g} bytes per core cycle; vector products reach their ridge at {:.3g} MAC/B",
                        shape.memory_bytes_per_cycle, products / shape.memory_bytes_per_cycle));
  explain_technology(loaded, tree);
}

}  // namespace

int explain_command(const Arguments& arguments) {
  CommandLine line("explain", "DESIGN", 1, 1);
  line.list("set", "path=value", "overrides a key of the design");
  Problems problems;
  if (!line.parse(arguments, problems)) return user_error(problems, "explain");
  if (line.wants_help()) return std::cout << line.help(kText), kExitDone;
  LoadedDesign loaded;
  if (!load_design(line.arguments()[0], line.texts("set"), loaded, problems)) return user_error(problems);
  explain(loaded, std::cout);
  return kExitDone;
}

}  // namespace lutetia
