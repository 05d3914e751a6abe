// Exact deadlock detection: nothing is scheduled, work remains. The report shows every block's state, the circle of
// blocks that wait for each other, and which FIFOs in it are full. How deep they would have had to be is found by going
// on: the smallest full FIFO of the circle gets one more slot (the rule of T. Parks' thesis, Berkeley 1995, for bounded
// execution of process networks) until the run finishes or no FIFO is to blame.
#pragma once
#include <iosfwd>
#include <string>
#include <vector>

#include "kernel/channel.h"

namespace lutetia {

struct DeadlockReport {
  struct Block {
    std::string name;
    std::string state;
    std::vector<std::string> waits;  ///< "for data from <channel> (empty)" or "for space in <channel> (2 of 2 full)"
  };
  struct Depth {
    std::string channel;
    std::uint32_t depth = 0;       ///< as built
    std::uint32_t sufficient = 0;  ///< smallest depth with which the run finished; 0 = unknown
  };
  std::uint64_t femtoseconds = 0;  ///< simulated time of the last evaluation
  std::vector<Block> blocks;
  std::vector<std::string> circle;  ///< block, channel, block, channel ... closing on the first block; may be empty
  std::vector<Depth> depths;        ///< full FIFOs of the circle
  bool cured_by_depth = false;      ///< the run finished once the FIFOs had their `sufficient` depth
};

std::ostream& operator<<(std::ostream& out, const DeadlockReport& report);
/// The same with another word for the time: "at cycle 12".
void print_deadlock(std::ostream& out, const DeadlockReport& report, const std::string& when);

/// Builds the report from the blocks' own words. `last[i]` is the last cycle in which blocks[i] was evaluated.
/// `circle_channels` receives the full channels on the circle.
DeadlockReport diagnose_deadlock(const std::vector<Clocked*>& blocks, const std::vector<Cycle>& last,
                                 std::vector<ChannelBase*>& circle_channels);

/// Repeats {diagnose, deepen, resume} after a first deadlock. `resume` runs on and returns true when the work finished.
/// Fills depths[].sufficient and cured_by_depth of `report`. Gives up after `limit` added slots: every slot is a run of
/// its own, so a FIFO that no depth can cure must not cost minutes.
class DepthSearch {
 public:
  explicit DepthSearch(DeadlockReport& report, std::uint32_t limit = 1u << 14) : report_(report), limit_(limit) {}
  /// Deepens one channel at a time of the last evaluation; false if none is to blame or the limit is reached.
  bool deepen(const std::vector<ChannelBase*>& circle_channels, std::uint64_t femtoseconds);
  void finished(bool work_done);

 private:
  DeadlockReport& report_;
  std::uint32_t limit_;
  std::vector<ChannelBase*> deepened_;
};

}  // namespace lutetia
