#include "accelerator/design.h"

#include "units/attention/attention_command.h"

namespace lutetia {

void describe(Schema& s, BufferConfig& c) {
  const Bytes least(1024), most(std::uint64_t{1} << 36);
  s.field("weights", c.weights, "coded weights of the matrix unit, in two slots").range(least, most);
  s.field("activations", c.activations, "activations of the matrix unit, in two slots").range(least, most);
  s.field("scales", c.scales, "weight scales of the matrix unit, in three slots").range(least, most);
  s.field("outputs", c.outputs, "FP32 results of the matrix unit, in two slots").range(least, most);
  s.field("vector", c.vector, "buffer of the vector unit: half for row operations, half for products, in slots")
      .range(least, most);
  s.field("attention", c.attention,
          "of the attention unit, in two slots: 3/4 keys and values, 1/8 queries, 1/8 results")
      .range(least, most);
}

void describe(Schema& s, KvCacheConfig& c) {
  s.choice("placement", c.placement, {{"contiguous", KvPlacement::kContiguous}, {"paged", KvPlacement::kPaged}},
           "every head of a sequence in one piece; or pages of a pool, found through a block table");
  s.field("page_tokens", c.page_tokens, "tokens of a page").range(1, 4096);
}

void describe(Schema& s, WeightDecoderChoice& c) {
  s.choice("code", c.code,
           {{to_text(TernaryCode::kI2S), TernaryCode::kI2S},
            {to_text(TernaryCode::kTl2), TernaryCode::kTl2},
            {to_text(TernaryCode::kTq1), TernaryCode::kTq1}},
           "the packing that it reads; a model says so in formats.weight");
}

void describe(Schema& s, Design& d) {
  s.field("name", d.name, "name of the design, as reports print it").required();
  s.field("clock", d.clock, "clock of units, DMA and sequencer").range(Hertz(1'000'000), Hertz(10'000'000'000));
  s.optional_group("lut_core", d.lut_core, "LUT tensor core: products with 1..4-bit and ternary weights");
  s.optional_group("adder_core", d.adder_core, "bit-serial adders, a baseline: the same products without tables");
  s.optional_group("mac_core", d.mac_core, "multiply-accumulate array, a baseline: products with up to 8-bit weights");
  s.optional_group("weight_decoder", d.weight_decoder, "turns packed ternary weights into planes for the matrix core");
  s.group("vector", d.vector, "vector unit: everything else a layer does");
  s.optional_group("attention", d.attention,
                   "streaming attention unit; without one, attention runs on the vector unit");
  s.group("kv_cache", d.kv_cache, "where cached keys and values lie, for the attention unit");
  s.group("buffers", d.buffers, "on-chip SRAM");
  s.group("dma", d.dma, "load and store engine, one of each");
  s.group("memory", d.memory, "main memory; a text names a file in configs/memory");
  s.group("sequencer", d.sequencer, "runs the tile program");
  s.field("technology", d.technology,
          "prices area and energy; a text names a file in configs/technology; none = not calibrated");
  s.rule([&d] { return d.lut_core.has_value() + d.adder_core.has_value() + d.mac_core.has_value() <= 1; },
         {"lut_core", "adder_core", "mac_core"}, "a design has one matrix core: lut_core, adder_core or mac_core");
  s.rule(
      [&d] {
        return !d.weight_decoder ||
               (d.lut_core && d.lut_core->fold && d.lut_core->group_length == 4 && d.lut_core->max_planes >= 2);
      },
      {"weight_decoder", "lut_core"},
      "weight_decoder makes folded planes of ternary weights: it needs a lut_core with fold, group_length 4 and "
      "max_planes of at least 2");
}

std::optional<MatrixCoreShape> matrix_core_shape(const Design& design) {
  std::optional<MatrixCoreShape> shape;
  visit_matrix_core(design, [&shape](const auto& config) { shape = config.shape(); });
  if (shape && design.weight_decoder) {
    const WeightDecoderConfig decoder{shape->lanes, static_cast<std::uint32_t>(design.weight_decoder->code),
                                      shape->psum_blocks};
    shape->weight_latency = decoder.latency();
    shape->code_weights = decoder.code_weights();
  }
  return shape;
}

WeightDecoderConfig weight_decoder_config(const Design& design) {
  const MatrixCoreShape core = matrix_core_shape(design).value();
  return {core.lanes, static_cast<std::uint32_t>(design.weight_decoder.value().code), core.psum_blocks};
}

std::string matrix_core_name(const Design& design) {
  const auto shape = matrix_core_shape(design);
  return shape ? shape->unit : "matrix";
}

MachineShape machine_shape(const Design& design) {
  MachineShape shape;
  if (const auto core = matrix_core_shape(design)) {
    const MatrixCoreShape& c = *core;
    MatrixUnitShape& m = shape.matrix;
    m.unit = c.unit;
    m.present = true;
    m.rows = c.rows;
    m.lanes = c.lanes;
    m.blocks = c.psum_blocks;
    m.group_length = c.group_length;
    m.weight_bits = c.weight_bits;
    m.ternary_groups = c.ternary_groups;
    if (design.weight_decoder) m.packed_weights = find_number_format(to_text(design.weight_decoder->code));
    m.float_format = c.float_format;
    m.segment_elements = std::uint64_t{c.segment_groups} * c.group_length;
    if (design.lut_core && design.lut_core->fused()) {
      m.fused = {true, design.lut_core->table_entries(), design.lut_core->entry_bits(), c.headers() ? 32u : 0u,
                 design.lut_core->table_operations()};
    }
    m.max_planes = c.max_planes;
    m.activation_bits = c.activation_bits;
    m.psum_bits = c.psum_bits;
    m.float_psums = c.float_psums;
    for (std::uint32_t planes = 1; planes < m.safe_group_elements.size(); ++planes)
      m.safe_group_elements[planes] = c.safe_group_elements(planes);
    m.slots = {design.buffers.weights.value / kBufferSlots, design.buffers.activations.value / kBufferSlots,
               design.buffers.outputs.value / kBufferSlots, design.buffers.scales.value / kScaleSlots};
  }
  VectorUnitShape& v = shape.vector;
  v.lanes = design.vector.lanes / design.vector.engines;
  v.product_lanes = design.vector.products_per_cycle();
  const std::uint64_t half = design.buffers.vector.value / 2;
  v.slot_bytes = half / kBufferSlots;
  v.slots = {half / 2 / kBufferSlots, half / 4 / kBufferSlots, half / 4 / kBufferSlots, 0};
  if (design.attention) {
    const AttentionConfig& a = *design.attention;
    AttentionUnitShape& u = shape.attention;
    u.present = true;
    u.keys = a.keys;
    u.dims = a.dims;
    u.contexts = a.contexts;
    u.max_chunks = a.max_chunks;
    u.queries = find_number_format(a.floating() ? "fp16" : "int8");
    u.cache = find_number_format(a.floating() ? "fp16" : a.kv_bits == 4 ? "int4" : "int8");
    u.scales = a.kv_scales;
    u.accumulator_bits = a.accumulator_bits();
    u.state_bits = AttentionState::kBits;
    const std::uint64_t slot = design.buffers.attention.value / kBufferSlots;
    u.slots = {slot / 4 * 3, slot / 8, slot / 8, 0};
    if (design.kv_cache.placement == KvPlacement::kPaged) shape.kv_cache.page_tokens = design.kv_cache.page_tokens;
  }
  shape.memory_bytes_per_cycle = peak_bandwidth(design.memory) / static_cast<double>(design.clock.value);
  return shape;
}

}  // namespace lutetia
