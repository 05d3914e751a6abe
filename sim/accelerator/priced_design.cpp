#include "accelerator/priced_design.h"

#include <fmt/format.h>

#include "accelerator/matrix_core_rtl.h"
#include "base/quantity_text.h"

namespace lutetia {
namespace {

constexpr const char* kNoLogic = "no Verilog, so nothing was synthesized";

RtlValues values_of(const RtlParameters& parameters) {
  return RtlValues(parameters.begin(), parameters.end());
}

}  // namespace

PricedDesign::PricedDesign(const Design& design, const Technology& technology)
    : design_(design), technology_(technology) {
  report_.technology = technology.name;
  report_.kind = technology.kind;
  report_.source = technology.source;
  report_.file = technology.file;
  report_.sha256 = technology.sha256;
  report_.node_nm = technology.node_nm;
  if (technology.layout) {
    report_.area.has_layout = true;
    report_.area.cell_growth = technology.layout->cell_growth;
    report_.area.utilization = technology.layout->utilization;
  }
  if (!technology.sram) exclude("buffers", "the technology has no SRAM");
  add_matrix_core();
  if (design.attention) add_attention();
  add_vector();
  for (const char* unit : {"dma", "sequencer"}) exclude(unit, std::string(kNoLogic) + "; small control");
  add_memory();
  report_.area_calibrated = !units_.empty();
  for (const Buffer& buffer : buffers_) buffer.sram.add_area("buffers", buffer.name, report_.area);
  if (memory_sram_) memory_sram_->add_area("memory", "sram", report_.area);
}

void PricedDesign::add_unit(const std::string& name, const RtlValues& parameters, Engine engine, Places places) {
  EventNames events = {kCycleEvent};
  for (const auto& place : places) events.push_back(place.first);
  std::string reason;
  auto priced = price_unit(technology_, name, parameters, events, reason, report_.notes);
  if (!priced) return exclude(name, reason);
  priced->add_area(report_.area);
  note_clock(*priced);
  units_.push_back({std::move(*priced), engine, std::move(places)});
}

void PricedDesign::note_clock(const PricedUnit& unit) {
  const double period = 1e12 / static_cast<double>(design_.clock.value);
  if (unit.most_period_ps <= period) return;
  report_.notes.push_back(
      fmt::format("clock: {} synthesized {} for {:.3g} ns; {} needs {:.3g} ns: energy per event holds, power does not",
                  technology_.name, unit.unit, unit.most_period_ps / 1000, to_text(design_.clock), period / 1000));
}

PricedDesign::Buffer* PricedDesign::add_buffer(const std::string& name, Bytes bytes, std::uint32_t word_bits,
                                               Engine engine) {
  if (!technology_.sram) return nullptr;
  std::string reason;
  auto sram = price_sram(*technology_.sram, bytes.value, word_bits, reason);
  if (!sram) return exclude("buffers." + name, reason), nullptr;
  buffers_.emplace_back();
  buffers_.back().name = name;
  buffers_.back().sram = std::move(*sram);
  buffers_.back().engine = engine;
  return &buffers_.back();
}

void PricedDesign::add_matrix_core() {
  const auto core = matrix_core_shape(design_);
  if (!core) return;
  using E = MatrixCoreEvent;
  const auto port = [](std::size_t input) { return E::kFirstPort + input; };
  add_unit(core->unit, values_of(matrix_core_rtl(design_)), Engine::kMatrix,
           {{"fire", E::kFire},
            {"busy", E::kFire},
            {"cmd", port(MatrixCorePort::kCommand)},
            {"act", port(MatrixCorePort::kActivation)},
            {"weight", port(MatrixCorePort::kWeight)},
            {"scale", port(MatrixCorePort::kScale)},
            {"fill", port(MatrixCorePort::kFill)},
            {"out", E::kOut},
            {"word_switch", E::kWordSwitch},
            {"row_fire", E::kRowFire}});
  std::uint32_t weight_bits = MatrixCoreBeats::bits(*core, MatrixCorePort::kWeight);
  std::size_t weight_event = port(MatrixCorePort::kWeight);
  if (design_.weight_decoder) {
    const WeightDecoderConfig decoder = weight_decoder_config(design_);
    // The decoder writes a plane in every cycle in which it is busy.
    add_unit("weight_decoder", values_of(rtl_parameters_of(decoder)), Engine::kMatrix,
             {{"fire", weight_event},
              {"busy", weight_event},
              {"cmd", port(MatrixCorePort::kCommand)},
              {"code", E::kCode},
              {"weight", weight_event}});
    weight_bits = decoder.code_beat_bits();
    weight_event = E::kCode;
  }
  const BufferConfig& sizes = design_.buffers;
  if (Buffer* b = add_buffer("weights", sizes.weights, weight_bits, Engine::kMatrix)) {
    b->events = {{weight_event, 1, 0}};
    b->written_bytes.stationary = 8.0 / weight_bits;
  }
  const std::uint32_t activation_bits = MatrixCoreBeats::bits(*core, MatrixCorePort::kActivation);
  if (Buffer* b = add_buffer("activations", sizes.activations, activation_bits, Engine::kMatrix)) {
    b->events = {{port(MatrixCorePort::kActivation), 1, 0}};
    b->written_bytes.streaming = 8.0 / activation_bits;
  }
  if (Buffer* b =
          add_buffer("scales", sizes.scales, MatrixCoreBeats::bits(*core, MatrixCorePort::kScale), Engine::kMatrix))
    b->events = {{port(MatrixCorePort::kScale), 1, 0}};
  if (Buffer* b = add_buffer("outputs", sizes.outputs, MatrixCoreBeats::output_bits(*core), Engine::kMatrix))
    b->events = {{E::kOut, 1, 1}};
}

void PricedDesign::add_attention() {
  const AttentionConfig& config = *design_.attention;
  using E = AttentionEvent;
  const auto port = [](std::size_t input) { return E::kFirstPort + input; };
  const std::vector<StreamPort> inputs = AttentionPort::inputs(config);
  Places places = {{"fire", E::kFire}, {"busy", E::kFire}, {"out", E::kOut}, {"block", E::kBlock}};
  for (std::size_t i = 0; i < inputs.size(); ++i) places.emplace_back(inputs[i].name, port(i));
  add_unit("attention", values_of(rtl_parameters_of(config)), Engine::kAttention, std::move(places));

  const std::uint64_t slot = design_.buffers.attention.value;
  const std::uint32_t key_bits = inputs[AttentionPort::kKey].bits;
  if (Buffer* b = add_buffer("attention_cache", Bytes(slot / 4 * 3), key_bits, Engine::kAttention)) {
    for (const auto input :
         {AttentionPort::kKey, AttentionPort::kKeyScale, AttentionPort::kValue, AttentionPort::kValueScale})
      b->events.push_back({port(input), static_cast<double>(ceil_div(inputs[input].bits, key_bits)), 0});
    b->written_bytes.stationary = 8.0 / key_bits;
  }
  const std::uint32_t query_bits = inputs[AttentionPort::kQuery].bits;
  if (Buffer* b = add_buffer("attention_queries", Bytes(slot / 8), query_bits, Engine::kAttention)) {
    b->events = {{port(AttentionPort::kQuery), 1, 0}};
    b->written_bytes.streaming = 8.0 / query_bits;
  }
  const std::uint32_t result_bits = config.dims * 16;
  if (Buffer* b = add_buffer("attention_results", Bytes(slot / 8), result_bits, Engine::kAttention)) {
    // Beats of partial results are wider, and come back on other ports.
    const double more = static_cast<double>(ceil_div(config.output_bits(), result_bits)) - 1;
    b->events = {
        {E::kOut, 1, 1}, {port(AttentionPort::kState), more, more}, {port(AttentionPort::kPartial), more, more}};
  }
}

void PricedDesign::add_vector() {
  std::string reason;
  std::vector<std::string> notes;
  // A lane is enabled in the cycles in which the unit issues.
  const Places places = {{"busy", 0}, {"en", 0}};
  auto lane = price_unit(technology_, "fp32_fma", {}, {kCycleEvent, "busy", "en"}, reason, notes);
  exclude("vector", kNoLogic);
  if (lane) {
    lane->unit = "vector";
    lane->estimate = true;
    lane->instances = design_.vector.lanes;
    lane->source = fmt::format("lower bound: {} fp32_fma; {}", design_.vector.lanes, lane->source);
    report_.estimated.push_back({"vector", lane->source, false});
    lane->add_area(report_.area);
    units_.push_back({std::move(*lane), Engine::kVector, places});
  }
  const std::uint32_t word_bits = design_.vector.lanes * 32;
  if (Buffer* b = add_buffer("vector", design_.buffers.vector, word_bits, Engine::kVector)) {
    const double word = 8.0 / word_bits;
    b->read_bytes = b->written_bytes = {word, word, word};
  }
}

void PricedDesign::add_memory() {
  const MemoryConfig& memory = design_.memory;
  if (memory.sram) {
    if (!technology_.sram) return exclude("memory", "the technology has no SRAM");
    std::string reason;
    memory_sram_ = price_sram(*technology_.sram, memory.sram->capacity.value,
                              static_cast<std::uint32_t>(memory.sram->bank_width.value * 8), reason);
    if (!memory_sram_) exclude("memory", reason);
    return;
  }
  const std::string row = memory.dram ? memory.dram->standard.name : "fixed";
  if (technology_.dram.count(row) != 0 || has_currents(memory)) return;
  report_.excluded.push_back(
      {"memory",
       memory.dram
           ? fmt::format("no currents of {} at this speed are known, nor has the technology a row dram.{}", row, row)
           : "one bandwidth, of no particular technology; a row dram.fixed would price it",
       true});
}

}  // namespace lutetia
