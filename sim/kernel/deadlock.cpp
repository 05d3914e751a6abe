#include "kernel/deadlock.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <sstream>

namespace lutetia {
namespace {

std::string describe_wait(const Wait& wait) {
  const ChannelBase& c = *wait.channel;
  if (wait.what == Wait::For::kData) return "for data from " + c.name() + (c.occupancy() == 0 ? " (empty)" : "");
  return "for space in " + c.name() + " (" + std::to_string(c.occupancy()) + " of " + std::to_string(c.capacity()) +
         " full)";
}

/// Depth-first search along "waits for", from each block in turn; returns the first circle as (block, wait) pairs.
class CircleFinder {
 public:
  explicit CircleFinder(const std::map<const Clocked*, std::vector<Wait>>& waits) : waits_(waits) {}

  std::vector<std::pair<const Clocked*, Wait>> find(const std::vector<Clocked*>& blocks) {
    for (const Clocked* block : blocks)
      if (visit(block)) return circle_;
    return {};
  }

 private:
  bool visit(const Clocked* block) {
    const auto on_path = std::find_if(path_.begin(), path_.end(), [&](const auto& p) { return p.first == block; });
    if (on_path != path_.end()) {
      circle_.assign(on_path, path_.end());
      return true;
    }
    if (done_[block]) return false;
    const auto found = waits_.find(block);
    if (found == waits_.end()) return false;
    for (const Wait& wait : found->second) {
      const Clocked* other = wait.what == Wait::For::kData ? wait.channel->producer() : wait.channel->consumer();
      if (other == nullptr) continue;
      path_.emplace_back(block, wait);
      if (visit(other)) return true;
      path_.pop_back();
    }
    done_[block] = true;
    return false;
  }

  const std::map<const Clocked*, std::vector<Wait>>& waits_;
  std::map<const Clocked*, bool> done_;
  std::vector<std::pair<const Clocked*, Wait>> path_;
  std::vector<std::pair<const Clocked*, Wait>> circle_;
};

}  // namespace

DeadlockReport diagnose_deadlock(const std::vector<Clocked*>& blocks, const std::vector<Cycle>& last,
                                 std::vector<ChannelBase*>& circle_channels) {
  DeadlockReport report;
  std::map<const Clocked*, std::vector<Wait>> waits;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Clocked& block = *blocks[i];
    report.femtoseconds = std::max(report.femtoseconds, block.clock().femtoseconds(last[i]));
    std::ostringstream state;
    block.print_state(state);
    DeadlockReport::Block entry{block.name(), state.str(), {}};
    waits[&block] = block.waits(last[i]);
    for (const Wait& wait : waits[&block]) entry.waits.push_back(describe_wait(wait));
    report.blocks.push_back(std::move(entry));
  }
  circle_channels.clear();
  for (const auto& [block, wait] : CircleFinder(waits).find(blocks)) {
    report.circle.push_back(block->name());
    report.circle.push_back(wait.channel->name());
    if (wait.what == Wait::For::kSpace && wait.channel->full()) {
      circle_channels.push_back(const_cast<ChannelBase*>(wait.channel));
      report.depths.push_back({wait.channel->name(), wait.channel->capacity(), 0});
    }
  }
  return report;
}

bool DepthSearch::deepen(const std::vector<ChannelBase*>& circle_channels, std::uint64_t femtoseconds) {
  if (circle_channels.empty() || limit_ == 0) return false;
  --limit_;
  ChannelBase* smallest =
      *std::min_element(circle_channels.begin(), circle_channels.end(),
                        [](const ChannelBase* a, const ChannelBase* b) { return a->capacity() < b->capacity(); });
  if (std::find(deepened_.begin(), deepened_.end(), smallest) == deepened_.end()) {
    deepened_.push_back(smallest);
    const auto known = std::find_if(report_.depths.begin(), report_.depths.end(),
                                    [&](const auto& d) { return d.channel == smallest->name(); });
    if (known == report_.depths.end()) report_.depths.push_back({smallest->name(), smallest->capacity(), 0});
  }
  // In the producer's clock, and not before the last evaluation of any block: time goes on from there.
  smallest->grow(1, smallest->producer()->clock().cycle_at(femtoseconds) + 1);
  return true;
}

void DepthSearch::finished(bool work_done) {
  report_.cured_by_depth = work_done;
  if (!work_done) return;
  for (auto& depth : report_.depths) {
    depth.sufficient = depth.depth;
    for (const ChannelBase* channel : deepened_)
      if (channel->name() == depth.channel) depth.sufficient = channel->capacity();
  }
}

std::ostream& operator<<(std::ostream& out, const DeadlockReport& report) {
  print_deadlock(out, report, "at " + std::to_string(report.femtoseconds / 1'000'000) + " ns");
  return out;
}

void print_deadlock(std::ostream& out, const DeadlockReport& report, const std::string& when) {
  out << "deadlock " << when << ": nothing in flight, nobody will act, work remains\n";
  if (!report.circle.empty()) {
    out << "  circle of waits: ";
    for (std::size_t i = 0; i < report.circle.size(); i += 2)
      out << report.circle[i] << " -(" << report.circle[i + 1] << ")-> ";
    out << report.circle.front() << "\n";
  }
  for (const auto& depth : report.depths) {
    out << "  FIFO " << depth.channel << " of depth " << depth.depth << " is full";
    if (depth.sufficient != 0) out << "; smallest depth that lets the run pass: " << depth.sufficient;
    out << "\n";
  }
  if (!report.cured_by_depth) out << "  no FIFO depth lets the run pass\n";
  for (const auto& block : report.blocks) {
    out << "  " << block.name << ": " << block.state;
    for (const std::string& wait : block.waits) out << "; waits " << wait;
    out << "\n";
  }
}

}  // namespace lutetia
