// The last commands of some kinds at every node of a level: what a timing row looks back at.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "memory/dram/dram_command.h"

namespace lutetia {

class CommandHistory {
 public:
  /// Rows that watch the same commands at the same level share a history, as deep as the longest window needs.
  CommandHistory(Level level, std::uint32_t mask) : level_(level), mask_(mask) {}

  Level level() const { return level_; }
  std::uint32_t mask() const { return mask_; }
  void deepen(std::uint32_t window) { depth_ = std::max(depth_, window); }
  void resize(std::size_t nodes) {
    DramCommand none;
    none.at = kNever;
    past_.assign(nodes * depth_, none);
    next_.assign(nodes, 0);
  }

  /// The `window`-th last command at a node, 1 being the last; null if there were fewer.
  const DramCommand* last(std::size_t node, std::uint32_t window) const {
    const std::uint32_t next = next_[node];
    const DramCommand& found = past_[node * depth_ + (next >= window ? next - window : next + depth_ - window)];
    return found.at == kNever ? nullptr : &found;
  }
  void record(std::size_t node, const DramCommand& command) {
    std::uint32_t& next = next_[node];
    past_[node * depth_ + next] = command;
    if (++next == depth_) next = 0;
  }

 private:
  Level level_;
  std::uint32_t mask_;
  std::uint32_t depth_ = 1;
  std::vector<DramCommand> past_;    ///< a ring per node; kNever: nothing yet
  std::vector<std::uint32_t> next_;  ///< where the next one goes, per node
};

}  // namespace lutetia
