#include "dataflow/node_stamps.h"

#include <array>
#include <utility>

namespace lutetia::dataflow {
namespace {

constexpr Cycle kAlwaysRoom = 0;

/// A FIFO at one of its ends during a batch, in registers: rings do not move and the other end stands still.
class Taking {
 public:
  Taking(NodeStamps& node, std::uint32_t input)
      : fifo_(*node.in[input]),
        log_(node.in_log.empty() ? nullptr : node.in_log[input]),
        wait_(node.wait_data[input]),
        slots_(fifo_.slots.data()),
        slot_mask_(fifo_.slots.size() - 1),
        free_at_(fifo_.free_at.data()),
        free_mask_(fifo_.free_at.size() - 1),
        taken_(fifo_.taken),
        issued_(fifo_.issued),
        occupancy_(fifo_.occupancy) {}

  Cycle visible() const { return slots_[taken_ & slot_mask_].visible; }
  void waited(Cycle cycles) { wait_ += cycles; }
  template <bool kLog>
  void take(Cycle at) {
    free_at_[taken_ & free_mask_] = at + 1;
    while (taken_ + occupancy_ < issued_ && slots_[(taken_ + occupancy_) & slot_mask_].issued <= at) ++occupancy_;
    ++taken_;
    if (kLog) log_->taken.push_back(at);
  }
  void store(NodeStamps& node, std::uint32_t input) const {
    fifo_.taken = taken_;
    fifo_.occupancy = occupancy_;
    node.wait_data[input] = wait_;
  }

 private:
  FifoStamps& fifo_;
  Transfers* log_;
  Cycle wait_;
  const FifoStamps::Slot* slots_;
  std::uint64_t slot_mask_;
  Cycle* free_at_;
  std::uint64_t free_mask_, taken_, issued_, occupancy_;
};

class Giving {
 public:
  Giving(NodeStamps& node, std::uint32_t output)
      : fifo_(*node.out[output]),
        log_(node.out_log.empty() ? nullptr : node.out_log[output]),
        wait_(node.wait_space[output]),
        slots_(fifo_.slots.data()),
        slot_mask_(fifo_.slots.size() - 1),
        free_at_(fifo_.free_at.data()),
        room_(fifo_.bounded ? free_at_ : &kAlwaysRoom),
        free_mask_(fifo_.free_at.size() - 1),
        room_mask_(fifo_.bounded ? free_mask_ : 0),
        depth_(fifo_.depth),
        taken_(fifo_.taken),
        issued_(fifo_.issued),
        occupancy_(fifo_.occupancy) {}

  /// From when on there is a slot. Before `depth` elements were issued, the ring holds the zero it began with.
  Cycle room_at() const { return room_[(issued_ - depth_) & room_mask_]; }
  void waited(Cycle cycles) { wait_ += cycles; }
  template <bool kLog>
  void issue(Cycle at, Cycle visible) {
    slots_[issued_ & slot_mask_] = {visible, at};
    // Of elements that were not taken yet, the taking compares.
    if (issued_ - occupancy_ < taken_ && free_at_[(issued_ - occupancy_) & free_mask_] > at) ++occupancy_;
    ++issued_;
    if (kLog) log_->issued.push_back(at), log_->visible.push_back(visible);
  }
  void store(NodeStamps& node, std::uint32_t output) const {
    fifo_.issued = issued_;
    fifo_.occupancy = occupancy_;
    node.wait_space[output] = wait_;
  }

 private:
  FifoStamps& fifo_;
  Transfers* log_;
  Cycle wait_;
  FifoStamps::Slot* slots_;
  std::uint64_t slot_mask_;
  const Cycle* free_at_;
  const Cycle* room_;
  std::uint64_t free_mask_, room_mask_, depth_, taken_, issued_, occupancy_;
};

/// Takes an element of every input; the cycle is that of the last to arrive, the first of equals.
template <bool kLog, class Inputs>
[[gnu::always_inline]] inline Cycle take_all(Inputs& in, Cycle clock) {
  Cycle at = clock;
  std::size_t last = in.size();
  for (std::size_t k = 0; k < in.size(); ++k)
    if (in[k].visible() > at) at = in[k].visible(), last = k;
  if (last < in.size()) in[last].waited(at - clock);
  for (auto& x : in) x.template take<kLog>(at);
  return at;
}

/// Issues to all outputs at once, when the last of them has room.
template <bool kLog, class Outputs>
[[gnu::always_inline]] inline Cycle issue_all(Outputs& out, Cycle taken_at, std::uint64_t latency) {
  Cycle at = taken_at;
  std::size_t last = out.size();
  for (std::size_t k = 0; k < out.size(); ++k)
    if (out[k].room_at() > at) at = out[k].room_at(), last = k;
  if (last < out.size()) out[last].waited(at - taken_at);
  const Cycle visible = std::max(taken_at + latency, at + 1);
  for (auto& x : out) x.template issue<kLog>(at, visible);
  return at;
}

template <bool kLog, class Inputs, class Outputs>
void fire_all(NodeStamps& node, Inputs& in, Outputs& out, std::uint64_t count) {
  const std::uint64_t latency = node.node->latency, interval = node.node->interval;
  Cycle clock = node.clock, issued = node.taken_at;
  for (std::uint64_t n = 0; n < count; ++n) {
    issued = issue_all<kLog>(out, take_all<kLog>(in, clock), latency);
    clock = issued + interval;
  }
  node.taken_at = issued;  // the last event, for reports
  node.clock = clock;
}

// Ends of one FIFO each, in an array whose size the compiler knows: almost all nodes have few.
template <std::size_t... k>
std::array<Taking, sizeof...(k)> ends_in(NodeStamps& node, const std::vector<std::uint32_t>& takes,
                                         std::index_sequence<k...>) {
  (void)node, (void)takes;
  return {Taking(node, takes[k])...};
}
template <std::size_t... k>
std::array<Giving, sizeof...(k)> ends_out(NodeStamps& node, std::index_sequence<k...>) {
  (void)node;
  return {Giving(node, k)...};
}
template <class Inputs>
void store_in(NodeStamps& node, const std::vector<std::uint32_t>& takes, const Inputs& in) {
  for (std::size_t k = 0; k < in.size(); ++k) in[k].store(node, takes[k]);
}
template <class Outputs>
void store_out(NodeStamps& node, const Outputs& out) {
  for (std::uint32_t k = 0; k < out.size(); ++k) out[k].store(node, k);
}

/// Calls f(in, out) with the ends of the FIFOs, and keeps what they have become.
template <std::size_t kIn, std::size_t kOut, class F>
void with_few(NodeStamps& node, const std::vector<std::uint32_t>& takes, F f) {
  auto in = ends_in(node, takes, std::make_index_sequence<kIn>());
  auto out = ends_out(node, std::make_index_sequence<kOut>());
  f(in, out);
  store_in(node, takes, in);
  store_out(node, out);
}
template <class F>
void with_many(NodeStamps& node, const std::vector<std::uint32_t>& takes, std::size_t outputs, F f) {
  std::vector<Taking> in;
  std::vector<Giving> out;
  for (const std::uint32_t k : takes) in.emplace_back(node, k);
  for (std::uint32_t k = 0; k < outputs; ++k) out.emplace_back(node, k);
  f(in, out);
  store_in(node, takes, in);
  store_out(node, out);
}
template <class F>
void with_ends(NodeStamps& node, const std::vector<std::uint32_t>& takes, std::size_t outputs, F f) {
  constexpr std::size_t kFew = 4;
  switch (takes.size() < kFew && outputs < kFew ? takes.size() * kFew + outputs : kFew * kFew) {
    case 0 * kFew + 1: return with_few<0, 1>(node, takes, f);
    case 0 * kFew + 2: return with_few<0, 2>(node, takes, f);
    case 0 * kFew + 3: return with_few<0, 3>(node, takes, f);
    case 1 * kFew + 0: return with_few<1, 0>(node, takes, f);
    case 1 * kFew + 1: return with_few<1, 1>(node, takes, f);
    case 1 * kFew + 2: return with_few<1, 2>(node, takes, f);
    case 2 * kFew + 0: return with_few<2, 0>(node, takes, f);
    case 2 * kFew + 1: return with_few<2, 1>(node, takes, f);
    case 2 * kFew + 2: return with_few<2, 2>(node, takes, f);
    case 3 * kFew + 0: return with_few<3, 0>(node, takes, f);
    case 3 * kFew + 1: return with_few<3, 1>(node, takes, f);
    default: return with_many(node, takes, outputs, f);
  }
}

bool logs(const NodeStamps& node) {
  return !node.in_log.empty() || !node.out_log.empty();
}

}  // namespace

void fire_batch(NodeStamps& node, const std::vector<std::uint32_t>& takes, bool gives, std::uint64_t count) {
  for (const std::uint32_t k : takes) node.in[k]->prepare(count);
  if (gives)
    for (FifoStamps* fifo : node.out) fifo->prepare(count);
  with_ends(node, takes, gives ? node.out.size() : 0, [&](auto& in, auto& out) {
    logs(node) ? fire_all<true>(node, in, out, count) : fire_all<false>(node, in, out, count);
  });
  node.count(count);
}

void take_operands(NodeStamps& node, const std::vector<std::uint32_t>& takes) {
  for (const std::uint32_t k : takes) node.in[k]->prepare(1);
  with_ends(node, takes, 0, [&](auto& in, auto&) {
    node.taken_at = logs(node) ? take_all<true>(in, node.clock) : take_all<false>(in, node.clock);
  });
  node.holds = true;
}

void issue_held(NodeStamps& node) {
  static const std::vector<std::uint32_t> kNone;
  for (FifoStamps* fifo : node.out) fifo->prepare(1);
  with_ends(node, kNone, node.out.size(), [&](auto&, auto& out) {
    const std::uint64_t latency = node.node->latency;
    node.taken_at =
        logs(node) ? issue_all<true>(out, node.taken_at, latency) : issue_all<false>(out, node.taken_at, latency);
  });
  node.clock = node.taken_at + node.node->interval;
  node.holds = false;
  node.count(1);
}

}  // namespace lutetia::dataflow
