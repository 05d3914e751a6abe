// The vector unit: lanes with an issue width and pipeline latencies; operators other than coded-weight products cost
// time here. Transaction body only: a tile occupies the issue port for vector_time().issue cycles, its result follows
// after the pipeline latency; tiles issue back to back. RTL: none yet (rtl/units/vector/RTL-NONE.md says why).
#pragma once
#include "units/activity_ledger.h"
#include "units/compute_unit.h"
#include "units/token_queue.h"
#include "units/vector/vector_config.h"

namespace lutetia {

class VectorUnit final : public ComputeUnit {
 public:
  VectorUnit(const std::string& name, const ClockDomain& clock, const VectorConfig& config,
             StatGroup* parent = nullptr);

  void tick(Cycle now) override;
  Cycle next_event(Cycle now) const override;
  void print_state(std::ostream& out) const override;
  std::vector<Wait> waits(Cycle now) const override;
  UnitAbilities abilities() const override;
  std::vector<ActivityShare> activity(Cycle end) const override;

 private:
  static constexpr std::size_t kTilesInFlight = 4;

  VectorConfig config_;
  Cycle free_at_ = 0;  ///< first cycle in which the issue port is free
  TokenQueue reads_, dones_;
  Cycle busy_ = 0;
  IdleLedger idle_;
  Counter tiles_{stats_, "tiles", Unit::kTransfers, "tile commands taken"};
  Counter macs_{stats_, "macs", Unit::kOperations, "multiply-accumulates of matrix products"};
  Counter elements_{stats_, "elements", Unit::kOperations, "elements of row operations, each counted once"};
};

}  // namespace lutetia
