#include "accelerator/machine.h"

#include "accelerator/cycle_body.h"
#include "accelerator/decoded_weights.h"
#include "cosim/rtl_registry.h"
#include "units/attention/attention_stepped.h"
#include "units/attention/attention_transaction.h"
#include "units/matrix_core/matrix_core_stepped.h"
#include "units/matrix_core/matrix_core_transaction.h"

namespace lutetia {

Machine::Machine(const Design& design, const FidelityChoice& fidelity, InstructionSource& program,
                 std::size_t operators, std::uint64_t seed, Problems& problems, UnitRecording* recording)
    : recording_(recording), events_(operators) {
  const ClockDomain clock{"core", design.clock};
  sequencer_ = std::make_unique<Sequencer>("sequencer", clock, design.sequencer, program, operators);
  memory_ = make_memory("memory", design.memory, &stats_);
  load_ = std::make_unique<Dma>("dma.load", clock, design.dma, &dma_stats_);
  store_ = std::make_unique<Dma>("dma.store", clock, design.dma, &dma_stats_);
  for (Dma* dma : {load_.get(), store_.get()}) {
    MemoryPort& port = memory_->add_port(dma->name() + ".memory", design.dma.outstanding, dma);
    dma->set_port(port);
    ports_.push_back(&port);
  }
  sequencer_->connect_dma(Engine::kLoad, *load_);
  sequencer_->connect_dma(Engine::kStore, *store_);
  const auto core = matrix_core_shape(design);
  if (!fidelity.unit.empty() && (!core || fidelity.unit != core->unit))
    problems.add({"--fidelity", 0, 0}, fidelity.unit, "the design has no " + fidelity.unit);
  else if (!core && !design.attention && fidelity.matrix != Fidelity::kTransaction)
    problems.add({"--fidelity", 0, 0}, lutetia::name(fidelity.matrix), "the design has no matrix core");
  if (core) {
    units_.push_back(make_matrix_core(design, fidelity.matrix, seed, problems));
    sequencer_->connect_unit(Engine::kMatrix, *units_.back());
  }
  units_.push_back(std::make_unique<VectorUnit>("vector", clock, design.vector, &stats_));
  sequencer_->connect_unit(Engine::kVector, *units_.back());
  if (fidelity.attention_named && !design.attention)
    problems.add({"--fidelity", 0, 0}, "attention", "the design has no attention unit");
  if (design.attention) {
    units_.push_back(make_attention(design, fidelity.attention, seed, problems));
    sequencer_->connect_unit(Engine::kAttention, *units_.back());
  }
  for (const auto& unit : units_) unit->set_event_ledger(&events_);
}

std::unique_ptr<StreamUnit> Machine::make_body(const Design& design, const std::string& unit, Fidelity fidelity,
                                               std::uint64_t seed, Problems& problems) {
  const RtlParameters wanted = rtl_of(design, unit);
  std::unique_ptr<StreamUnit> body;
  if (fidelity != Fidelity::kRtl)
    body = make_cycle_body(design, unit);
  else if (const RtlVariant* variant = find_rtl_variant(unit, wanted))
    body = variant->make(seed);
  else
    problems.add({"--fidelity", 0, 0}, unit, no_rtl_variant(unit, wanted));
  // Without RTL the run does not take place, but the machine is complete.
  if (body == nullptr) body = make_cycle_body(design, unit);
  if (recording_ == nullptr || recording_->unit != unit) return body;
  recording_->parameters = wanted;
  return std::make_unique<RecordingUnit>(std::move(body), *recording_);
}

std::unique_ptr<ComputeUnit> Machine::make_matrix_core(const Design& design, Fidelity fidelity, std::uint64_t seed,
                                                       Problems& problems) {
  const ClockDomain clock{"core", design.clock};
  const MatrixCoreShape shape = *matrix_core_shape(design);
  if (fidelity == Fidelity::kTransaction)
    return std::make_unique<MatrixCoreTransaction>(shape.unit, clock, shape, &stats_);
  data_ = std::make_unique<SyntheticData>(seed, shape);
  std::unique_ptr<StreamUnit> core = make_body(design, shape.unit, fidelity, seed, problems);
  return std::make_unique<MatrixCoreStepped>(shape.unit, clock, shape, name(fidelity), std::move(core), *data_, &stats_,
                                             make_weight_source(design, fidelity, seed, problems));
}

std::unique_ptr<ComputeUnit> Machine::make_attention(const Design& design, Fidelity fidelity, std::uint64_t seed,
                                                     Problems& problems) {
  const ClockDomain clock{"core", design.clock};
  const AttentionConfig& config = *design.attention;
  if (fidelity == Fidelity::kTransaction)
    return std::make_unique<AttentionTransaction>("attention", clock, config, &stats_);
  attention_data_ = std::make_unique<SyntheticAttention>(seed, config);
  std::unique_ptr<StreamUnit> core = make_body(design, "attention", fidelity, seed, problems);
  return std::make_unique<AttentionStepped>("attention", clock, config, name(fidelity), std::move(core),
                                            *attention_data_, &stats_);
}

std::unique_ptr<MatrixCoreWeightSource> Machine::make_weight_source(const Design& design, Fidelity fidelity,
                                                                    std::uint64_t seed, Problems& problems) {
  if (!design.weight_decoder) return nullptr;
  return std::make_unique<DecodedWeights>(weight_decoder_config(design), matrix_core_shape(design)->rows,
                                          make_body(design, "weight_decoder", fidelity, seed, problems));
}

void Machine::add_to(Kernel& kernel) {
  kernel.add(*sequencer_);
  kernel.add(*load_);
  kernel.add(*store_);
  kernel.add(*memory_);
  for (const auto& unit : units_) kernel.add(*unit);
}

void Machine::set_stream_observer(StreamObserver* observer) {
  for (const auto& unit : units_) unit->set_stream_observer(observer);
}

std::vector<ChannelBase*> Machine::channels() {
  std::vector<ChannelBase*> out = {&load_->commands(), &load_->done(), &store_->commands(), &store_->done()};
  for (MemoryPort* port : ports_) out.insert(out.end(), {&port->requests, &port->responses});
  for (const auto& unit : units_) out.insert(out.end(), {&unit->commands(), &unit->operands_read(), &unit->done()});
  return out;
}

}  // namespace lutetia
