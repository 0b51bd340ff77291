#include "scenarios/resampling.hpp"

#include "sim/process/random.hpp"

namespace leasehold::scenarios {
namespace {

/// P(X <= k) of Poisson(1) for k = 0 … 6, in 65536ths, rounded.
constexpr std::array<std::uint32_t, 7> kPoissonAtMost = {24109, 48219, 60273, 64292,
                                                         65296, 65497, 65531};

std::uint64_t poisson_weight(std::uint64_t bits16) {
  std::uint64_t weight = 0;
  for (const std::uint32_t bound : kPoissonAtMost) weight += bits16 >= bound ? 1 : 0;
  return weight;
}

}  // namespace

void RateSums::add(const RateSums& other, std::uint64_t weight) {
  acquired += weight * other.acquired;
  work_overlaps += weight * other.work_overlaps;
  messages += weight * other.messages;
  fsyncs += weight * other.fsyncs;
  round_trips += weight * other.round_trips;
  simulated_ns += weight * other.simulated_ns;
}

void Resampling::add(std::uint64_t seed, const RateSums& run) {
  replicates_.resize(kReplicates);
  sim::Rng rng = sim::Rng::stream(seed, 0, sim::purpose("tally.resampling"));
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < kReplicates; ++i) {
    word = i % 4 == 0 ? rng.next() : word >> 16U;
    replicates_[i].add(run, poisson_weight(word & 0xffffU));
  }
}

void Resampling::merge(const Resampling& other) {
  if (other.replicates_.empty()) return;
  replicates_.resize(kReplicates);
  for (std::size_t i = 0; i < kReplicates; ++i) replicates_[i].add(other.replicates_[i]);
}

}  // namespace leasehold::scenarios
