// A run of each algorithm on gc-pauses, with all checkers.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/algorithm.hpp"

namespace leasehold::bench {
namespace {

void run(benchmark::State& state, const std::string& algorithm) {
  const auto cell = find_cell("gc-pauses", algorithm);
  if (!cell) return state.SkipWithError("no such cell");
  scenarios::Runner runner(cell->cell());
  std::uint64_t seed = 0;
  std::uint64_t events = 0;
  for (auto _ : state) events += runner.run(seed++).events;
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.SetLabel("items are events");
}

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  for (const char* algorithm :
       {"none", "oracle", "setnx", "redis-ttl", "redlock", "etcd-lease", "pg-advisory"}) {
    benchmark::RegisterBenchmark(algorithm, leasehold::bench::run, std::string(algorithm));
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
