// algorithm_runs SCENARIO ALGORITHM RUNS: so many runs of a cell, from seed 0 on, with all
// checkers, as a campaign does them; what they did, and the time. bench/ratchet.py counts the
// instructions.
#include <cstdio>
#include <cstdlib>

#include "bench/algorithm.hpp"
#include "bench/cpu_time.hpp"

int main(int argc, char** argv) {
  using namespace leasehold;
  if (argc != 4) {
    std::fprintf(stderr, "usage: algorithm_runs SCENARIO ALGORITHM RUNS\n");
    return 64;
  }
  const auto cell = bench::find_cell(argv[1], argv[2]);
  if (!cell) return 64;
  const std::uint64_t runs = std::strtoull(argv[3], nullptr, 10);
  std::uint64_t events = 0;
  std::uint64_t acquisitions = 0;
  scenarios::Runner runner(cell->cell());
  const double start = bench::cpu_time_ns();
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const scenarios::RunResult result = runner.run(seed);
    events += result.events;
    acquisitions += result.checker->acquisition().attempts.acquired;
  }
  const double took = bench::cpu_time_ns() - start;
  std::printf("runs %llu events %llu acquisitions %llu us/run %.1f\n",
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(events),
              static_cast<unsigned long long>(acquisitions),
              took / 1000 / static_cast<double>(runs));
}
