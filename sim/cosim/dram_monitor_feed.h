// Gives every command of a DRAM to rtl/units/dram_monitor, one monitor per channel, and keeps its verdicts. The monitor
// is loaded with the constraint rows of a DramSpec, the same that controller and devices of the simulator obey; it
// shares no code with them.
//
//   DramMonitorFeed feed(spec, DramMonitorFeed::Body::kRtl);
//   feed.issued(command);  // each one, in order of time per channel
//   feed.finish();
//   if (feed.violations() > 0) std::cout << feed.first_violations().front();
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ring.h"
#include "kernel/stream_unit.h"
#include "memory/dram/dram_spec.h"
#include "units/dram_monitor/dram_monitor_words.h"

namespace lutetia {

class DramMonitorFeed final : public CommandSink {
 public:
  enum class Body { kRtl, kCycle };
  static constexpr std::size_t kKept = 20;  ///< violations that are kept as text
  using Listener = std::function<void(const DramCommand&, const DramMonitorVerdict&)>;

  /// std::invalid_argument, for a person, if the monitor cannot hold the spec.
  DramMonitorFeed(const DramSpec& spec, Body body);
  ~DramMonitorFeed() override;

  /// Hears of every verdict, in order per channel.
  void set_listener(Listener listener) { listener_ = std::move(listener); }
  void issued(const DramCommand& command) override;
  /// Waits for the verdicts that are still due. Commands may follow.
  void finish();

  std::uint64_t commands() const { return commands_; }
  std::uint64_t violations() const { return violations_; }
  const std::vector<std::string>& first_violations() const { return texts_; }

 private:
  struct Lane {
    std::unique_ptr<StreamUnit> unit;
    Ring<DramCommand> judged;  ///< commands without verdict yet
  };
  void load(Lane& lane);
  void push(Lane& lane, std::uint32_t input, const Payload& payload);
  void step(Lane& lane);
  void take(const DramCommand& command, const DramMonitorVerdict& verdict);
  void violation(const DramCommand& command, const std::string& what);
  std::string text(const DramCommand& command, const DramMonitorVerdict& verdict) const;

  DramSpec spec_;
  DramMonitorConfig config_;
  DramMonitorChannel channel_;
  std::vector<std::uint32_t> monitor_bank_;  ///< number of a bank for the monitor: every level padded to a power of two
  std::vector<Lane> lanes_;
  Payload payload_;
  Listener listener_;
  std::uint64_t commands_ = 0, violations_ = 0;
  std::vector<std::string> texts_;
};

}  // namespace lutetia
