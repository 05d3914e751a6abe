// trace.json: what every engine did when, in the Chrome trace format (opens in Perfetto). Written while the run goes
// on, with memory for one event per engine. An engine completes in order, so its track never shows two things at once:
// an event begins when its instruction was issued or when the one before was complete, whichever is later.
#pragma once
#include <array>
#include <iosfwd>
#include <string>

#include "accelerator/sequencer.h"
#include "workload/trace.h"

namespace lutetia {

class Timeline final : public InstructionObserver {
 public:
  /// More instructions than this are shown as one event per operator and engine.
  static constexpr std::uint64_t kMostInstructions = 200'000;

  /// `out` and `trace` outlive this. `merge`: one event for consecutive instructions of an operator.
  Timeline(std::ostream& out, const Trace& trace, Hertz clock, bool merge);

  void completed(Engine engine, std::uint32_t operator_index, Cycle issued, Cycle completed) override;
  /// Closes the document.
  void finish();

 private:
  struct Track {
    Cycle end = 0;                   ///< of everything so far
    std::uint64_t instructions = 0;  ///< in the open event; 0 = none
    std::uint32_t operator_index = 0;
    Cycle begin = 0;
  };
  void write(std::size_t engine);
  std::string microseconds(Cycle cycle) const;

  std::ostream& out_;
  const Trace& trace_;
  Hertz clock_;
  bool merge_;
  std::array<Track, kEngines> tracks_;
};

}  // namespace lutetia
