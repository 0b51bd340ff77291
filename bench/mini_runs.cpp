// mini_runs RUNS: the mini run over seeds 1…RUNS, with the means that tell whether it is the same
// work as the state machine's, and the time. For instruction counts and interleaved rounds.
#include <cstdio>
#include <cstdlib>

#include "bench/cpu_time.hpp"
#include "bench/mini.hpp"

int main(int argc, char** argv) {
  const std::uint64_t runs = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  leasehold::bench::MiniResult sum;
  const double start = leasehold::bench::cpu_time_ns();
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const leasehold::bench::MiniResult result = leasehold::bench::run_mini(seed);
    sum.events += result.events;
    sum.cycles += result.cycles;
    sum.operations += result.operations;
    sum.overlaps += result.overlaps;
    sum.digest ^= result.digest;
  }
  const double took = leasehold::bench::cpu_time_ns() - start;
  const auto n = static_cast<double>(runs);
  const auto mean = [n](std::uint64_t total) { return static_cast<double>(total) / n; };
  std::printf(
      "runs %llu us/run %.1f events %.1f cycles %.1f operations %.1f overlaps %.3f digest "
      "%016llx\n",
      static_cast<unsigned long long>(runs), took / 1000 / n, mean(sum.events), mean(sum.cycles),
      mean(sum.operations), mean(sum.overlaps), static_cast<unsigned long long>(sum.digest));
}
