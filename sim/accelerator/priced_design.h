// A design in a technology: which units, buffers and memory have a price, what the machine's counters mean as their
// events, and what has none. The only place where machine and technology meet: nothing else of a run depends on a
// technology. Buffers: a word is a beat of the stream that uses it, an access is a word; DMA writes and reads whole
// words. Every result of a unit is read once, by the store or as a partial sum. Scales come with the weights and are
// written with them. The vector unit reads once what was loaded for it and writes once what is stored: a lower bound.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "accelerator/run.h"
#include "cost/sram_cost.h"
#include "cost/technology.h"
#include "cost/unit_cost.h"

namespace lutetia {

class PricedDesign {
 public:
  /// Both outlive this.
  PricedDesign(const Design& design, const Technology& technology);

  /// Areas, and what is excluded and why.
  const CostReport& report() const { return report_; }
  /// The energy of a finished run: result.cost, and every operator's.
  void price(RunResult& result) const;

 private:
  /// Event names with their places in UnitEvents.
  using Places = std::vector<std::pair<std::string, std::size_t>>;
  struct Unit {
    PricedUnit priced;
    Engine engine = Engine::kMatrix;  ///< whose operators it serves
    Places places;
  };
  /// Words read and written in a buffer: by events of the engine's unit, and by bytes that DMA moves.
  struct Buffer {
    std::string name;
    PricedSram sram;
    Engine engine = Engine::kMatrix;
    struct PerEvent {
      std::size_t place = 0;
      double reads = 0, writes = 0;
    };
    struct PerByte {
      double stationary = 0, streaming = 0, written = 0;
    };
    std::vector<PerEvent> events;
    PerByte read_bytes, written_bytes;  ///< words per byte of the operator's traffic
  };
  struct Words {
    double reads = 0, writes = 0;
  };

  void add_matrix_core();
  void add_attention();
  void add_vector();
  void add_unit(const std::string& name, const RtlValues& parameters, Engine engine, Places places);
  Buffer* add_buffer(const std::string& name, Bytes bytes, std::uint32_t word_bits, Engine engine);
  void add_memory();
  void exclude(const std::string& unit, const std::string& reason) {
    report_.excluded.push_back({unit, reason, false});
  }
  void note_clock(const PricedUnit& unit);

  static Words words(const Buffer& buffer, const UnitEvents& events, const OperatorTraffic& bytes);
  void price_memory(const RunResult& result, CostReport& cost) const;
  double operator_pj(const OperatorResult& row) const;

  const Design& design_;
  const Technology& technology_;
  CostReport report_;
  std::vector<Unit> units_;
  std::vector<Buffer> buffers_;
  std::optional<PricedSram> memory_sram_;
};

/// Prices a run that has finished, if there is a technology.
void price_run(const Design& design, const std::optional<Technology>& technology, RunResult& result);

}  // namespace lutetia
