#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace leasehold::scenarios {

/// What rates per acquisition are made of, summed over runs.
struct RateSums {
  std::uint64_t acquired = 0;
  std::uint64_t work_overlaps = 0;
  std::uint64_t messages = 0;
  std::uint64_t fsyncs = 0;
  std::uint64_t round_trips = 0;
  std::uint64_t simulated_ns = 0;

  void add(const RateSums& other, std::uint64_t weight = 1);
  friend bool operator==(const RateSums&, const RateSums&) = default;
};

/// A bootstrap over runs that can be merged: each of its replicates counts every run as often as a
/// Poisson(1) variable says that depends on the run's seed and the replicate alone. So the
/// replicates of a campaign are the same however it was divided, and need no list of its runs.
/// A run costs about a microsecond; the sums take 24 KiB.
class Resampling {
 public:
  static constexpr std::size_t kReplicates = 500;

  void add(std::uint64_t seed, const RateSums& run);
  void merge(const Resampling& other);

  /// Empty if no run has been added.
  [[nodiscard]] std::span<const RateSums> replicates() const { return replicates_; }

  friend bool operator==(const Resampling&, const Resampling&) = default;

 private:
  std::vector<RateSums> replicates_;
};

}  // namespace leasehold::scenarios
