// Transaction body of the weight decoder: when things happen, as a recurrence over time stamps. Each line is one rule
// of README.md ("in t" there is a stamp here); nothing is ticked and no values exist. The environment says when a beat
// is offered and when an output is taken. Exact under every environment: stamps equal those of the cycle body and the
// RTL.
//
// After config.period() K groups no weight is left over, and the rules only take maxima and add constants: in a steady
// state every stamp moves by the same number of cycles from period to period; periodic_skip.h then jumps over the rest.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "kernel/periodic_skip.h"
#include "units/weight_decoder/weight_decoder_command.h"

namespace lutetia {

/// A cycle as a stamp; negative means before the start of time.
using Stamp = std::int64_t;

/// Everything the future depends on, at the end of a period. Arrays hold the newest stamp first.
struct WeightDecoderStamps {
  Stamp command_accept = -1;
  std::array<Stamp, 2> command_pop = {-1, -1};  ///< last step of a command
  Stamp code_accept = -1;
  std::array<Stamp, 2> code_pop = {-1, -1};
  Stamp step = -1;  ///< gather: a code taken, or a group loaded without one
  Stamp push = -1;  ///< emit: a plane written to the weight FIFO
  std::array<Stamp, 2> out_pop = {-1, -1};
};

/// Cycles by activity, the same names as WeightDecoderCycle::names(); `no_command` up to the last command only.
struct WeightDecoderActivity {
  std::int64_t busy = 0, no_command = 0, codes = 0, fill = 0, output = 0;
};

/// Environment: as that of the core (`offer`, `take`, `transfer_in`, `transfer_out`, `may_skip`):
/// `Stamp offer(input, earliest)`: first cycle >= earliest in which the next beat of the input is valid;
/// `Stamp take(earliest)`: first cycle >= earliest in which the receiver of `weight` is ready; `void transfer_in(input,
/// at)` and `void transfer_out(at)`: called for every transfer; `bool may_skip()`: offers depend on `earliest` and
/// constants only, so steady states may be skipped (and transfer_in/out are then not called for every beat).
template <class Environment>
class WeightDecoderRecurrence {
 public:
  explicit WeightDecoderRecurrence(const WeightDecoderConfig& config) : config_(config) {}

  const WeightDecoderStamps& stamps() const { return stamps_; }
  const WeightDecoderActivity& activity() const { return activity_; }

  void run(const WeightDecoderCommand& command, Environment& environment) {
    blocks_ = command.n_blocks;
    environment_ = &environment;
    WeightDecoderStamps& s = stamps_;
    s.command_accept = accept(WeightDecoderPort::kCommand, std::max(s.command_accept + 1, s.command_pop[1] + 1));
    seen_ = std::max(s.command_accept, s.command_pop[0]) + 1;
    repeat(command.row_blocks, [this, &command] { row_block(command.k_groups); });
    shift_in(s.command_pop, s.step);
  }

 private:
  template <std::size_t N>
  static void shift_in(std::array<Stamp, N>& ring, Stamp newest) {
    for (std::size_t i = N - 1; i > 0; --i) ring[i] = ring[i - 1];
    ring[0] = newest;
  }
  template <class Step>
  void repeat(std::uint64_t times, Step step) {
    if (environment_->may_skip()) return repeat_with_skip(stamps_, activity_, times, step);
    for (std::uint64_t i = 0; i < times; ++i) step();
  }
  Stamp accept(std::uint32_t input, Stamp earliest) {
    const Stamp at = environment_->offer(input, earliest);
    environment_->transfer_in(input, at);
    return at;
  }

  void row_block(std::uint32_t k_groups) {
    repeat(k_groups / config_.period(), [this] { k_groups_from_empty(config_.period()); });
    k_groups_from_empty(k_groups % config_.period());
  }

  void k_groups_from_empty(std::uint32_t count) {
    for (std::uint32_t j = 0; j < count; ++j) {
      const auto codes = static_cast<std::uint32_t>(config_.codes(j + 1) - config_.codes(j));
      for (std::uint32_t b = 0; b < blocks_; ++b) {
        gather(codes);
        for (std::uint32_t p = 0; p < WeightDecoderConfig::kPlanes; ++p) emit();
      }
    }
  }

  /// The four weights of a lane for one K group, into the group register.
  void gather(std::uint32_t codes) {
    WeightDecoderStamps& s = stamps_;
    const Stamp group_free = s.push;  // the cycle that empties the register may also load it
    const Stamp empty_from = group_free + 1;
    std::int64_t visible_steps = 0;  // while the register was empty
    if (codes == 0) s.step = std::max({s.step + 1, seen_, group_free});
    for (std::uint32_t c = 1; c <= codes; ++c) {
      s.code_accept = accept(WeightDecoderPort::kCode, std::max(s.code_accept + 1, s.code_pop[1] + 1));
      s.step = std::max({s.step + 1, seen_, s.code_accept + 1, c == codes ? group_free : Stamp{-1}});
      shift_in(s.code_pop, s.step);
      if (c < codes && s.step >= empty_from) ++visible_steps;
    }
    if (s.step < empty_from) return;
    ++visible_steps;
    const std::int64_t no_command = std::max<std::int64_t>(seen_ - empty_from, 0);
    activity_.fill += visible_steps;
    activity_.no_command += no_command;
    activity_.codes += s.step + 1 - empty_from - visible_steps - no_command;
  }

  /// One plane of the group register.
  void emit() {
    WeightDecoderStamps& s = stamps_;
    const Stamp full = std::max(s.push, s.step) + 1;
    s.push = std::max(full, s.out_pop[1] + 1);
    activity_.output += s.push - full;
    ++activity_.busy;
    const Stamp taken = environment_->take(std::max(s.push + 1, s.out_pop[0] + 1));
    environment_->transfer_out(taken);
    shift_in(s.out_pop, taken);
  }

  WeightDecoderConfig config_;
  std::uint32_t blocks_ = 1;
  Environment* environment_ = nullptr;
  Stamp seen_ = -1;  ///< the command stands at the front of its FIFO
  WeightDecoderStamps stamps_;
  WeightDecoderActivity activity_;
};

}  // namespace lutetia
