#include "scenarios/shrink/weakening.hpp"

#include <algorithm>
#include <string>

#include "scenarios/shrink/knob.hpp"
#include "scenarios/shrink/timing.hpp"

namespace leasehold::scenarios::shrinking {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t magnitude(std::int64_t value) { return value < 0 ? -value : value; }

/// Goes by the id: the place of a fault changes with its start. REQUIRES: there is such a fault.
template <class SomeCandidate>
auto& fault_of(SomeCandidate& candidate, const std::string& id) {
  auto& faults = candidate.plan.faults.faults;
  return *std::find_if(faults.begin(), faults.end(),
                       [&id](const PlannedFault& fault) { return fault.id == id; });
}

/// A field of a fault, its sign left alone.
template <class T>
Knob field(const std::string& id, T PlannedFault::* member, std::int64_t least, std::int64_t unit) {
  Knob knob;
  knob.get = [=](const Candidate& candidate) {
    return magnitude(static_cast<std::int64_t>(fault_of(candidate, id).*member));
  };
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    T& now = fault_of(candidate, id).*member;
    now = static_cast<T>(static_cast<std::int64_t>(now) < 0 ? -value : value);
  };
  knob.least = least;
  knob.unit = unit;
  return knob;
}

Knob start(const std::string& id) { return field(id, &PlannedFault::start_ns, 0, kMillisecond); }

Knob trigger_delay(const std::string& id) {
  Knob knob;
  knob.get = [=](const Candidate& candidate) { return fault_of(candidate, id).on->delay_ns; };
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    fault_of(candidate, id).on->delay_ns = value;
  };
  knob.unit = kMillisecond;
  return knob;
}

Knob downtime(const std::string& id) {
  Knob knob;
  knob.get = [=](const Candidate& candidate) { return *fault_of(candidate, id).restart_after_ns; };
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    fault_of(candidate, id).restart_after_ns = value;
  };
  knob.least = kMillisecond;
  knob.unit = kMillisecond;
  return knob;
}

/// How long it lasts, where it ends when it did: less of it is a later start. REQUIRES of what is
/// set: no more than it lasts now.
Knob length_before_its_end(const std::string& id) {
  Knob knob = field(id, &PlannedFault::duration_ns, kMillisecond, kMillisecond);
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    PlannedFault& fault = fault_of(candidate, id);
    std::int64_t& begins = fault.on ? fault.on->delay_ns : fault.start_ns;
    begins += fault.duration_ns - value;
    fault.duration_ns = value;
  };
  return knob;
}

/// What makes the fault the stronger the greater it is.
std::vector<Knob> strengths(const PlannedFault& fault) {
  using P = FaultParameter;
  const FaultKindInfo& kind = info(fault.kind);
  std::vector<Knob> knobs;
  const auto add = [&](P parameter, auto member, std::int64_t least, std::int64_t unit) {
    if (kind.takes(parameter)) knobs.push_back(field(fault.id, member, least, unit));
  };
  add(P::duration, &PlannedFault::duration_ns, kMillisecond, kMillisecond);
  add(P::probability, &PlannedFault::probability_ppm, 0, 1'000);
  add(P::extra, &PlannedFault::extra_ns, 0, kMillisecond);
  add(P::rate, &PlannedFault::rate_ppm, 0, 1);
  add(P::step, &PlannedFault::step_ns, 0, kMillisecond);
  add(P::factor, &PlannedFault::factor, 1, 1);
  add(P::failures, &PlannedFault::failures, 1, 1);
  add(P::detector, &PlannedFault::detection_ns, 0, kMillisecond);
  add(P::detector, &PlannedFault::promotion_ns, 0, kMillisecond);
  const bool comes_back = kind.takes(P::restart_after) && fault.restart_after_ns;
  if (comes_back) knobs.push_back(downtime(fault.id));
  if (fault.on) knobs.push_back(trigger_delay(fault.id));
  return knobs;
}

bool comes_to(const Candidate& candidate, std::size_t client, std::size_t round) {
  const auto& clients = candidate.plan.workload->clients;
  return client < clients.size() && round < clients[client].size();
}

/// Zero if the client does not come to that round any more.
Knob time_of_round(std::size_t client, std::size_t round, std::int64_t PlannedRound::* member) {
  Knob knob;
  knob.get = [=](const Candidate& candidate) {
    if (!comes_to(candidate, client, round)) return std::int64_t{0};
    return candidate.plan.workload->clients[client][round].*member;
  };
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    if (!comes_to(candidate, client, round)) return;
    candidate.plan.workload->clients[client][round].*member = value;
  };
  knob.unit = kMillisecond;
  return knob;
}

/// How long every client works and thinks, round by round.
std::vector<Knob> times_of_rounds(const Candidate& candidate) {
  std::vector<Knob> knobs;
  if (!candidate.plan.workload) return knobs;
  const auto& clients = candidate.plan.workload->clients;
  for (std::size_t client = 0; client < clients.size(); ++client) {
    for (std::size_t round = 0; round < clients[client].size(); ++round) {
      knobs.push_back(time_of_round(client, round, &PlannedRound::work_ns));
      knobs.push_back(time_of_round(client, round, &PlannedRound::think_ns));
    }
  }
  return knobs;
}

}  // namespace

bool weaken_faults(Trials& trials) {
  const FaultPlan plan = trials.best().plan.faults;
  bool changed = false;
  for (const PlannedFault& fault : plan.faults) {
    for (const Knob& knob : strengths(fault)) changed = lower(trials, knob) || changed;
    // Whoever waits for a holder begins when there is one.
    const bool has_a_start = fault.on || fault.target.role != Role::holder;
    if (has_a_start && info(fault.kind).takes(FaultParameter::duration)) {
      changed = lower(trials, length_before_its_end(fault.id)) || changed;
    }
    // One that waits may do so from the first moment.
    if (waits(fault)) changed = lower(trials, start(fault.id)) || changed;
  }
  return changed;
}

bool shorten_rounds(Trials& trials) {
  bool changed = false;
  for (const Knob& knob : times_of_rounds(trials.best())) changed = lower(trials, knob) || changed;
  return changed;
}

bool make_all_round(Trials& trials) {
  const FaultPlan plan = trials.best().plan.faults;
  bool changed = false;
  for (const PlannedFault& fault : plan.faults) {
    for (const Knob& knob : strengths(fault)) changed = make_round(trials, knob) || changed;
    changed = make_round(trials, start(fault.id)) || changed;
  }
  for (const Knob& knob : times_of_rounds(trials.best())) {
    changed = make_round(trials, knob) || changed;
  }
  return changed;
}

}  // namespace leasehold::scenarios::shrinking
