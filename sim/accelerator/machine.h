// The machine of a design: sequencer, DMA engines, memory, compute units, joined by channels. Built for one run of one
// program; add_to() hands its blocks to a kernel (SystemC or the plain event loop).
//
//   sequencer -> dma.load, dma.store -> memory          sequencer -> matrix core, vector
//
// Leaves out: contention inside on-chip SRAM (every port serves a beat per cycle), conversion of FP32 results to the
// stored format (done by the store path at no cost).
#pragma once
#include <memory>
#include <vector>

#include "accelerator/design.h"
#include "accelerator/fidelity.h"
#include "accelerator/sequencer.h"
#include "accelerator/synthetic_attention.h"
#include "accelerator/synthetic_data.h"
#include "base/problem.h"
#include "cosim/recording_unit.h"
#include "kernel/kernel.h"
#include "units/matrix_core/matrix_core_weight_source.h"
#include "units/vector/vector_unit.h"

namespace lutetia {

class Machine {
 public:
  /// `seed` draws synthetic operands and unreset RTL registers. Problems: no RTL of the asked parameters.
  /// `recording`: keeps what its unit is given, if that has a body with values. It and the program outlive the machine.
  Machine(const Design& design, const FidelityChoice& fidelity, InstructionSource& program, std::size_t operators,
          std::uint64_t seed, Problems& problems, UnitRecording* recording = nullptr);

  void add_to(Kernel& kernel);
  bool finished() const { return sequencer_->finished(); }

  const Sequencer& sequencer() const { return *sequencer_; }
  Sequencer& sequencer() { return *sequencer_; }
  const MainMemory& memory() const { return *memory_; }
  MainMemory& memory() { return *memory_; }
  const Dma& load() const { return *load_; }
  const Dma& store() const { return *store_; }
  const std::vector<std::unique_ptr<ComputeUnit>>& units() const { return units_; }
  /// Null unless a body with values runs.
  const SyntheticData* data() const { return data_.get(); }
  const SyntheticAttention* attention_data() const { return attention_data_.get(); }
  /// Every counter of every block, by path.
  Snapshot statistics() const { return snapshot(stats_); }
  void set_stream_observer(StreamObserver* observer);
  /// Events of the units by operator.
  const EventLedger& events() const { return events_; }
  /// Every channel between blocks, for observers.
  std::vector<ChannelBase*> channels();

 private:
  std::unique_ptr<ComputeUnit> make_matrix_core(const Design& design, Fidelity fidelity, std::uint64_t seed,
                                                Problems& problems);

  /// The cycle body or RTL of a unit, wrapped if it is the one to be recorded.
  std::unique_ptr<StreamUnit> make_body(const Design& design, const std::string& unit, Fidelity fidelity,
                                        std::uint64_t seed, Problems& problems);

  std::unique_ptr<ComputeUnit> make_attention(const Design& design, Fidelity fidelity, std::uint64_t seed,
                                              Problems& problems);

  /// Null if the design has no decoder.
  std::unique_ptr<MatrixCoreWeightSource> make_weight_source(const Design& design, Fidelity fidelity,
                                                             std::uint64_t seed, Problems& problems);

  UnitRecording* recording_;
  StatGroup stats_{"machine"};
  StatGroup dma_stats_{"dma", &stats_};
  EventLedger events_;
  std::unique_ptr<SyntheticData> data_;
  std::unique_ptr<SyntheticAttention> attention_data_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<MainMemory> memory_;
  std::unique_ptr<Dma> load_, store_;
  std::vector<std::unique_ptr<ComputeUnit>> units_;
  std::vector<MemoryPort*> ports_;
};

}  // namespace lutetia
