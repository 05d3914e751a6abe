// The matrix core as a compute unit of a machine: command fork, operand readers, core, result writer.
//
// A tile command is taken from the command channel and forked to the core's cmd port and to one reader per operand
// stream (fill only if the tile asks for it), all in the same cycle. A reader holds one job and two more in its queue;
// it pushes a beat in every cycle in which the core is ready, from the cycle after it loaded the job; it loads the next
// job in the cycle of its last push. The writer takes an output in every cycle. `operands_read` follows the last
// activation and weight beat, `done` the last output.
//
// matrix_core_transaction.h computes these times, matrix_core_stepped.h steps the cycle body or the RTL; same stamps.
#pragma once
#include <memory>
#include <optional>

#include "units/activity_ledger.h"
#include "units/compute_unit.h"
#include "units/matrix_core/matrix_core_beats.h"
#include "units/token_queue.h"

namespace lutetia {

/// Jobs a reader may have waiting; the same depth as every stream FIFO.
inline constexpr std::uint32_t kReaderQueue = MatrixCoreShape::kStreamDepth;

/// Inputs that have a reader.
inline constexpr std::uint32_t kFirstReader = MatrixCorePort::kActivation;

MatrixCoreCommand matrix_core_command(const MatrixCoreShape& shape, const TileCommand& tile);

/// Where values come from and go to when a body carries them.
class MatrixCoreData {
 public:
  virtual ~MatrixCoreData() = default;
  virtual std::unique_ptr<MatrixCoreOperands> operands(const TileCommand& tile) = 0;
  /// One output of the tile, FP32 bits; lanes beyond tile.n are not reported.
  virtual void output(const TileCommand& tile, std::uint32_t row, std::uint32_t lane, std::uint32_t bits) = 0;
};

/// Places in UnitEvents: the fires, the ports of the core, the code port of a decoder in front of it, and
/// kWordSwitch: fires into another word of partial sums (bank or block) than the fire before;
/// kRowFire: of every fire the rows that exist.
struct MatrixCoreEvent {
  enum : std::size_t {
    kFire,
    kFirstPort,
    kOut = kFirstPort + MatrixCorePort::kInputs,
    kCode,
    kWordSwitch,
    kRowFire,
    kCount
  };
};
static_assert(MatrixCoreEvent::kCount <= kMostUnitEvents);

/// Of one command: what happens on every port, whatever the times.
UnitEvents matrix_core_events(const MatrixCoreShape& shape, const MatrixCoreCommand& command);

/// What the core did, counted as commands are taken; equal in every body, and what technologies price.
struct MatrixCoreCounters {
  MatrixCoreCounters(StatGroup& group, const MatrixCoreShape& shape) : group_(group), words_(shape.words) {
    if (shape.code_weights > 0)
      codes_.emplace(group, "code_beats", Unit::kTransfers,
                     "beats of `lanes` packed codes that the weight decoder reads");
  }
  /// Returns the events of the command.
  UnitEvents count(const MatrixCoreShape& shape, const MatrixCoreCommand& command);

 private:
  StatGroup& group_;
  MatrixCoreWords words_;
  Counter tiles_{group_, "tiles", Unit::kTransfers, "tile commands taken"};
  Counter operands_{group_, words_.operands, Unit::kOperations, words_.operands_text};
  Counter steps_{group_, words_.steps, Unit::kOperations, std::string(words_.step_text) + " for rows that exist"};
  Counter idle_steps_{group_, std::string("idle_") + words_.steps, Unit::kOperations,
                      std::string(words_.step_text) + " for rows that do not exist (last row block)"};
  Counter weights_{group_, "weight_planes", Unit::kTransfers,
                   "weight beats: K groups of `lanes` outputs, plane by plane"};
  Counter activations_{group_, "act_beats", Unit::kTransfers, "activation beats: K groups of `rows` rows, and headers"};
  Counter scales_{group_, "scale_beats", Unit::kTransfers, "scale beats of epilogue_lanes scales"};
  Counter fills_{group_, "fill_beats", Unit::kTransfers,
                 "partial sums read back, beats of epilogue_rows x epilogue_lanes"};
  Counter outputs_{group_, "output_beats", Unit::kTransfers,
                   "results written, beats of epilogue_rows x epilogue_lanes"};
  Counter multiply_adds_{group_, "multiply_adds", Unit::kOperations, "FP32 multiply-adds of the epilogue"};
  std::optional<Counter> codes_;
};

UnitAbilities matrix_core_abilities(const std::string& body, const MatrixCoreShape& shape);

}  // namespace lutetia
