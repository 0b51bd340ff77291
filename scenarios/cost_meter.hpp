#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/record/record.hpp"
#include "scenarios/cast.hpp"
#include "scenarios/run_outcome.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::scenarios {

/// What the lock of one run costs: read off the counters of its world. Nothing in the world depends
/// on it.
class CostMeter {
 public:
  CostMeter(const sim::Kernel& kernel, const Cast& cast)
      : kernel_(kernel), cast_(cast), answers_before_(cast.clients()) {}

  /// REQUIRES: of an acquire.
  void on_acquire(const checkers::Operation& acquire);
  /// Runs the world until then, and counts its connections every five seconds. Returns whether it
  /// got there with the events that it may have.
  bool run_until(sim::Kernel& kernel, sim::TrueTime end);

  [[nodiscard]] RunCost cost() const;

 private:
  [[nodiscard]] std::uint64_t messages() const;
  [[nodiscard]] std::uint64_t answers_to(checkers::ClientId client) const;
  [[nodiscard]] std::uint64_t connections() const;

  const sim::Kernel& kernel_;
  const Cast& cast_;
  /// By client, while it waits for the lock: the answers it had had when it asked.
  std::vector<std::optional<std::uint64_t>> answers_before_;
  RunCost so_far_;
};

}  // namespace leasehold::scenarios
