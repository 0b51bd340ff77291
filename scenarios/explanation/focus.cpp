#include "scenarios/explanation/focus.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using checkers::Belief;
using checkers::ClientLife;
using checkers::Effect;
using checkers::EffectGone;
using checkers::Grant;
using checkers::JobRun;
using checkers::Operation;
using checkers::Property;
using checkers::Work;

Party party(const checkers::Interval& interval) { return {interval.client, interval.attempt}; }

/// Where a hold of that kind came to its end, an exposed work with its last effect.
std::optional<std::size_t> end_of(Property kind, const Party& one, const Chronicle& chronicle,
                                  std::size_t from) {
  const auto ends = [&](const Moment& moment) {
    if (const auto* life = as<ClientLife>(moment);
        life != nullptr && kind != Property::grant_exclusion) {
      return life->client == one.client && life->phase == ClientLife::Phase::crashed;
    }
    if (attempt_of(moment.what) != one.attempt) return false;
    const auto* grant = as<Grant>(moment);
    const auto* belief = as<Belief>(moment);
    const auto* work = as<Work>(moment);
    return (kind == Property::grant_exclusion && grant != nullptr &&
            grant->phase == Grant::Phase::ended) ||
           (kind == Property::belief_exclusion && belief != nullptr &&
            belief->phase == Belief::Phase::ended) ||
           (kind == Property::work_exclusion && work != nullptr &&
            work->phase == Work::Phase::left);
  };
  if (const auto end = chronicle.find(from, ends)) return end;
  return chronicle.find_last(chronicle.moments().size(), [&](const Moment& moment) {
    const bool settles = as<Effect>(moment) != nullptr || as<EffectGone>(moment) != nullptr;
    return settles && attempt_of(moment.what) == one.attempt &&
           chronicle.moments()[from].at < moment.at;
  });
}

/// Two holds at once: the younger began before the older was over.
void focus_on_overlap(Focus& focus, const std::optional<checkers::Overlap>& first,
                      const Chronicle& chronicle) {
  if (!first) return;
  focus.at = first->later.begun;
  focus.earlier = party(first->earlier);
  focus.later = party(first->later);
  focus.first = chronicle.at(first->later.begun);
  if (focus.first) {
    focus.second = end_of(focus.property, *focus.earlier, chronicle, *focus.first);
  }
}

/// The read that an update was made from; none if it read nothing.
std::optional<std::size_t> basis_of(const checkers::EffectViolation& lost,
                                    const Chronicle& chronicle) {
  return chronicle.find_last(chronicle.moments().size(), [&](const Moment& moment) {
    const auto* effect = as<Effect>(moment);
    return effect != nullptr && effect->kind == Effect::Kind::read && moment.at < lost.at &&
           effect->attempt == lost.effect.attempt && effect->version == lost.effect.based_on;
  });
}

/// An effect of an older lock after one of a younger. An update is lost because the other one read
/// before it.
void focus_on_effect(Focus& focus, const std::optional<checkers::EffectViolation>& first,
                     const Chronicle& chronicle) {
  if (!first) return;
  focus.at = first->at;
  focus.first = chronicle.at(first->earlier_at);
  focus.second = chronicle.at(first->at);
  const bool is_lost = first->rule == checkers::EffectViolation::Rule::lost;
  const auto basis = is_lost ? basis_of(*first, chronicle) : std::nullopt;
  if (basis && basis < focus.first) {
    focus.second = focus.first;
    focus.first = basis;
  }
  const Party late{first->effect.client, first->effect.attempt};
  const Party early{first->earlier_client, first->earlier_attempt};
  const auto begun = [&](const Party& one) {
    return chronicle.find(0, [&](const Moment& moment) {
      const auto* grant = as<Grant>(moment);
      const auto* work = as<Work>(moment);
      return (grant != nullptr && grant->attempt == one.attempt) ||
             (work != nullptr && work->attempt == one.attempt);
    });
  };
  const bool in_order = begun(early) <= begun(late);
  focus.earlier = in_order ? early : late;
  focus.later = in_order ? late : early;
}

/// Who was told to hold it, and could not have been.
void focus_on_contradiction(Focus& focus, const checkers::LinearizableResult& result,
                            const Chronicle& chronicle) {
  for (const checkers::ContradictingCall& call : result.contradiction) {
    const Party one{call.client, call.attempt};
    if (!focus.earlier) {
      focus.earlier = one;
    } else if (*focus.earlier != one && !focus.later) {
      focus.later = one;
    }
    focus.at = std::max(focus.at, call.responded.value_or(call.invoked));
  }
  const auto told = [&](const Party& one) {
    return chronicle.find(0, [&](const Moment& moment) {
      const auto* operation = as<Operation>(moment);
      return operation != nullptr && operation->attempt == one.attempt &&
             operation->kind == Operation::Kind::acquire &&
             operation->phase == Operation::Phase::ok;
    });
  };
  if (focus.later) focus.first = told(*focus.later);
}

/// Whose acquire waits longest at the end of the run.
std::optional<Party> longest_waiting(const Chronicle& chronicle) {
  std::vector<Party> waiting;
  for (const Moment& moment : chronicle.moments()) {
    if (const auto* life = as<ClientLife>(moment)) {
      std::erase_if(waiting, [&](const Party& one) { return one.client == life->client; });
    }
    const auto* operation = as<Operation>(moment);
    if (operation == nullptr || operation->kind != Operation::Kind::acquire) continue;
    const Party one{operation->client, operation->attempt};
    if (operation->phase == Operation::Phase::invoked) {
      waiting.push_back(one);
    } else {
      std::erase(waiting, one);
    }
  }
  if (waiting.empty()) return std::nullopt;
  return waiting.front();
}

/// The lock went to somebody last, and came back too late or never.
void focus_on_standstill(Focus& focus, const Chronicle& chronicle) {
  const auto& moments = chronicle.moments();
  focus.at = moments.back().at;
  focus.later = longest_waiting(chronicle);
  const auto granted = chronicle.find_last(moments.size(), [&](const Moment& moment) {
    const auto* grant = as<Grant>(moment);
    return grant != nullptr && grant->phase == Grant::Phase::begun;
  });
  if (!granted) return;
  const auto* grant = as<Grant>(moments[*granted]);
  focus.earlier = Party{grant->client, grant->attempt};
  // What kept it from coming back: its holder's death, or the end of its hold in its own view.
  focus.first = chronicle.find(*granted, [&](const Moment& moment) {
    const auto* life = as<ClientLife>(moment);
    const auto* belief = as<Belief>(moment);
    return (life != nullptr && life->client == grant->client &&
            life->phase == ClientLife::Phase::crashed) ||
           (belief != nullptr && belief->attempt == grant->attempt &&
            belief->phase == Belief::Phase::ended);
  });
}

/// REQUIRES: a run of the job.
Party runner(const Moment& moment) {
  const auto& job = *as<JobRun>(moment);
  return {job.client, job.attempt};
}

/// The two successive runs of the job that were furthest apart, or nearest if none was late; after
/// the last one there may be nobody.
void focus_on_gap(Focus& focus, const checkers::FrequencyCounts& counts,
                  const Chronicle& chronicle) {
  const bool late = counts.late > 0;
  const auto& moments = chronicle.moments();
  std::optional<std::size_t> before;
  std::optional<std::int64_t> worst;
  const auto consider = [&](std::size_t until, bool runs_again) {
    const std::int64_t gap = moments[until].at.at_ns - (before ? moments[*before].at.at_ns : 0);
    if (worst && (late ? gap <= *worst : gap >= *worst)) return;
    worst = gap;
    focus.at = moments[until].at;
    focus.first = before;
    focus.second = runs_again ? std::optional(until) : std::nullopt;
    focus.earlier = before ? std::optional(runner(moments[*before])) : std::nullopt;
    focus.later = runs_again ? std::optional(runner(moments[until])) : std::nullopt;
  };
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (as<JobRun>(moments[i]) == nullptr) continue;
    if (before) consider(i, true);
    before = i;
  }
  if (late) consider(moments.size() - 1, false);
}

}  // namespace

bool is_same_story(const Focus& focus, const Focus& other) {
  if (focus.property == Property::frequency) return true;
  return focus.earlier == other.earlier || focus.later == other.earlier;
}

Focus focus_on(Property property, const RunResult& result, const Chronicle& chronicle) {
  const checkers::RunChecker& checker = *result.checker;
  Focus focus;
  focus.property = property;
  switch (property) {
    case Property::grant_exclusion:
      focus_on_overlap(focus, checker.grant_exclusion().first, chronicle);
      break;
    case Property::belief_exclusion:
      focus_on_overlap(focus, checker.belief_exclusion().first, chronicle);
      break;
    case Property::work_exclusion:
      focus_on_overlap(focus, checker.work_exclusion().first, chronicle);
      break;
    case Property::effect_safety:
      focus_on_effect(focus, checker.effects().first, chronicle);
      break;
    case Property::linearizable:
      focus_on_contradiction(focus, checker.linearizable(), chronicle);
      break;
    case Property::progress:
      focus_on_standstill(focus, chronicle);
      break;
    case Property::frequency:
      focus_on_gap(focus, checker.frequency()->counts, chronicle);
      break;
  }
  return focus;
}

}  // namespace leasehold::scenarios
