// Toy blocks for kernel tests: sources, pipelines, forks, joins and gatherers, all of one class, joined into graphs
// whose every transfer is recorded.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "kernel/channel.h"
#include "kernel/kernel.h"

namespace lutetia {

struct ToyShape {
  std::uint64_t makes = 0;   ///< tokens made out of nothing (a source)
  Cycle delay = 1;           ///< from taking to giving
  Cycle interval = 1;        ///< least distance of two takes
  std::uint32_t gather = 1;  ///< takes so many before giving any (then gives as many)
};

/// Takes one token from every input at once, gives one to every output at once.
class Toy final : public Clocked {
 public:
  Toy(const std::string& name, const ClockDomain& clock, const ToyShape& shape) : Clocked(name, clock), shape_(shape) {}

  void tick(Cycle now) override {
    EXPECT_TRUE(ticks_ == 0 || now > last_tick_) << name() << " goes back in time";
    last_tick_ = now;
    ++ticks_;
    if (can_give(now)) {
      for (Channel<int>* output : outputs) output->push(now, 0);
      due_.pop_front();
    }
    if (!can_take(now)) return;
    for (Channel<int>* input : inputs) input->pop(now);
    ++taken_;
    next_take_ = now + shape_.interval;
    if (outputs.empty()) return;
    if (++gathered_ < shape_.gather) return;
    for (; gathered_ > 0; --gathered_) due_.push_back(now + shape_.delay);
  }
  Cycle next_event(Cycle now) const override {
    Cycle give = kNever, take = kNever;
    if (!due_.empty()) {
      give = std::max(now + 1, due_.front());
      for (const Channel<int>* output : outputs) give = std::max(give, output->next_push(now));
    }
    if (has_room()) {
      take = std::max(now + 1, next_take_);
      for (const Channel<int>* input : inputs) take = std::max(take, input->next_pop(now));
    }
    return std::min(give, take);
  }
  void print_state(std::ostream& out) const override { out << taken_ << " taken, " << due_.size() << " to give"; }
  std::vector<Wait> waits(Cycle) const override {
    std::vector<Wait> out;
    if (!due_.empty())
      for (const Channel<int>* output : outputs)
        if (output->full()) out.push_back({output, Wait::For::kSpace});
    if (has_room())
      for (const Channel<int>* input : inputs)
        if (input->occupancy() == 0) out.push_back({input, Wait::For::kData});
    return out;
  }

  std::uint64_t taken() const { return taken_; }
  std::uint64_t ticks() const { return ticks_; }
  std::vector<Channel<int>*> inputs, outputs;

 private:
  bool has_room() const {
    if (inputs.empty() && taken_ == shape_.makes) return false;
    return due_.size() + gathered_ < std::max(shape_.gather, 2u);
  }
  bool can_give(Cycle now) const {
    return !due_.empty() && due_.front() <= now &&
           std::all_of(outputs.begin(), outputs.end(), [&](const auto* c) { return c->can_push(now); });
  }
  bool can_take(Cycle now) const {
    return has_room() && next_take_ <= now &&
           std::all_of(inputs.begin(), inputs.end(), [&](const auto* c) { return c->can_pop(now); });
  }

  ToyShape shape_;
  std::deque<Cycle> due_;
  std::uint32_t gathered_ = 0;
  std::uint64_t taken_ = 0, ticks_ = 0;
  Cycle next_take_ = 0, last_tick_ = 0;
};

/// Cycles of all transfers, by channel and direction.
using Stamps = std::map<std::string, std::vector<Cycle>>;

class ToyGraph final : public TransferObserver {
 public:
  Toy& add(const std::string& name, const ToyShape& shape, const ClockDomain& clock = {}) {
    blocks_.push_back(std::make_unique<Toy>(name, clock, shape));
    return *blocks_.back();
  }
  Channel<int>& join(Toy& from, Toy& to, const ChannelSpec& spec) {
    channels_.push_back(std::make_unique<Channel<int>>(spec));
    Channel<int>& channel = *channels_.back();
    channel.connect(&from, &to);
    channel.set_observer(this);
    from.outputs.push_back(&channel);
    to.inputs.push_back(&channel);
    return channel;
  }
  /// Runs until every block without outputs has taken `tokens`.
  RunOutcome run(
      Kernel& kernel, std::uint64_t tokens, const std::function<bool()>& interrupted = [] { return false; }) {
    for (const auto& block : blocks_) kernel.add(*block);
    return kernel.run(
        [&] {
          return std::all_of(blocks_.begin(), blocks_.end(),
                             [&](const auto& b) { return !b->outputs.empty() || b->taken() == tokens; });
        },
        interrupted);
  }
  const Stamps& stamps() const { return stamps_; }
  const std::vector<std::unique_ptr<Toy>>& blocks() const { return blocks_; }

  void pushed(const ChannelBase& channel, Cycle at) override { stamps_[channel.name() + " push"].push_back(at); }
  void popped(const ChannelBase& channel, Cycle at) override { stamps_[channel.name() + " pop"].push_back(at); }

 private:
  std::vector<std::unique_ptr<Toy>> blocks_;
  std::vector<std::unique_ptr<Channel<int>>> channels_;
  Stamps stamps_;
};

}  // namespace lutetia
