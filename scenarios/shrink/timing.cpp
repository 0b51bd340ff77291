#include "scenarios/shrink/timing.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "scenarios/shrink/knob.hpp"
#include "scenarios/shrink/round_numbers.hpp"

namespace leasehold::scenarios::shrinking {
namespace {

using sim::Duration;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLongGap = kSecond / 2;  // a shorter one is not worth a run

/// A run and when each of its rounds asked for the lock.
struct Timed {
  Candidate candidate;
  std::vector<std::vector<RoundTimes>> rounds;
};

/// When something begins: a fault, or a client asks for the lock. In order, from zero on.
std::vector<std::int64_t> beginnings(const Timed& timed) {
  std::vector<std::int64_t> all{0};
  for (const PlannedFault& fault : timed.candidate.plan.faults.faults) {
    if (!waits(fault)) all.push_back(fault.start_ns);
  }
  for (const auto& rounds : timed.rounds) {
    for (const RoundTimes& round : rounds) {
      if (round.asked_ns != kNever) all.push_back(round.asked_ns);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// With all that begins at that time or later so much sooner.
Candidate moved(const Timed& timed, std::int64_t from_ns, std::int64_t sooner_ns) {
  Candidate candidate = timed.candidate;
  for (PlannedFault& fault : candidate.plan.faults.faults) {
    if (fault.start_ns < from_ns) continue;
    fault.start_ns = std::max<std::int64_t>(fault.start_ns - sooner_ns, 0);
  }
  if (!candidate.plan.workload) return candidate;
  auto& clients = candidate.plan.workload->clients;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    for (std::size_t j = 0; j < clients[i].size(); ++j) {
      if (timed.rounds[i][j].asked_ns < from_ns) continue;
      clients[i][j].think_ns = std::max<std::int64_t>(clients[i][j].think_ns - sooner_ns, 0);
      break;  // what the client does after that comes sooner with it
    }
  }
  return candidate;
}

/// How long nothing begins before `from_ns`.
Knob gap(const std::shared_ptr<const Timed>& timed, std::int64_t from_ns, std::int64_t length_ns) {
  Knob knob;
  knob.get = [length_ns](const Candidate&) { return length_ns; };
  knob.set = [timed, from_ns, length_ns](Candidate& candidate, std::int64_t value) {
    candidate = moved(*timed, from_ns, length_ns - value);
  };
  knob.unit = kMillisecond;
  return knob;
}

/// When the last fault is over and, if their rounds end, the clients have done all they do.
std::int64_t last_of_story_ns(const Trials& trials) {
  const RunPlan& plan = trials.best().plan;
  std::int64_t last = plan.workload ? trials.seen().last_deed_ns : 0;
  for (std::size_t i = 0; i < plan.faults.faults.size(); ++i) {
    const PlannedFault& fault = plan.faults.faults[i];
    const std::int64_t bound = trials.seen().bound_ns[i];
    if (bound == kNever) continue;
    last = std::max(last, bound + lasts_ns(fault));
  }
  return last;
}

Knob horizon(std::int64_t least) {
  Knob knob;
  knob.get = [](const Candidate& candidate) { return candidate.scenario.horizon.ns(); };
  knob.set = [](Candidate& candidate, std::int64_t value) {
    candidate.scenario.horizon = Duration::nanoseconds(value);
  };
  knob.least = least;
  knob.unit = kSecond;
  return knob;
}

/// The whole second after it.
std::int64_t horizon_of_story_ns(const Trials& trials) {
  return (last_of_story_ns(trials) / kSecond + 1) * kSecond;
}

/// Only `progress` is about a world that has healed: nobody can be found starving in less than
/// `progress_within` of it, and a lock that three leases free is not stuck. For all else the run
/// may end with its horizon.
Span least_heal(const Scenario& scenario, checkers::Property property) {
  if (property != checkers::Property::progress) return Span::of(Duration::zero());
  const Duration progress_within = scenario.progress_within.resolve(scenario.yardsticks());
  const bool three_leases = scenario.lease * 3 >= progress_within;
  return three_leases ? Span::leases(3'000) : Span::of(progress_within);
}

/// What happens while the world heals may do so before as well, if that takes no longer.
bool heal_less(Trials& trials) {
  Candidate candidate = trials.best();
  Scenario& scenario = candidate.scenario;
  const Duration heal = scenario.heal.resolve(scenario.yardsticks());
  scenario.heal = least_heal(scenario, trials.property());
  const Duration spared = heal - scenario.heal.resolve(scenario.yardsticks());
  if (spared <= Duration::zero()) return false;
  if (trials.accept(candidate)) return true;
  const Duration later = Duration::nanoseconds(horizon_of_story_ns(trials)) - scenario.horizon;
  if (later <= Duration::zero() || later >= spared) return false;
  scenario.horizon = scenario.horizon + later;
  return trials.accept(std::move(candidate));
}

}  // namespace

std::int64_t lasts_ns(const PlannedFault& fault) {
  return fault.duration_ns + fault.restart_after_ns.value_or(0) + fault.detection_ns +
         fault.promotion_ns;
}

bool waits(const PlannedFault& fault) { return fault.on || fault.target.role == Role::holder; }

bool wait_for_the_first(Trials& trials) {
  bool changed = false;
  for (std::size_t i = 0; i < trials.best().plan.faults.faults.size(); ++i) {
    Candidate candidate = trials.best();
    PlannedFault& fault = candidate.plan.faults.faults[i];
    const std::int64_t bound_ns = trials.seen().bound_ns[i];
    const bool late = fault.on && fault.on->occurrence > 1 && bound_ns != kNever;
    if (!late) continue;
    fault.start_ns = bound_ns - fault.on->delay_ns;
    fault.on->occurrence = 1;
    changed = trials.accept(std::move(candidate)) || changed;
  }
  return changed;
}

bool close_gaps(Trials& trials) {
  bool changed = false;
  for (std::size_t i = 1;; ++i) {
    const auto timed = std::make_shared<const Timed>(Timed{trials.best(), trials.seen().rounds});
    const std::vector<std::int64_t> all = beginnings(*timed);
    if (i >= all.size()) return changed;
    if (all[i] - all[i - 1] < kLongGap) continue;
    changed = lower(trials, gap(timed, all[i], all[i] - all[i - 1])) || changed;
  }
}

bool end_sooner(Trials& trials) {
  const bool changed = heal_less(trials);
  return lower(trials, horizon(horizon_of_story_ns(trials))) || changed;
}

}  // namespace leasehold::scenarios::shrinking
