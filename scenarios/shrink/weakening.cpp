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

/// Whoever waits for a holder begins when there is one.
bool has_a_start(const PlannedFault& fault) {
  return fault.on || fault.target.role != Role::holder;
}

/// After the event that it waits for, or in the run.
template <class SomeFault>
auto& start_of(SomeFault& fault) {
  return fault.on ? fault.on->delay_ns : fault.start_ns;
}

/// The length, where the fault ends when it did: less of it is a later start. REQUIRES of what is
/// set: no more than it lasts now.
Knob before_its_end(const std::string& id, const Knob& length) {
  Knob knob = length;
  knob.set = [=](Candidate& candidate, std::int64_t value) {
    start_of(fault_of(candidate, id)) += length.get(candidate) - value;
    length.set(candidate, value);
  };
  return knob;
}

/// When the fault began in the best run so far; kNever if it did not. REQUIRES: it is part of it.
std::int64_t began_ns(const Trials& trials, const PlannedFault& fault) {
  const auto& faults = trials.best().plan.faults.faults;
  const auto place = std::find(faults.begin(), faults.end(), fault) - faults.begin();
  return trials.seen().bound_ns[static_cast<std::size_t>(place)];
}

/// How long before the last deed it begins: less of it is a later start. It must still be over when
/// the world heals, or it would not last as long as is told.
Knob lead(const Trials& trials, const PlannedFault& fault, std::int64_t begins_ns) {
  const std::int64_t horizon_ns = trials.best().scenario.horizon.ns();
  const std::int64_t until_ns = std::min(trials.seen().last_deed_ns, horizon_ns);
  const std::int64_t from_ns = start_of(fault) - begins_ns;
  Knob knob;
  knob.get = [=, id = fault.id](const Candidate& candidate) {
    return until_ns + from_ns - start_of(fault_of(candidate, id));
  };
  knob.set = [=, id = fault.id](Candidate& candidate, std::int64_t value) {
    start_of(fault_of(candidate, id)) = until_ns + from_ns - value;
  };
  knob.least = std::max<std::int64_t>(until_ns + lasts_ns(fault) - horizon_ns, 0);
  knob.unit = kMillisecond;
  return knob;
}

/// For how long the fault is there.
std::vector<Knob> lengths(const PlannedFault& fault) {
  using P = FaultParameter;
  const FaultKindInfo& kind = info(fault.kind);
  std::vector<Knob> knobs;
  if (kind.takes(P::duration)) {
    knobs.push_back(field(fault.id, &PlannedFault::duration_ns, kMillisecond, kMillisecond));
  }
  const bool comes_back = kind.takes(P::restart_after) && fault.restart_after_ns;
  if (comes_back) knobs.push_back(downtime(fault.id));
  return knobs;
}

/// What makes the fault the stronger the greater it is.
std::vector<Knob> strengths(const PlannedFault& fault) {
  using P = FaultParameter;
  std::vector<Knob> knobs = lengths(fault);
  const auto add = [&](P parameter, auto member, std::int64_t least, std::int64_t unit) {
    if (info(fault.kind).takes(parameter)) knobs.push_back(field(fault.id, member, least, unit));
  };
  add(P::probability, &PlannedFault::probability_ppm, 0, 1'000);
  add(P::extra, &PlannedFault::extra_ns, 0, kMillisecond);
  add(P::rate, &PlannedFault::rate_ppm, 0, 1);
  add(P::step, &PlannedFault::step_ns, 0, kMillisecond);
  add(P::factor, &PlannedFault::factor, 1, 1);
  add(P::failures, &PlannedFault::failures, 1, 1);
  add(P::detector, &PlannedFault::detection_ns, 0, kMillisecond);
  add(P::detector, &PlannedFault::promotion_ns, 0, kMillisecond);
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
    if (fault.on) changed = lower(trials, trigger_delay(fault.id)) || changed;
    if (has_a_start(fault)) {
      for (const Knob& length : lengths(fault)) {
        changed = lower(trials, before_its_end(fault.id, length)) || changed;
      }
    }
    // One that waits may do so from the first moment.
    if (waits(fault)) changed = lower(trials, start(fault.id)) || changed;
  }
  return changed;
}

bool start_later(Trials& trials) {
  bool changed = false;
  const FaultPlan plan = trials.best().plan.faults;
  for (const PlannedFault& fault : plan.faults) {
    const std::int64_t begins_ns = began_ns(trials, fault);
    if (!has_a_start(fault) || begins_ns == kNever) continue;
    changed = lower(trials, lead(trials, fault, begins_ns)) || changed;
  }
  return changed;
}

bool drop_lengths(Trials& trials) {
  const FaultPlan plan = trials.best().plan.faults;
  bool changed = false;
  for (const PlannedFault& fault : plan.faults) {
    for (const Knob& knob : strengths(fault)) changed = drop(trials, knob) || changed;
  }
  for (const Knob& knob : times_of_rounds(trials.best())) changed = drop(trials, knob) || changed;
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
    if (fault.on) changed = make_round(trials, trigger_delay(fault.id)) || changed;
    changed = make_round(trials, start(fault.id)) || changed;
  }
  for (const Knob& knob : times_of_rounds(trials.best())) {
    changed = make_round(trials, knob) || changed;
  }
  return changed;
}

}  // namespace leasehold::scenarios::shrinking
