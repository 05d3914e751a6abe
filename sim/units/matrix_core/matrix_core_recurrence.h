// Transaction body of the matrix core, part 1: when things happen, as a recurrence over time stamps. Each line is
// one rule of README.md ("in t" there is a stamp here); nothing is ticked and no values exist. The environment says
// when a beat is offered and when an output is taken; the machine's environment is matrix_core_transaction.h, the
// co-simulation's replays stalls. Exact under every environment: stamps equal those of the cycle body and the RTL.
//
// In a steady state every stamp moves by the same number of cycles from K group to K group (scale group to scale group,
// row block to row block), because the rules only take maxima and add constants; periodic_skip.h then jumps over the
// rest.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "kernel/periodic_skip.h"
#include "units/matrix_core/matrix_core_command.h"

namespace lutetia {

/// A cycle as a stamp; negative means before the start of time.
using Stamp = std::int64_t;

/// Everything the future depends on. Arrays hold the newest stamp first.
struct MatrixCoreStamps {
  static constexpr std::size_t kMaxPlaneBuffer = 8;
  static constexpr std::size_t kStages = 6;  ///< of the epilogue, at most

  Stamp command_accept = -1;
  std::array<Stamp, 2> load = {-1, -1};  ///< command register loaded
  Stamp act_accept = -1;
  std::array<Stamp, 2> act_pop = {-1, -1};
  Stamp front_load = -1;                           ///< segment stage: command register loaded
  Stamp front_last = -1;                           ///< last act beat of the newest command taken
  Stamp header = -1;                               ///< row scales of the newest segment taken from the act stream
  Stamp collect = -1;                              ///< newest beat popped into a half of codes
  Stamp scaling = -1;                              ///< newest beat aligned into a half of integers
  Stamp emit = -1;                                 ///< emit register loaded
  Stamp emit_full = -1;                            ///< half being emitted was full, and the row scale FIFO was not
  std::array<Stamp, 2> codes_freed = {-1, -1};     ///< last read of the two newest halves of codes
  std::array<Stamp, 2> integers_freed = {-1, -1};  ///< and of integers
  Stamp stage1 = -1;                               ///< table generator: stage 1 loaded
  Stamp stage2 = -1;                               ///< stage 2 moved, the shadow operands were written
  Stamp stage3 = -1;                               ///< quantized tables: the shadow operands were written
  Stamp swap = -1;                                 ///< shadow operands became active
  Stamp release = -1;                              ///< last fire with the active operands
  Stamp weight_accept = -1;
  std::array<Stamp, kMaxPlaneBuffer> fire = filled<kMaxPlaneBuffer>();
  std::array<Stamp, 4> drained = filled<4>();  ///< last drain beat of the newest scale groups
  Stamp drain_issue = -1;
  Stamp scale_accept = -1;
  std::array<Stamp, 2> scale_pop = {-1, -1};
  Stamp fill_accept = -1;
  std::array<Stamp, 2> fill_pop = {-1, -1};
  std::array<Stamp, kStages> result_visible = filled<kStages>();  ///< beat stands in f3
  std::array<Stamp, kStages> result_leave = filled<kStages>();    ///< beat leaves f3
  std::array<Stamp, 2> out_pop = {-1, -1};

 private:
  template <std::size_t N>
  static constexpr std::array<Stamp, N> filled() {
    std::array<Stamp, N> a{};
    for (Stamp& s : a) s = -1;
    return a;
  }
};

/// Cycles of the fire controller by activity, the same names as MatrixCoreCycle::names().
struct MatrixCoreActivity {
  std::int64_t busy = 0, no_command = 0, operands = 0, weights = 0, epilogue = 0;
};

/// Environment: `Stamp offer(input, earliest)`: first cycle >= earliest in which the next beat of the input is valid;
/// `Stamp take(earliest)`: first cycle >= earliest in which the receiver of `out` is ready; `void transfer_in(input,
/// at)` and `void transfer_out(at)`: called for every transfer; `bool may_skip()`: offers depend on `earliest` and
/// constants only, so steady states may be skipped (and transfer_in/out are then not called for every beat).
template <class Environment>
class MatrixCoreRecurrence {
 public:
  explicit MatrixCoreRecurrence(const MatrixCoreShape& shape) : shape_(shape) {}

  const MatrixCoreStamps& stamps() const { return state_.stamps; }
  const MatrixCoreActivity& activity() const { return state_.activity; }

  void run(const MatrixCoreCommand& command, Environment& environment) {
    command_ = command;
    environment_ = &environment;
    accept_command();
    const std::uint32_t blocks = command.row_blocks(shape_);
    repeat(blocks - 1, [this] { row_block(shape_.rows); });
    row_block(command_.rows_in_block(shape_, blocks - 1));
  }

 private:
  struct State {
    MatrixCoreStamps stamps;
    MatrixCoreActivity activity;
  };

  template <std::size_t N>
  static void shift_in(std::array<Stamp, N>& ring, Stamp newest) {
    for (std::size_t i = N - 1; i > 0; --i) ring[i] = ring[i - 1];
    ring[0] = newest;
  }
  template <class Step>
  void repeat(std::uint64_t times, Step step) {
    if (environment_->may_skip()) return repeat_with_skip(state_.stamps, state_.activity, times, step);
    for (std::uint64_t i = 0; i < times; ++i) step();
  }
  Stamp accept(std::uint32_t input, Stamp earliest) {
    const Stamp at = environment_->offer(input, earliest);
    environment_->transfer_in(input, at);
    return at;
  }

  void accept_command() {
    MatrixCoreStamps& s = state_.stamps;
    s.command_accept = accept(MatrixCorePort::kCommand, std::max(s.command_accept + 1, s.load[1] + 1));
    shift_in(s.load, std::max(s.command_accept + 1, s.fire[0]));
    s.front_load = std::max(s.command_accept + 1, s.front_last);
  }

  void row_block(std::uint32_t rows) {
    const std::uint32_t groups = command_.scale_groups();
    if (groups == 1) return scale_group(command_.k_groups, rows, true, true);
    scale_group(command_.scale_group_length, rows, true, false);
    repeat(groups - 2, [this, rows] { scale_group(command_.scale_group_length, rows, false, false); });
    scale_group(command_.k_groups_in(groups - 1), rows, false, true);
  }

  void scale_group(std::uint32_t k_groups, std::uint32_t rows, bool first, bool last) {
    if (shape_.row_scales()) begin_segment(k_groups);
    repeat(k_groups, [this] { k_group(); });
    if (shape_.row_scales()) end_segment();
    drain(rows, first && command_.fill, last);
  }

  void k_group() {
    MatrixCoreStamps& s = state_.stamps;
    ready_operands();
    const Stamp bank_free = s.drained[1];
    const std::uint32_t fires = command_.n_blocks * command_.planes;
    for (std::uint32_t i = 0; i < fires; ++i) {
      s.weight_accept =
          accept(MatrixCorePort::kWeight, std::max(s.weight_accept + 1, s.fire[shape_.weight_buffer_depth() - 1] + 1));
      const Stamp idle_from = s.fire[0] + 1;
      const Stamp has_command = std::max(idle_from, s.load[0] + 1);
      const Stamp has_operands = std::max(has_command, s.swap + 1);
      const Stamp has_weights = std::max(has_operands, s.weight_accept + 1);
      const Stamp fire = std::max(has_weights, bank_free + 1);
      MatrixCoreActivity& a = state_.activity;
      a.no_command += has_command - idle_from;
      a.operands += has_operands - has_command;
      a.weights += has_weights - has_operands;
      a.epilogue += fire - has_weights;
      ++a.busy;
      shift_in(s.fire, fire);
    }
    s.release = s.fire[0];
  }

  /// Collects a segment of floating-point activations and, if tables are quantized, scales its integers; or takes the
  /// header of ready-made tables.
  void begin_segment(std::uint32_t k_groups) {
    MatrixCoreStamps& s = state_.stamps;
    if (shape_.ready_operands) {
      accept_activations();
      s.header = std::max({s.act_accept + 1, s.stage2 + 1, s.front_load + 1, s.drained[3] + 1});
      shift_in(s.act_pop, s.header);
      return;
    }
    const Stamp codes_free = s.codes_freed[1];
    for (std::uint32_t j = 0; j < k_groups; ++j) {
      accept_activations();
      s.collect = std::max({s.act_accept + 1, s.collect + 1, s.front_load + 1, codes_free + 1});
      shift_in(s.act_pop, s.collect);
    }
    s.front_last = s.collect;
    s.emit_full = std::max(s.collect, s.drained[3]);  // the row scale FIFO must take one more
    if (!shape_.quantized_tables) return;
    const Stamp integers_free = s.integers_freed[1];
    for (std::uint32_t j = 0; j < k_groups; ++j) s.scaling = std::max({s.collect, s.scaling, integers_free}) + 1;
    s.emit_full = std::max(s.scaling, s.drained[3]);
    shift_in(s.codes_freed, s.scaling);
  }
  void end_segment() {
    MatrixCoreStamps& s = state_.stamps;
    if (shape_.ready_operands)
      s.front_last = s.stage2;
    else
      shift_in(shape_.quantized_tables ? s.integers_freed : s.codes_freed, s.emit);
  }
  void accept_activations() {
    MatrixCoreStamps& s = state_.stamps;
    s.act_accept = accept(MatrixCorePort::kActivation, std::max(s.act_accept + 1, s.act_pop[1] + 1));
  }

  void ready_operands() {
    MatrixCoreStamps& s = state_.stamps;
    if (shape_.build_interval == 0) {
      accept_activations();
      s.stage2 = std::max({s.act_accept + 1, s.stage2 + 1, s.header + 1, s.swap});
      shift_in(s.act_pop, s.stage2);
      s.swap = std::max(s.stage2 + 1, s.release);
      return;
    }
    if (!shape_.row_scales())
      accept_activations();
    else
      s.emit = std::max({s.emit_full + 1, s.emit + 1, s.stage1});  // the register is taken by stage 1
    const Stamp source = shape_.row_scales() ? s.emit : s.act_accept;
    for (std::uint32_t group = 0; group < shape_.build_interval; ++group) {
      const Stamp shadow_free = group == 0 ? s.swap : Stamp{-1};
      s.stage1 = std::max({source + 1, s.stage1 + 1, s.stage2});
      if (shape_.quantized_tables) {
        s.stage2 = std::max({s.stage1 + 1, s.stage2 + 1, s.stage3});
        s.stage3 = std::max({s.stage2 + 1, s.stage3 + 1, shadow_free});
      } else {
        s.stage2 = std::max({s.stage1 + 1, s.stage2 + 1, shadow_free});
      }
    }
    if (!shape_.row_scales()) shift_in(s.act_pop, s.stage1);
    s.swap = std::max((shape_.quantized_tables ? s.stage3 : s.stage2) + 1, s.release);
  }

  void drain(std::uint32_t rows, bool fill, bool output) {
    const std::uint32_t steps = MatrixCoreCommand::drain_steps(shape_, rows);
    MatrixCoreStamps& s = state_.stamps;
    const Stamp bank_full = s.fire[0] + 2;
    const std::uint32_t chunks = command_.n_blocks * shape_.chunks();
    for (std::uint32_t chunk = 0; chunk < chunks; ++chunk) {
      s.scale_accept = accept(MatrixCorePort::kScale, std::max(s.scale_accept + 1, s.scale_pop[1] + 1));
      for (std::uint32_t m = 0; m < steps; ++m) {
        if (fill) s.fill_accept = accept(MatrixCorePort::kFill, std::max(s.fill_accept + 1, s.fill_pop[1] + 1));
        const Stamp operands = std::max(s.scale_accept + 1, fill ? s.fill_accept + 1 : Stamp{-1});
        s.drain_issue = moving(std::max({s.drain_issue + 1, bank_full, operands}));
        if (fill) shift_in(s.fill_pop, s.drain_issue);
        leave_pipeline(output);
      }
      shift_in(s.scale_pop, s.drain_issue);
    }
    shift_in(s.drained, s.drain_issue);
  }

  /// First cycle from `at` on in which the epilogue pipeline moves: not while a result waits for the out FIFO.
  Stamp moving(Stamp at) const {
    const MatrixCoreStamps& s = state_.stamps;
    for (std::size_t i = shape_.epilogue_stages(); i-- > 0;)
      if (s.result_visible[i] <= at && at < s.result_leave[i]) at = s.result_leave[i];
    return at;
  }

  /// The beat issued last goes through the pipeline, which stands still while an earlier result waits.
  void leave_pipeline(bool output) {
    MatrixCoreStamps& s = state_.stamps;
    Stamp visible = s.drain_issue + static_cast<Stamp>(shape_.epilogue_stages());
    for (std::size_t i = 0; i < shape_.epilogue_stages(); ++i)
      if (s.result_visible[i] > s.drain_issue) visible += s.result_leave[i] - s.result_visible[i];
    const Stamp leave = output ? std::max(visible, s.out_pop[1] + 1) : visible;
    shift_in(s.result_visible, visible);
    shift_in(s.result_leave, leave);
    if (!output) return;
    const Stamp taken = environment_->take(std::max(leave + 1, s.out_pop[0] + 1));
    environment_->transfer_out(taken);
    shift_in(s.out_pop, taken);
  }

  MatrixCoreShape shape_;
  MatrixCoreCommand command_;
  Environment* environment_ = nullptr;
  State state_;
};

}  // namespace lutetia
