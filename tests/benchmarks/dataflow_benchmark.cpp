// Speed of dataflow graphs: simulated cycles per second of online attention on one core. For comparison, the published
// simulator of this graph logs 0.17 M cycles per second with FIFOs of depth 2 (on another machine). `Skipped` is the
// transaction body as it runs; `Stepped` computes every stamp; `Cycle` steps every cycle.
#include <benchmark/benchmark.h>

#include "dataflow/cycle.h"
#include "dataflow/graph_reader.h"
#include "dataflow/transaction.h"

namespace lutetia::dataflow {
namespace {

enum class Body { kSkipped, kStepped, kCycle };

void run_graph(benchmark::State& state, const char* name, Body body) {
  LoadedGraph loaded;
  Problems problems;
  const std::string file = LUTETIA_SOURCE_DIR "/configs/dataflow/" + std::string(name) + ".yaml";
  if (!read_graph_file(file, {"length=" + std::to_string(state.range(0))}, loaded, problems)) std::abort();
  RunOptions options;
  options.skip_periods = body == Body::kSkipped;
  double cycles = 0;
  for (auto _ : state) {
    const GraphRun run =
        body == Body::kCycle ? run_cycle(loaded.graph, options) : run_transaction(loaded.graph, options);
    if (run.status != RunStatus::kFinished) std::abort();
    cycles += static_cast<double>(run.cycles);
  }
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters["cycles"] = cycles / static_cast<double>(state.iterations());
}

BENCHMARK_CAPTURE(run_graph, online_skipped, "online", Body::kSkipped)->Arg(16384)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_graph, online_stepped, "online", Body::kStepped)
    ->Arg(2048)
    ->Arg(16384)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_graph, naive_skipped, "naive", Body::kSkipped)->Arg(16384)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_graph, naive_stepped, "naive", Body::kStepped)->Arg(2048)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_graph, online_cycle, "online", Body::kCycle)->Arg(512)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lutetia::dataflow
