// What a random word and a sampled duration cost.
#include <benchmark/benchmark.h>

#include "sim/process/distribution.hpp"

namespace leasehold::bench {
namespace {

using namespace sim::literals;
using sim::Distribution;
using sim::Rng;

void word(benchmark::State& state) {
  Rng rng = Rng::stream(1, 2, 3);
  for (auto _ : state) benchmark::DoNotOptimize(rng.next());
}
BENCHMARK(word);

void new_stream(benchmark::State& state) {
  std::uint64_t entity = 0;
  for (auto _ : state) {
    Rng rng = Rng::stream(1, ++entity, 3);
    benchmark::DoNotOptimize(rng.next());
  }
}
BENCHMARK(new_stream);

void sample(benchmark::State& state, const Distribution& distribution) {
  Rng rng = Rng::stream(1, 2, 3);
  for (auto _ : state) benchmark::DoNotOptimize(distribution.sample(rng));
}
BENCHMARK_CAPTURE(sample, uniform, Distribution::uniform(20_us, 40_us));
BENCHMARK_CAPTURE(sample, exponential, Distribution::exponential(1_s));
BENCHMARK_CAPTURE(sample, lognormal, Distribution::lognormal(1_ms, 500));

}  // namespace
}  // namespace leasehold::bench

BENCHMARK_MAIN();
