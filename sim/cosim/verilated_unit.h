// What every DUT adapter shares: a verilated model with a context of its own (several models per process, each with its
// own seed for registers without reset), clock, reset, evaluation, waveform, assertions. An adapter only lists ports.
//
// Everything a unit shows is a function of registers, so its outputs are stable from the edge that began the cycle on:
// ready(), valid(), front() and activity() read pins; offer() and accept() set pins for this cycle; clock() lets them
// settle in the low phase and makes the edge. Inputs change with the falling edge, so there is no race.
#pragma once
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cosim/rtl_registry.h"  // for the generated files that register an adapter
#include "cosim/rtl_unit.h"
#include "cosim/verilated_pin.h"
#include "verilated.h"
#include "verilated_fst_c.h"

namespace lutetia {

/// Whether a model was verilated with --trace-fst: only then it has this member.
template <class Model, class = void>
struct IsTraced : std::false_type {};
template <class Model>
struct IsTraced<Model, std::void_t<decltype(std::declval<Model&>().trace(std::declval<VerilatedFstC*>(), 1))>>
    : std::true_type {};

template <class Model>
class VerilatedUnit : public RtlUnit {
 public:
  ~VerilatedUnit() override {
    select_context();
    close_waveform();
    if (!failed_) model_->final();
    model_.reset();
  }

  const std::string& variant() const override { return variant_; }
  const RtlParameters& parameters() const override { return parameters_; }
  const std::vector<StreamPort>& inputs() const override { return input_ports_; }
  const std::vector<StreamPort>& outputs() const override { return output_ports_; }
  bool ready(std::uint32_t input) const override { return *inputs_[input].ready != 0; }
  bool valid(std::uint32_t output) const override { return *outputs_[output].valid != 0; }
  const Payload& front(std::uint32_t output) const override {
    const Output& o = outputs_[output];
    o.data.read(o.payload);
    return o.payload;
  }
  const std::vector<std::string>& activities() const override { return activities_; }
  Activity activity() const override {
    for (Activity a = 0; a < activity_pins_.size(); ++a)
      if (*activity_pins_[a] != 0) return a;
    return static_cast<Activity>(activity_pins_.size());  // none: equal to no activity of a model
  }
  void offer(std::uint32_t input, const Payload& payload) override {
    *inputs_[input].valid = 1;
    inputs_[input].data.write(payload);
  }
  void accept(std::uint32_t output) override { *outputs_[output].ready = 1; }

  void clock() override {
    edge();
    for (Input& i : inputs_) *i.valid = 0;
    for (Output& o : outputs_) *o.ready = 0;
  }

  bool open_waveform(const std::string& path) override {
    select_context();
    if constexpr (kTraced) {
      waveform_ = std::make_unique<VerilatedFstC>();
      model_->trace(waveform_.get(), 99);
      waveform_->open(path.c_str());
      return waveform_->isOpen();
    }
    return false;
  }
  void close_waveform() override {
    if constexpr (kTraced) {
      if (waveform_ != nullptr) waveform_->close();
      waveform_.reset();
    }
  }

 protected:
  VerilatedUnit(std::string variant, RtlParameters parameters, std::uint64_t seed)
      : variant_(std::move(variant)),
        parameters_(std::move(parameters)),
        context_(std::make_unique<VerilatedContext>()) {
    select_context();
    context_->threads(1);    // or every model starts a pool of threads that it never uses
    context_->randReset(2);  // registers and memories without reset start with noise: a missing reset shows
    context_->randSeed(static_cast<int>(seed % 0x7fffffff) + 1);
    context_->fatalOnError(false);
    if constexpr (kTraced) context_->traceEverOn(true);
    model_ = std::make_unique<Model>(context_.get());
  }

  Model& model() { return *model_; }
  const Model& model() const { return *model_; }
  template <class Data>
  void input(const char* name, std::uint32_t bits, CData& valid, const CData& ready, Data& data) {
    input_ports_.push_back({name, bits});
    inputs_.push_back({&valid, &ready, VerilatedPin(data, bits)});
  }
  template <class Data>
  void output(const char* name, std::uint32_t bits, const CData& valid, CData& ready, Data& data) {
    output_ports_.push_back({name, bits});
    outputs_.push_back({&valid, &ready, VerilatedPin(data, bits), Payload(bits)});
  }
  /// One pin per activity, of which one is 1 in every cycle.
  void activity_pins(std::vector<std::string> names, std::vector<const CData*> pins) {
    activities_ = std::move(names);
    activity_pins_ = std::move(pins);
  }
  /// To be called once the ports are known. The clock is high between cycles, as after an edge.
  void reset() {
    for (Input& i : inputs_) *i.valid = 0;
    for (Output& o : outputs_) *o.ready = 0;
    model_->rst_ni = 0;
    for (int cycle = 0; cycle < 2; ++cycle) edge();
    model_->rst_ni = 1;
    evaluate();
  }

 private:
  static constexpr bool kTraced = IsTraced<Model>::value;
  struct Input {
    CData* valid;
    const CData* ready;
    VerilatedPin data;
  };
  struct Output {
    const CData* valid;
    CData* ready;
    VerilatedPin data;
    mutable Payload payload;  ///< front() returns a reference, the pins are another type
  };

  /// The runtime finds the context through the thread: models that take turns on one thread must say whose turn it is.
  void select_context() const { Verilated::threadContextp(context_.get()); }
  void edge() {
    model_->clk_i = 0;
    evaluate();
    model_->clk_i = 1;
    evaluate();
  }
  void evaluate() {
    select_context();
    std::string failure;
    try {
      model_->eval();
    } catch (const std::runtime_error& e) {  // cmake/verilated_failure.cpp
      failure = e.what();
    }
    if constexpr (kTraced) {
      if (waveform_ != nullptr && failure.empty()) waveform_->dump(context_->time());
    }
    context_->timeInc(1);
    if (failure.empty() && !context_->gotError()) return;
    failed_ = true;
    close_waveform();
    throw RtlFailure("RTL of variant " + variant_ + ": " + failure);
  }

  std::string variant_;
  RtlParameters parameters_;
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<VerilatedFstC> waveform_;
  std::vector<StreamPort> input_ports_, output_ports_;
  std::vector<Input> inputs_;
  std::vector<Output> outputs_;
  std::vector<std::string> activities_;
  std::vector<const CData*> activity_pins_;
  bool failed_ = false;
};

}  // namespace lutetia
