// Speed of the DRAM model: requests per second of 64-byte streams on DDR4-2400, one core, one channel. Public
// simulators, measured for the same streams: 0.1 to 0.2 M random and 0.2 to 0.5 M sequential requests per second.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "base/random.h"
#include "config/read.h"
#include "memory/dram/request_player.h"

namespace lutetia {
namespace {

enum Pattern { kSequential, kRandom, kRandomMixed };

class Stream final : public RequestSource {
 public:
  Stream(Pattern pattern, std::uint64_t requests, std::uint64_t bursts)
      : pattern_(pattern), requests_(requests), bursts_(bursts) {}
  bool next(PlayedRequest& r) override {
    if (at_ == requests_) return false;
    r = {};
    r.bytes = 64;
    r.address = 64 * (pattern_ == kSequential ? at_ % bursts_ : random_.below(bursts_));
    r.write = pattern_ == kRandomMixed && random_.bernoulli(0.5);
    ++at_;
    return true;
  }

 private:
  Pattern pattern_;
  std::uint64_t requests_, bursts_, at_ = 0;
  Random random_{1};
};

DramConfig ddr4() {
  DramConfig config;
  Problems problems;
  if (!read_yaml_file(LUTETIA_SOURCE_DIR "/configs/dram/ddr4.yaml", config.standard, problems)) std::abort();
  config.device = "8Gb_x8";
  config.speed = "2400U";
  return config;
}

void play_stream(benchmark::State& state, Pattern pattern, bool repetition) {
  const DramConfig config = ddr4();
  const auto requests = static_cast<std::uint64_t>(state.range(0));
  double cycles = 0;
  for (auto _ : state) {
    DramSystem system(config);
    for (const auto& channel : system.channels()) channel->set_repetition(repetition);
    Stream stream(pattern, requests, system.spec().geometry.bytes() / 64);
    cycles = static_cast<double>(play(system, stream).cycles);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double all = static_cast<double>(requests) * static_cast<double>(state.iterations());
  state.counters["requests/s"] = benchmark::Counter(all, benchmark::Counter::kIsRate);
  state.counters["cycles/s"] =
      benchmark::Counter(cycles * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["cycles/request"] = cycles / static_cast<double>(requests);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

BENCHMARK_CAPTURE(play_stream, random_reads, kRandom, true)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play_stream, random_mixed, kRandomMixed, true)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play_stream, sequential_reads, kSequential, true)
    ->Arg(1'000'000)
    ->Arg(50'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(play_stream, sequential_command_by_command, kSequential, false)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lutetia
