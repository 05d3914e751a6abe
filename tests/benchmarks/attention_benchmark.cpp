// How fast the transaction body of the attention unit is: simulated cycles and fires of the scores node per second, for
// a prompt's passes over the keys, with and without skipping the steady state. Operands come one beat per cycle.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "units/attention/attention_recurrence.h"

namespace lutetia {
namespace {

template <bool kSkip>
struct Readers {
  static constexpr bool may_skip() { return kSkip; }
  static Stamp offer(std::uint32_t, Stamp earliest) { return earliest; }
  static Stamp take(Stamp earliest) { return earliest; }
  static void transfer_in(std::uint32_t, Stamp) {}
  static void transfer_out(Stamp) {}
};

/// Arguments: blocks of a pass, chunks of a head, contexts, slots of the score FIFO.
template <bool kSkip>
void passes(benchmark::State& state) {
  AttentionConfig config;
  config.score_fifo = static_cast<std::uint32_t>(state.range(3));
  AttentionCommand pass;
  pass.blocks = static_cast<std::uint32_t>(state.range(0));
  pass.key_chunks = pass.value_chunks = static_cast<std::uint32_t>(state.range(1));
  pass.contexts = static_cast<std::uint32_t>(state.range(2));
  AttentionRecurrence<Readers<kSkip>> recurrence(config);
  Readers<kSkip> readers;
  for (auto _ : state) {
    recurrence.run(pass, readers);
    benchmark::DoNotOptimize(recurrence.stamps().out);
  }
  const auto rate = benchmark::Counter::kIsRate;
  state.counters["cycles/s"] = benchmark::Counter(static_cast<double>(recurrence.stamps().out), rate);
  state.counters["fires/s"] = benchmark::Counter(static_cast<double>(recurrence.activity().busy), rate);
}

/// Keys of 8 a block: 64, 4096 and 131072 keys; heads of 128 in chunks of 16; a score FIFO that never limits and one
/// that makes a pattern of several blocks.
void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"blocks", "chunks", "contexts", "slots"});
  b->Args({8, 8, 4, 8})->Args({512, 8, 4, 8})->Args({16384, 8, 4, 8});
  b->Args({512, 1, 1, 8})->Args({512, 1, 4, 8})->Args({512, 8, 4, 3})->Args({512, 2, 3, 5});
}
BENCHMARK_TEMPLATE(passes, true)->Apply(shapes);
BENCHMARK_TEMPLATE(passes, false)->Apply(shapes);

}  // namespace
}  // namespace lutetia
