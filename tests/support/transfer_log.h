// Records every transfer between blocks and on the streams inside units: {where, what, cycle}, the material of the
// agreement law. Logs of two runs are compared as a whole.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "accelerator/machine.h"

namespace lutetia {

class TransferLog final : public TransferObserver, public StreamObserver {
 public:
  void attach(Machine& machine) {
    for (ChannelBase* channel : machine.channels()) channel->set_observer(this);
    machine.set_stream_observer(this);
  }
  void pushed(const ChannelBase& channel, Cycle at) override { log_[channel.name() + " push"].push_back(at); }
  void popped(const ChannelBase& channel, Cycle at) override { log_[channel.name() + " pop"].push_back(at); }
  void transfer(const ComputeUnit& unit, const std::string& port, Cycle at) override {
    log_[unit.name() + " stream " + port].push_back(at);
  }

  /// Cycles of the transfers at each place, in order.
  const std::map<std::string, std::vector<Cycle>>& transfers() const { return log_; }
  std::uint64_t size() const {
    std::uint64_t n = 0;
    for (const auto& [place, cycles] : log_) n += cycles.size();
    return n;
  }

  /// Empty if equal; otherwise where and when the first difference is.
  std::string difference(const TransferLog& other) const {
    std::string first;
    Cycle earliest = kNever;
    for (const auto& [place, cycles] : log_) {
      const auto found = other.log_.find(place);
      const std::vector<Cycle> none;
      const std::vector<Cycle>& theirs = found == other.log_.end() ? none : found->second;
      for (std::size_t i = 0; i < std::max(cycles.size(), theirs.size()); ++i) {
        const Cycle a = i < cycles.size() ? cycles[i] : kNever, b = i < theirs.size() ? theirs[i] : kNever;
        if (a == b) continue;
        if (std::min(a, b) < earliest) {
          earliest = std::min(a, b);
          first =
              place + " transfer " + std::to_string(i) + ": cycle " + std::to_string(a) + " and " + std::to_string(b);
        }
        break;
      }
    }
    if (first.empty() && log_.size() != other.log_.size()) return "transfers at other places";
    return first;
  }

 private:
  std::map<std::string, std::vector<Cycle>> log_;
};

}  // namespace lutetia
