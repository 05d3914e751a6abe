#include "cosim/bench.h"

#include <fmt/format.h>

#include <deque>
#include <stdexcept>

#include "cosim/rtl_unit.h"

namespace lutetia {

namespace {

constexpr std::size_t kHistory = 16;
constexpr std::uint64_t kQuietCycles = 64;  ///< after the end, nothing may come out any more

struct Transfer {
  std::uint64_t cycle;
  std::size_t port;      ///< inputs, then outputs
  std::uint64_t number;  ///< of the port
};

/// Thrown inside the loop only; caught by run().
struct Failure {
  std::string text;
};

class Bench {
 public:
  Bench(StreamUnit* dut, StreamUnit& model, const BenchProgram& program, const BenchOptions& options)
      : dut_(dut), model_(model), pins_(dynamic_cast<RtlUnit*>(dut)), program_(program), options_(options) {
    const std::size_t inputs = model.inputs().size(), outputs = model.outputs().size();
    if (program.inputs.size() != inputs || program.outputs.size() != outputs)
      throw std::logic_error("the program has other ports than the model");
    for (std::uint32_t i = 0; i < inputs; ++i) {
      inputs_.push_back(Input{StallPattern(options.seed, i, stalls_inputs(options.stalls)), 0, 0, false});
      inputs_.back().hold_off = inputs_.back().stalls.hold_off();
    }
    for (std::uint32_t o = 0; o < outputs; ++o)
      outputs_.emplace_back(options.seed, 500 + o, stalls_outputs(options.stalls));
    result_.input_transfers.resize(inputs);
    result_.output_transfers.resize(outputs);
    result_.outputs.resize(outputs);
    result_.activity_cycles.resize(model.activities().size());
    result_.stamps.offered.resize(inputs);
    result_.stamps.accepted.resize(inputs);
    result_.stamps.transferred.resize(outputs);
    result_.stamps.output_ready.resize(outputs);
  }

  BenchResult run() {
    try {
      if (dut_ != nullptr) compare_shape();
      while (!finished()) cycle();
      check_totals();
      result_.passed = true;
    } catch (const Failure& failure) {
      report(failure.text);
    } catch (const RtlFailure& failure) {
      report(failure.what());
    }
    result_.cycles = now_;
    if (pins_ != nullptr) pins_->close_waveform();
    return std::move(result_);
  }

 private:
  struct Input {
    StallPattern stalls;
    std::uint64_t sent;
    std::uint32_t hold_off;
    bool offering;
  };

  void compare_shape() const {
    const auto same = [](const std::vector<StreamPort>& a, const std::vector<StreamPort>& b) {
      if (a.size() != b.size()) return false;
      for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].name != b[i].name || a[i].bits != b[i].bits) return false;
      return true;
    };
    if (!same(dut_->inputs(), model_.inputs()) || !same(dut_->outputs(), model_.outputs()) ||
        dut_->activities() != model_.activities())
      throw Failure{"the unit and the model have different ports or activities"};
  }

  void cycle() {
    if (pins_ != nullptr && !options_.waveform.empty() && now_ == options_.waveform_from &&
        !pins_->open_waveform(options_.waveform))
      throw Failure{"cannot write waveform " + options_.waveform + " (no such folder, or verilated without tracing)"};
    if (dut_ != nullptr) compare_state();
    bool moved = false;
    StreamUnit& shown = dut_ != nullptr ? *dut_ : model_;
    // Readiness is read before anything is pushed: a unit may change it only with the edge, a mistaken one earlier.
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) moved |= offer(i, shown.ready(i));
    for (std::uint32_t o = 0; o < outputs_.size(); ++o) moved |= take(o, shown.valid(o));
    const Activity activity = model_.activity();
    ++result_.activity_cycles.at(activity);
    if (dut_ != nullptr) dut_->clock();
    model_.clock();
    last_move_ = moved ? now_ : last_move_;
    if (now_ - last_move_ > options_.hang_cycles && !complete())
      throw Failure{fmt::format("no transfer for {} cycles while work remains", options_.hang_cycles)};
    ++now_;
  }

  void compare_state() const {
    for (std::uint32_t i = 0; i < inputs_.size(); ++i)
      if (dut_->ready(i) != model_.ready(i))
        throw Failure{fmt::format("ready of input {}: unit {}, model {}", name_in(i), dut_->ready(i), model_.ready(i))};
    for (std::uint32_t o = 0; o < outputs_.size(); ++o)
      if (dut_->valid(o) != model_.valid(o))
        throw Failure{
            fmt::format("valid of output {}: unit {}, model {}", name_out(o), dut_->valid(o), model_.valid(o))};
    if (dut_->activity() != model_.activity())
      throw Failure{fmt::format("activity: unit {}, model {}", activity_name(*dut_), activity_name(model_))};
  }

  bool offer(std::uint32_t i, bool ready) {
    Input& in = inputs_[i];
    if (in.sent == program_.inputs[i].size()) return false;
    if (!in.offering) {
      if (in.hold_off > 0) {
        --in.hold_off;
        return false;
      }
      in.offering = true;
      if (options_.record_stamps) result_.stamps.offered[i].push_back(now_);
    }
    const Payload& payload = program_.inputs[i][in.sent];
    if (pins_ != nullptr)
      pins_->offer(i, payload);
    else if (dut_ != nullptr && ready)
      dut_->push(i, payload);
    if (!ready) return false;
    model_.push(i, payload);
    in.offering = false;
    ++in.sent;
    in.hold_off = in.stalls.hold_off();
    ++result_.input_transfers[i];
    if (options_.record_stamps) result_.stamps.accepted[i].push_back(now_);
    note(i, result_.input_transfers[i] - 1, payload);
    return true;
  }

  bool take(std::uint32_t o, bool valid) {
    const bool ready = outputs_[o].ready();
    if (options_.record_stamps) result_.stamps.output_ready[o].push_back(ready);
    if (ready && pins_ != nullptr) pins_->accept(o);
    if (!ready || !valid) return false;
    const Payload& expected = model_.front(o);
    if (dut_ != nullptr && dut_->front(o) != expected)
      throw Failure{fmt::format("payload of transfer {} of output {}:\n    unit  {}\n    model {}",
                                result_.output_transfers[o], name_out(o), to_text(dut_->front(o)), to_text(expected))};
    if (dut_ != nullptr && pins_ == nullptr) dut_->pop(o);
    ++result_.output_transfers[o];
    if (options_.record_stamps) result_.stamps.transferred[o].push_back(now_);
    note(inputs_.size() + o, result_.output_transfers[o] - 1, expected);
    result_.outputs[o].push_back(expected);
    model_.pop(o);
    return true;
  }

  /// Everything was fed in, and as much as is due came out.
  bool complete() const {
    for (std::uint32_t i = 0; i < inputs_.size(); ++i)
      if (inputs_[i].sent < program_.inputs[i].size()) return false;
    for (std::uint32_t o = 0; o < outputs_.size(); ++o)
      if (result_.output_transfers[o] < program_.outputs[o]) return false;
    return true;
  }
  bool finished() const { return complete() && now_ - last_move_ > kQuietCycles; }

  void check_totals() const {
    for (std::uint32_t o = 0; o < outputs_.size(); ++o)
      if (result_.output_transfers[o] != program_.outputs[o])
        throw Failure{fmt::format("output {} gave {} transfers, {} are due", name_out(o), result_.output_transfers[o],
                                  program_.outputs[o])};
    if (!model_.idle()) throw Failure{"the model is not idle after the last transfer"};
    if (dut_ != nullptr && !dut_->idle()) throw Failure{"the unit is not idle after the last transfer"};
    std::uint64_t outputs = 0;
    for (const std::uint64_t n : result_.output_transfers) outputs += n;
    if (outputs == 0) throw Failure{"nothing was compared: no output transfer"};
  }

  void note(std::size_t port, std::uint64_t number, const Payload& payload) {
    if (history_.size() == kHistory) history_.pop_front();
    history_.push_back({now_, port, number});
    mix(port);
    mix(now_);
    for (const std::uint32_t word : payload.words()) mix(word);
  }
  void mix(std::uint64_t value) {
    result_.digest = (result_.digest ^ value) * 0x9e3779b97f4a7c15u + (result_.digest >> 29);
  }

  void report(const std::string& what) {
    result_.failed_at = now_;
    std::string text = fmt::format("cycle {}: {}\n", now_, what);
    text += fmt::format("  last {} transfers, the same on both sides:\n", history_.size());
    for (const Transfer& t : history_) {
      const bool input = t.port < inputs_.size();
      const auto o = static_cast<std::uint32_t>(t.port - inputs_.size());
      text += fmt::format("    {:>9}  {:<8} {}\n", t.cycle,
                          input ? name_in(static_cast<std::uint32_t>(t.port)) : name_out(o),
                          lutetia::to_text(input ? program_.inputs[t.port][t.number] : result_.outputs[o][t.number]));
    }
    text += "  state at the failure (unit under test | model):\n";
    for (std::uint32_t i = 0; i < inputs_.size(); ++i)
      text += fmt::format("    input  {:<8} ready {}   accepted {} of {}{}\n", name_in(i),
                          both([i](const StreamUnit& u) { return u.ready(i); }), result_.input_transfers[i],
                          program_.inputs[i].size(), inputs_[i].offering ? ", offering" : "");
    for (std::uint32_t o = 0; o < outputs_.size(); ++o)
      text += fmt::format("    output {:<8} valid {}   gave {} of {}\n", name_out(o),
                          both([o](const StreamUnit& u) { return u.valid(o); }), result_.output_transfers[o],
                          program_.outputs[o]);
    text += fmt::format("    activity {} | {}\n", dut_ != nullptr ? activity_name(*dut_) : "-", activity_name(model_));
    text += fmt::format("  seed {}, stalls {}\n", options_.seed, lutetia::to_text(options_.stalls));
    if (!options_.replay.empty()) text += "  replay: " + options_.replay + "\n";
    result_.failure = std::move(text);
  }
  template <class Ask>
  std::string both(Ask ask) const {
    return fmt::format("{} | {}", dut_ != nullptr ? (ask(*dut_) ? "1" : "0") : "-", ask(model_) ? 1 : 0);
  }

  const std::string& name_in(std::uint32_t i) const { return model_.inputs()[i].name; }
  const std::string& name_out(std::uint32_t o) const { return model_.outputs()[o].name; }
  static std::string activity_name(const StreamUnit& unit) {
    const Activity a = unit.activity();
    return a < unit.activities().size() ? unit.activities()[a] : "none";
  }

  StreamUnit* dut_;
  StreamUnit& model_;
  RtlUnit* pins_;  ///< the unit under test if it has pins that can be driven without a transfer
  const BenchProgram& program_;
  const BenchOptions& options_;
  std::vector<Input> inputs_;
  std::vector<StallPattern> outputs_;
  std::uint64_t now_ = 0, last_move_ = 0;
  std::deque<Transfer> history_;
  BenchResult result_;
};

}  // namespace

std::uint64_t BenchResult::transfers() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : input_transfers) sum += n;
  for (const std::uint64_t n : output_transfers) sum += n;
  return sum;
}

BenchResult run_bench(StreamUnit& dut, StreamUnit& model, const BenchProgram& program, const BenchOptions& options) {
  return Bench(&dut, model, program, options).run();
}

BenchResult run_alone(StreamUnit& model, const BenchProgram& program, const BenchOptions& options) {
  return Bench(nullptr, model, program, options).run();
}

std::string to_text(const Payload& payload) {
  std::string text;
  for (std::size_t i = payload.words().size(); i-- > 0;) {
    const std::uint32_t digits =
        i + 1 == payload.words().size() && payload.bits() % 32 != 0 ? (payload.bits() % 32 + 3) / 4 : 8;
    text += fmt::format("{:0{}x}", payload.words()[i], digits);
  }
  return text;
}

}  // namespace lutetia
