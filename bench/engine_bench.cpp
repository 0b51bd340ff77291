// The workloads of bench/workload.hpp and the mini run.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/mini.hpp"
#include "bench/workload.hpp"

namespace leasehold::bench {
namespace {

void carry_on(benchmark::State& state, const NamedWorkload& named) {
  const std::unique_ptr<Workload> workload = named.make();
  std::uint64_t operations = 0;
  for (auto _ : state) operations += workload->advance();
  state.SetItemsProcessed(static_cast<std::int64_t>(operations));
  state.SetLabel("items are " + std::string(named.operation) + "s");
}

void mini(benchmark::State& state) {
  std::uint64_t seed = 0;
  std::uint64_t events = 0;
  for (auto _ : state) events += run_mini(++seed).events;
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.SetLabel("items are events");
}

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  using namespace leasehold::bench;
  for (const NamedWorkload& named : workloads()) {
    benchmark::RegisterBenchmark(std::string(named.name).c_str(), carry_on, named);
  }
  benchmark::RegisterBenchmark("mini", mini);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
