// One instruction of a tile program: move a range, or compute a tile. An instruction waits for counts of completed
// events, and for nothing else: every engine completes in order, so "instruction number i of that engine is done" is a
// count.
#pragma once
#include <array>
#include <cstdint>

#include "units/tile_command.h"

namespace lutetia {

/// Queues of the sequencer, one per engine.
enum class Engine : std::uint8_t { kLoad, kStore, kMatrix, kVector, kAttention };
inline constexpr std::size_t kEngines = 5;

/// As reports and listings call them.
inline constexpr const char* kEngineNames[kEngines] = {"load", "store", "matrix", "vector", "attention"};

/// What is counted. "Read" = the tile's operands may be overwritten; "done" = its results are in the output buffer.
enum class Event : std::uint8_t {
  kLoadDone,
  kStoreDone,
  kMatrixRead,
  kMatrixDone,
  kVectorRead,
  kVectorDone,
  kAttentionRead,
  kAttentionDone,
};
inline constexpr std::size_t kEvents = 8;

/// The engine that makes an event happen.
constexpr Engine engine_of(Event event) {
  switch (event) {
    case Event::kLoadDone: return Engine::kLoad;
    case Event::kStoreDone: return Engine::kStore;
    case Event::kMatrixRead:
    case Event::kMatrixDone: return Engine::kMatrix;
    case Event::kVectorRead:
    case Event::kVectorDone: return Engine::kVector;
    case Event::kAttentionRead:
    case Event::kAttentionDone: return Engine::kAttention;
  }
  return Engine::kLoad;
}

/// What a compute engine counts when a tile's operands are read, and when its results are there.
constexpr Event read_event(Engine engine) {
  return engine == Engine::kMatrix   ? Event::kMatrixRead
         : engine == Engine::kVector ? Event::kVectorRead
                                     : Event::kAttentionRead;
}
constexpr Event done_event(Engine engine) {
  return engine == Engine::kMatrix   ? Event::kMatrixDone
         : engine == Engine::kVector ? Event::kVectorDone
                                     : Event::kAttentionDone;
}

/// Waiting for an engine, as a cause.
constexpr WaitCause cause_of(Engine engine) {
  switch (engine) {
    case Engine::kLoad: return WaitCause::kLoad;
    case Engine::kStore: return WaitCause::kStore;
    case Engine::kMatrix: return WaitCause::kMatrix;
    case Engine::kVector: return WaitCause::kVector;
    case Engine::kAttention: return WaitCause::kAttention;
  }
  return WaitCause::kIssue;
}

struct Instruction {
  Engine engine = Engine::kLoad;
  std::uint32_t operator_index = 0;
  std::array<std::uint64_t, kEvents> wait{};  ///< count each event must have reached
  std::uint64_t address = 0, bytes = 0;       ///< loads and stores
  TileCommand tile;                           ///< matrix, vector, attention

  /// The instruction goes no earlier than `count` completions of `event`.
  void wait_for(Event event, std::uint64_t count) {
    std::uint64_t& least = wait[static_cast<std::size_t>(event)];
    if (count > least) least = count;
  }
};

/// Where the sequencer gets its program from, one instruction at a time, in program order.
class InstructionSource {
 public:
  virtual ~InstructionSource() = default;
  virtual bool next(Instruction& instruction) = 0;
};

}  // namespace lutetia
