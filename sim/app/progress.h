// How far a run is: one line on standard error, rewritten a few times a second, only if that is a terminal. Also passes
// on what it hears to another observer.
#pragma once
#include <chrono>
#include <cstddef>
#include <string>

#include "accelerator/sequencer.h"

namespace lutetia {

class Progress final : public InstructionObserver {
 public:
  /// `next` may be null.
  Progress(std::size_t operators, InstructionObserver* next);
  ~Progress() override { clear(); }

  void completed(Engine engine, std::uint32_t operator_index, Cycle issued, Cycle completed) override;
  /// Removes the line.
  void clear();

 private:
  void print();

  std::size_t operators_;
  InstructionObserver* next_;
  bool terminal_;
  bool shown_ = false;
  std::uint32_t operator_index_ = 0;
  Cycle cycle_ = 0;
  std::uint64_t heard_ = 0;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace lutetia
