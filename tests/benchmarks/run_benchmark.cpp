// How fast whole models are simulated: BitNet 3B, a prompt of 2048 tokens and 128 generated ones, transaction bodies.
// Prints simulated cycles and block evaluations per second, and peak memory; and how many heap allocations an
// instruction costs between 10 % and 90 % of the run, which should be none. SystemC elaborates once per process, so
// that row runs once.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>

#include "accelerator/run.h"
#include "config/read.h"
#include "kernel/event_kernel.h"
#include "kernel/systemc_kernel.h"
#include "workload/expand.h"
#include "workload/model.h"

namespace {

std::atomic<std::uint64_t> g_allocations{0};

void* counted(std::size_t size) {
  g_allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace lutetia {
namespace {

struct Inputs {
  Design design;
  Trace trace;
};

const Inputs& inputs() {
  static const Inputs loaded = [] {
    const std::string root = LUTETIA_SOURCE_DIR;
    Inputs out;
    Problems problems;
    ModelConfig model;
    read_yaml_file(root + "/configs/designs/lut-tensor-core.yaml", out.design, problems);
    read_yaml_file(root + "/workloads/models/bitnet-3b.yaml", model, problems);
    ExpandOptions options;
    options.prefill = 2048;
    options.decode = 128;
    if (problems.empty()) out.trace = expand(model, options);
    return out;
  }();
  return loaded;
}

/// Allocations of the middle of a run, by instructions completed.
class AllocationMeter final : public InstructionObserver {
 public:
  explicit AllocationMeter(std::uint64_t instructions) : from_(instructions / 10), to_(instructions / 10 * 9) {}
  void completed(Engine, std::uint32_t, Cycle, Cycle) override {
    ++seen_;
    if (seen_ == from_) at_from_ = g_allocations.load();
    if (seen_ == to_) at_to_ = g_allocations.load();
  }
  double per_instruction() const {
    return to_ > from_ ? static_cast<double>(at_to_ - at_from_) / static_cast<double>(to_ - from_) : 0;
  }

 private:
  std::uint64_t from_, to_, seen_ = 0, at_from_ = 0, at_to_ = 0;
};

std::uint64_t count_instructions() {
  Problems problems;
  TileProgram program(inputs().trace, machine_shape(inputs().design), problems);
  Instruction instruction;
  std::uint64_t count = 0;
  while (problems.empty() && program.next(instruction)) ++count;
  return count;
}

void run_model(benchmark::State& state, Kernel& (*make_kernel)(std::unique_ptr<Kernel>&)) {
  AllocationMeter meter(count_instructions());
  RunResult result;
  std::uint64_t cycles = 0, events = 0;
  for (auto _ : state) {
    std::unique_ptr<Kernel> kernel;
    RunOptions options;
    options.observer = &meter;
    Problems problems;
    if (!run_workload(inputs().design, inputs().trace, make_kernel(kernel), options, result, problems) ||
        !result.good()) {
      state.SkipWithError("the run failed");
      return;
    }
    cycles += result.cycles;
    events += result.activations;
  }
  const auto rate = benchmark::Counter::kIsRate;
  state.counters["cycles/s"] = benchmark::Counter(static_cast<double>(cycles), rate);
  state.counters["evaluations/s"] = benchmark::Counter(static_cast<double>(events), rate);
  state.counters["evaluations"] = static_cast<double>(result.activations);
  state.counters["instructions"] = static_cast<double>(result.instructions);
  state.counters["allocations/instr"] = meter.per_instruction();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void bitnet_3b_event_kernel(benchmark::State& state) {
  run_model(state,
            [](std::unique_ptr<Kernel>& kernel) -> Kernel& { return *(kernel = std::make_unique<EventKernel>()); });
}
BENCHMARK(bitnet_3b_event_kernel)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

void bitnet_3b_systemc(benchmark::State& state) {
  run_model(state, [](std::unique_ptr<Kernel>& kernel) -> Kernel& {
    return *(kernel = std::make_unique<SystemcKernel>("machine"));
  });
}
BENCHMARK(bitnet_3b_systemc)->Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime();

void tile_program_bitnet_3b(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(count_instructions());
}
BENCHMARK(tile_program_bitnet_3b)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace lutetia
