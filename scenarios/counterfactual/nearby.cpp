#include "scenarios/counterfactual/nearby.hpp"

#include <algorithm>

#include "sim/process/random.hpp"

namespace leasehold::scenarios {
namespace {

constexpr std::int64_t kMostNs = 5'000'000;

class Shaking {
 public:
  Shaking(std::uint64_t seed, std::uint32_t number)
      : rng_(sim::Rng::stream(seed, number, sim::purpose("counterfactual.nearby"))) {}

  /// A length stays within a tenth of itself.
  void length(std::int64_t& ns) { ns += within(std::min(kMostNs, ns / 10)); }
  /// A time is no earlier than the start of the run.
  void time(std::int64_t& ns) { ns = std::max<std::int64_t>(0, ns + within(kMostNs)); }

 private:
  std::int64_t within(std::int64_t bound) {
    return static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(2 * bound + 1))) - bound;
  }

  sim::Rng rng_;
};

}  // namespace

RunPlan nearby_plan(RunPlan plan, std::uint64_t seed, std::uint32_t number) {
  Shaking shaking(seed, number);
  for (PlannedFault& fault : plan.faults.faults) {
    if (fault.on) {
      shaking.length(fault.on->delay_ns);  // at once stays at once
    } else {
      shaking.time(fault.start_ns);
    }
    shaking.length(fault.duration_ns);
    if (fault.restart_after_ns) shaking.length(*fault.restart_after_ns);
  }
  if (!plan.workload || !plan.faults.faults.empty()) return plan;
  for (std::vector<PlannedRound>& rounds : plan.workload->clients) {
    for (PlannedRound& round : rounds) {
      shaking.length(round.think_ns);
      shaking.length(round.work_ns);
    }
  }
  return plan;
}

}  // namespace leasehold::scenarios
