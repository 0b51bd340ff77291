#pragma once

#include "scenarios/fault_plan.hpp"
#include "scenarios/format/describe.hpp"

/// The keys of a stored fault plan. Nothing in it has a default that matters: a value that the kind
/// takes must be there, so that a plan means the same whoever reads it.
namespace leasehold::scenarios::format {

inline constexpr std::int64_t kLongestNs = sim::kLongestDuration.ns();
inline constexpr WholeRule kTime{0, kLongestNs, true};
inline constexpr WholeRule kLength{1, kLongestNs, true};

template <class F, Like<PlannedTrigger> S>
void describe(F& fields, S& s) {
  fields("event", s.event, RequiredRule{});
  fields("occurrence", s.occurrence, WholeRule{1, 1'000'000});
  fields("delay_ns", s.delay_ns, WholeRule{0, kLongestNs});
}

template <class F, Like<PlannedFault> S>
void describe_links(F& fields, S& s) {
  using P = FaultParameter;
  const FaultKindInfo& kind = info(s.kind);
  const Role role = s.target.role;
  if (kind.takes(P::shape)) fields("shape", s.shape, PlainRule{});
  if (kind.takes(P::shape) || role == Role::minority || role == Role::majority) {
    fields("side", s.side, BitsRule{});
  }
  if (kind.takes(P::direction)) fields("direction", s.direction, PlainRule{});
  if (kind.takes(P::peers)) fields("peers", s.peers, PlainRule{});
  if (kind.takes(P::probability)) {
    fields("probability_ppm", s.probability_ppm, WholeRule{0, 1'000'000, true});
  }
  if (kind.takes(P::extra)) fields("extra_ns", s.extra_ns, kTime);
}

template <class F, Like<PlannedFault> S>
void describe(F& fields, S& s) {
  using P = FaultParameter;
  fields("kind", s.kind, RequiredRule{});
  if (!fields.usable()) return;
  const FaultKindInfo& kind = info(s.kind);
  fields("id", s.id, TextRule{.longest = 128, .one_line = true});
  fields("target", s.target, RequiredRule{});
  if (!fields.usable()) return;
  fields("start_ns", s.start_ns, kTime);
  fields("on", s.on, PlainRule{});
  fields("window_ns", s.window_ns, WholeRule{0, kLongestNs});
  if (kind.takes(P::duration)) fields("duration_ns", s.duration_ns, kLength);
  describe_links(fields, s);
  if (kind.takes(P::rate)) fields("rate_ppm", s.rate_ppm, WholeRule{-500'000, 500'000, true});
  if (kind.takes(P::step)) fields("step_ns", s.step_ns, WholeRule{-kLongestNs, kLongestNs, true});
  if (kind.takes(P::correlated)) fields("correlated", s.correlated, PlainRule{});
  if (kind.takes(P::restart_after)) {
    fields("restart_after_ns", s.restart_after_ns, NeverRule{.required = true});
  }
  if (kind.takes(P::factor)) fields("factor", s.factor, WholeRule{1, 1'000'000, true});
  if (kind.takes(P::freeze)) fields("freeze", s.freeze, PlainRule{});
  if (kind.takes(P::failures)) fields("failures", s.failures, WholeRule{1, 1'000'000, true});
  if (!kind.takes(P::detector)) return;
  fields("detection_ns", s.detection_ns, kTime);
  fields("promotion_ns", s.promotion_ns, kTime);
  fields("old_primary_alive", s.old_primary_alive, PlainRule{});
}

template <class F, Like<FaultPlan> S>
void describe(F& fields, S& s) {
  fields("faults", s.faults, EachRule<PlainRule>{10'000, {}});
}

template <>
inline constexpr bool kIsObject<PlannedTrigger> = true;
template <>
inline constexpr bool kIsObject<PlannedFault> = true;
template <>
inline constexpr bool kIsObject<FaultPlan> = true;

}  // namespace leasehold::scenarios::format
