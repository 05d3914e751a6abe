// Transaction body of the attention unit: when things happen, as a recurrence over time stamps. Each line is one rule
// of README.md ("in t" there is a stamp here); nothing is ticked and no values exist. The environment says when a beat
// is offered and when an output is taken. Exact under every environment: stamps equal those of the cycle body and the
// RTL.
//
// The order of evaluation: command by command, and in a command the queries, then item by item (states, then blocks),
// then the results. An item goes through scores, softmax and accumulate before the next one is looked at, which every
// slot allows: what an item waits for, however deep the FIFOs, are pops of items before it. Only a fire that can wait
// for something is computed by itself: the contexts of a chunk but the first follow each other, except where they meet
// a FIFO between nodes (the last chunk of keys, the first of values).
//
// Blocks are all alike, and the rules only take maxima and add constants: in a steady state every stamp moves by the
// same number of cycles every few blocks; period_search.h then jumps over the rest.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "kernel/period_search.h"
#include "kernel/stamp_fifo.h"
#include "units/attention/attention_words.h"

namespace lutetia {

/// Newest event of each node.
struct AttentionStamps {
  Stamp fork = -1;
  Stamp load = -1;        ///< a query beat popped
  Stamp score = -1;       ///< a fire, or a null cycle
  Stamp softmax = -1;     ///< an item
  Stamp accumulate = -1;  ///< a fire
  Stamp normalise = -1;   ///< a beat issued
  Stamp out = -1;         ///< a transfer
};

/// Cycles of the scores node by activity, the same names as the cycle body's; `idle` up to the last command only.
struct AttentionActivity {
  std::int64_t busy = 0, idle = 0, queries = 0, keys = 0, downstream = 0;
};

/// Environment: `Stamp offer(input, earliest)`: first cycle >= earliest in which the next beat of the input is valid;
/// `Stamp take(earliest)`: first cycle >= earliest in which the receiver of `out` is ready; `void transfer_in(input,
/// at)` and `void transfer_out(at)`: called for every transfer; `bool may_skip()`: offers depend on `earliest` and
/// constants only, so steady states may be skipped (and transfer_in/out are then not called for every beat).
template <class Environment>
class AttentionRecurrence {
 public:
  explicit AttentionRecurrence(const AttentionConfig& config)
      : config_(config),
        scores_(config.score_fifo),
        probabilities_(config.probability_fifo),
        outputs_(config.output_fifo) {
    for (std::uint32_t i = 0; i < AttentionPort::kInputs; ++i)
      inputs_[i].fifo = StampFifo(AttentionPort::depth(config, i));
    commands_.fill(StampFifo(AttentionConfig::kStreamDepth));
  }

  const AttentionStamps& stamps() const { return stamps_; }
  const AttentionActivity& activity() const { return activity_; }
  /// Of the newest beat accepted.
  Stamp accepted(std::uint32_t input) const { return inputs_[input].accepted; }
  /// As those of the cycle body, in the same order.
  std::vector<FifoOccupancy> fifo_occupancies() const {
    std::vector<FifoOccupancy> all;
    for (std::uint32_t i = 0; i < AttentionPort::kInputs; ++i)
      all.push_back(inputs_[i].fifo.occupancy(AttentionPort::inputs(config_)[i].name));
    all.push_back(scores_.occupancy("score"));
    all.push_back(probabilities_.occupancy("probability"));
    all.push_back(outputs_.occupancy("out"));
    constexpr const char* kCommands[] = {"query_cmd", "scores_cmd", "softmax_cmd", "accumulate_cmd", "normalise_cmd"};
    for (std::uint32_t n = 0; n < kNodes; ++n) all.push_back(commands_[n].occupancy(kCommands[n]));
    return all;
  }

  void run(const AttentionCommand& command, Environment& environment) {
    command_ = command;
    environment_ = &environment;
    fork();
    if (command.open) load_queries();
    begin_accumulators();
    for (std::uint32_t s = 0; s < command.states; ++s) state();
    if (command.block_count() > 0)
      repeat_blocks();
    else
      null_cycle();
    end();
  }

 private:
  enum Node : std::uint32_t { kLoader, kScores, kSoftmax, kAccumulate, kNormalise, kNodes };
  struct Input {
    StampFifo fifo;
    Stamp accepted = -1;
  };

  /// First cycle in which the next beat of the input is there to be used.
  Stamp accept(std::uint32_t input) {
    Input& in = inputs_[input];
    in.accepted = environment_->offer(input, std::max(in.accepted + 1, in.fifo.free()));
    in.fifo.enter(in.accepted);
    environment_->transfer_in(input, in.accepted);
    return in.accepted + 1;
  }
  void pop(std::uint32_t input, Stamp at) { inputs_[input].fifo.leave(at); }
  static bool begins_group(std::uint32_t chunk, std::uint32_t group) { return group != 0 && chunk % group == 0; }
  static bool ends_group(std::uint32_t chunk, std::uint32_t chunks, std::uint32_t group) {
    return group != 0 && (chunk + 1 == chunks || (chunk + 1) % group == 0);
  }

  void fork() {
    Stamp at = std::max(stamps_.fork + 1, accept(AttentionPort::kCommand));
    for (const StampFifo& commands : commands_) at = std::max(at, commands.free());
    pop(AttentionPort::kCommand, at);
    stamps_.fork = at;
    for (const Node node : {kLoader, kScores, kSoftmax, kAccumulate, kNormalise})
      if ((node != kLoader || command_.open) && (node != kNormalise || command_.close)) commands_[node].enter(at);
    command_seen_ = at + 1;
  }

  void load_queries() {
    Stamp earliest = std::max(command_seen_, query_banks_.free());
    for (std::uint32_t c = 0; c < command_.contexts; ++c) {
      earliest = std::max(earliest, accept(AttentionPort::kRow));
      for (std::uint32_t j = 0; j < command_.key_chunks; ++j) {
        stamps_.load = std::max({stamps_.load + 1, earliest, accept(AttentionPort::kQuery)});
        if (j == 0) pop(AttentionPort::kRow, stamps_.load);
        pop(AttentionPort::kQuery, stamps_.load);
      }
    }
    commands_[kLoader].leave(stamps_.load);
    queries_full_ = stamps_.load + 1;
  }

  void begin_accumulators() {
    const bool one = command_.contexts == 1 && command_.value_chunks == 1;
    accumulator_interval_ = one ? 2 : 1;
    const Stamp bank_free = command_.open ? accumulator_banks_.free() : -1;
    // The first fire after `open` is one into another bank.
    accumulate_from_ =
        std::max({stamps_.accumulate + (command_.open ? 1 : accumulator_interval_), command_seen_, bank_free});
  }

  void repeat_blocks() {
    const std::uint64_t times = command_.block_count();
    if (!environment_->may_skip()) {
      for (std::uint64_t b = 0; b < times; ++b) block();
      return;
    }
    search_.repeat([this](auto& f) { return visit_block_stamps(f); }, activity_, times, [this] { block(); });
  }

  /// A partial result: an item that brings its own maximum, and its accumulators beat by beat.
  void state() {
    for (std::uint32_t c = 0; c < command_.contexts; ++c) {
      const Stamp at = softmax(accept(AttentionPort::kState));
      pop(AttentionPort::kState, at);
      accumulate_item(accept(AttentionPort::kPartial));
      pop(AttentionPort::kPartial, stamps_.accumulate);
    }
    for (std::uint32_t i = (command_.value_chunks - 1) * command_.contexts; i > 0; --i) {
      accumulate(accept(AttentionPort::kPartial));
      pop(AttentionPort::kPartial, stamps_.accumulate);
    }
  }

  void block() {
    const std::uint32_t contexts = command_.contexts, last_keys = command_.key_chunks - 1;
    for (std::uint32_t j = 0; j < last_keys; ++j) {
      stamps_.score = keys(j) + contexts - 1;
      pop_keys(j);
    }
    Stamp ready = keys(last_keys);
    Stamp value = values(0);
    for (std::uint32_t c = 0; c < contexts; ++c) {
      score(ready);
      ready = stamps_.score + 1;
      Stamp operands = stamps_.score + AttentionConfig::kScoreLatency;
      if (command_.masked) operands = std::max(operands, accept(AttentionPort::kMask));
      const Stamp at = softmax(operands);
      scores_.leave(at);
      if (command_.masked) pop(AttentionPort::kMask, at);
      accumulate_item(value);
    }
    pop_keys(last_keys);
    pop_values(0);
    for (std::uint32_t j = 1; j < command_.value_chunks; ++j) {
      accumulate(values(j));
      stamps_.accumulate += contexts - 1;
      accumulate_from_ = stamps_.accumulate + 1;
      pop_values(j);
    }
  }

  /// First cycle in which a chunk of keys can be fired, but for a score slot; and where the time until then went. The
  /// whole chunk is busy.
  Stamp keys(std::uint32_t chunk) {
    Stamp operands = accept(AttentionPort::kKey);
    if (begins_group(chunk, command_.key_group)) operands = std::max(operands, accept(AttentionPort::kKeyScale));
    const Stamp has_queries = wait_for_queries();
    const Stamp ready = std::max(has_queries, operands);
    activity_.keys += ready - has_queries;
    activity_.busy += command_.contexts;
    return ready;
  }
  Stamp wait_for_queries() {
    const Stamp idle_from = stamps_.score + 1;
    const Stamp has_command = std::max(idle_from, command_seen_);
    const Stamp has_queries = std::max(has_command, queries_full_);
    activity_.idle += has_command - idle_from;
    activity_.queries += has_queries - has_command;
    return has_queries;
  }
  void pop_keys(std::uint32_t chunk) {
    pop(AttentionPort::kKey, stamps_.score);
    if (ends_group(chunk, command_.key_chunks, command_.key_group)) pop(AttentionPort::kKeyScale, stamps_.score);
  }
  void score(Stamp ready) {
    stamps_.score = std::max(ready, scores_.free());
    activity_.downstream += stamps_.score - ready;
    scores_.enter(stamps_.score);
  }
  /// A command without blocks.
  void null_cycle() {
    stamps_.score = wait_for_queries();
    ++activity_.queries;
  }

  Stamp softmax(Stamp operands) {
    stamps_.softmax = std::max({stamps_.softmax + 1, command_seen_, operands, probabilities_.free()});
    probabilities_.enter(stamps_.softmax);
    return stamps_.softmax;
  }

  Stamp values(std::uint32_t chunk) {
    Stamp operands = accept(AttentionPort::kValue);
    if (begins_group(chunk, command_.value_group)) operands = std::max(operands, accept(AttentionPort::kValueScale));
    return operands;
  }
  void pop_values(std::uint32_t chunk) {
    pop(AttentionPort::kValue, stamps_.accumulate);
    if (ends_group(chunk, command_.value_chunks, command_.value_group))
      pop(AttentionPort::kValueScale, stamps_.accumulate);
  }
  /// First chunk of an item.
  void accumulate_item(Stamp operands) {
    accumulate(std::max(operands, stamps_.softmax + AttentionConfig::kSoftmaxLatency));
    probabilities_.leave(stamps_.accumulate);
  }
  void accumulate(Stamp operands) {
    stamps_.accumulate = std::max(accumulate_from_, operands);
    accumulate_from_ = stamps_.accumulate + accumulator_interval_;
  }

  /// The last event of every node pops its command.
  void end() {
    commands_[kScores].leave(stamps_.score);
    commands_[kSoftmax].leave(stamps_.softmax);
    commands_[kAccumulate].leave(stamps_.accumulate);
    if (!command_.close) return;
    query_banks_.leave(stamps_.score);
    const Stamp ready =
        std::max({stamps_.normalise + 1, command_seen_, stamps_.accumulate + AttentionConfig::kAccumulateLatency});
    if (command_.partial)
      for (std::uint32_t i = command_.contexts * (command_.value_chunks + 1); i > 0; --i) issue(ready);
    else
      normalise(ready);
    commands_[kNormalise].leave(stamps_.normalise);
    accumulator_banks_.leave(stamps_.normalise);
  }

  void normalise(Stamp ready) {
    Stamp divider_idle = ready, emptied = -1;
    for (std::uint32_t c = 0; c < command_.contexts; ++c) {
      const Stamp result = std::max(divider_idle + AttentionConfig::kDivideLatency, emptied);
      divider_idle = result + 1;
      for (std::uint32_t j = 0; j < command_.value_chunks; ++j) issue(result + 1);
      emptied = stamps_.normalise;
    }
  }
  void issue(Stamp earliest) {
    stamps_.normalise = std::max({stamps_.normalise + 1, earliest, outputs_.free()});
    outputs_.enter(stamps_.normalise);
    stamps_.out = environment_->take(std::max(stamps_.normalise + AttentionConfig::kOutputLatency, stamps_.out + 1));
    outputs_.leave(stamps_.out);
    environment_->transfer_out(stamps_.out);
  }

  /// All that the next blocks depend on and blocks move.
  template <class F>
  bool visit_block_stamps(F& f) {
    return f(accumulate_from_) && f(stamps_.score) && f(stamps_.softmax) && f(stamps_.accumulate) &&
           visit(inputs_[AttentionPort::kKey], f) && visit(inputs_[AttentionPort::kValue], f) &&
           (!command_.masked || visit(inputs_[AttentionPort::kMask], f)) &&
           (command_.key_group == 0 || visit(inputs_[AttentionPort::kKeyScale], f)) &&
           (command_.value_group == 0 || visit(inputs_[AttentionPort::kValueScale], f)) && scores_.visit(f) &&
           probabilities_.visit(f);
  }
  template <class F>
  static bool visit(Input& input, F& f) {
    return f(input.accepted) && input.fifo.visit(f);
  }

  AttentionConfig config_;
  AttentionCommand command_;
  Environment* environment_ = nullptr;
  AttentionStamps stamps_;
  AttentionActivity activity_;
  PeriodSearch search_;
  std::array<Input, AttentionPort::kInputs> inputs_;
  std::array<StampFifo, kNodes> commands_;
  StampFifo query_banks_{AttentionConfig::kBanks}, accumulator_banks_{AttentionConfig::kBanks};
  StampFifo scores_, probabilities_, outputs_;
  Stamp command_seen_ = -1;     ///< the command stands in the FIFOs of its nodes
  Stamp queries_full_ = -1;     ///< the bank that is read is full
  Stamp accumulate_from_ = -1;  ///< first cycle in which accumulators allow the next fire
  Stamp accumulator_interval_ = 1;
};

}  // namespace lutetia
