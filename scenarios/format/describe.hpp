#pragma once

#include <concepts>
#include <optional>
#include <type_traits>
#include <variant>

#include "scenarios/format/rules.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/words.hpp"

/// The keys of a scenario file, once: describe(fields, s) calls `fields(key, member, rule)` for
/// every key of the struct, in canonical order. Reading, writing, listing and measuring a file all
/// go by it, so a key cannot be known to one of them and not to another.
///
/// A visitor has `static constexpr bool kReads` (members may change under its call) and
/// `bool usable()` (false once a key that decides on the others was wrong).
namespace leasehold::scenarios::format {

template <class S, class T>
concept Like = std::same_as<std::remove_const_t<S>, T>;

template <class F, Like<CriticalSection> S>
void describe(F& fields, S& s) {
  fields("updates", s.updates, WholeRule{1, 1'000});
}

template <class F, Like<Counter> S>
void describe(F& fields, S& s) {
  fields("updates", s.updates, WholeRule{1, 1'000});
}

template <class F, Like<PeriodJob> S>
void describe(F& fields, S& s) {
  fields("period", s.period, DurationRule{});
  fields("tolerance_per_mille", s.tolerance_per_mille, kPerMille);
  fields("min_within_per_mille", s.min_within_per_mille, kPerMille);
  fields("poll", s.poll, DurationRule{});
  fields("guard", s.guard, PlainRule{});
}

template <class F, Like<IndexJob> S>
void describe(F& fields, S& s) {
  fields("every", s.every, LengthRule{.positive = true});
  fields("updates", s.updates, WholeRule{1, 1'000});
}

template <class F, Like<Voucher> S>
void describe(F& fields, S& s) {
  fields("order", s.order, PlainRule{});
  fields("claim", s.claim, PlainRule{});
  fields("hold_after", s.hold_after, LengthRule{});
  fields("redelivery", s.redelivery, LengthRule{.positive = true});
  fields("acknowledge", s.acknowledge, PlainRule{});
  fields("recognise", s.recognise, PlainRule{});
}

inline Workload default_workload(WorkloadKind kind) {
  switch (kind) {
    case WorkloadKind::critical_section:
      return CriticalSection{};
    case WorkloadKind::counter:
      return Counter{};
    case WorkloadKind::period_job:
      return PeriodJob{};
    case WorkloadKind::index_job:
      return IndexJob{};
    case WorkloadKind::voucher:
      break;
  }
  return Voucher{};
}

template <class F, Like<Workload> S>
void describe(F& fields, S& s) {
  WorkloadKind kind = kind_of(s);
  fields("kind", kind, RequiredRule{});
  if (!fields.usable()) return;
  if constexpr (F::kReads) s = default_workload(kind);
  std::visit([&](auto& workload) { describe(fields, workload); }, s);
}

template <class F, Like<NetworkSpec> S>
void describe(F& fields, S& s) {
  fields("client_server", s.client_server, LengthRule{});
  fields("client_resource", s.client_resource, LengthRule{});
  fields("server_server", s.server_server, LengthRule{});
  fields("loss_ppm", s.loss_ppm, kPpm);
}

template <class F, Like<DiskSpec> S>
void describe(F& fields, S& s) {
  fields("fsync", s.fsync, LengthRule{});
}

template <class F, Like<CpuSpec> S>
void describe(F& fields, S& s) {
  fields("step", s.step, LengthRule{});
  fields("service", s.service, LengthRule{});
}

template <class F, Like<ClockSpec> S>
void describe(F& fields, S& s) {
  fields("rate_ppm", s.rate_ppm, WholeRule{0, 100'000});
  fields("wall_offset", s.wall_offset, DurationRule{.low = sim::Duration::zero()});
}

template <class F, Like<TriggerTemplate> S>
void describe(F& fields, S& s) {
  fields("event", s.event, PlainRule{});
  fields("occurrence", s.occurrence, WholeRule{1, 1'000'000});
  fields("delay", s.delay, LengthRule{});
}

template <class F, Like<FaultTemplate> S>
void describe_parameters(F& fields, S& s) {
  using P = FaultParameter;
  const FaultKindInfo& kind = info(s.kind);
  if (kind.takes(P::duration)) fields("duration", s.duration, LengthRule{});
  if (kind.takes(P::shape)) fields("shape", s.shape, PlainRule{});
  if (kind.takes(P::direction)) fields("direction", s.direction, PlainRule{});
  if (kind.takes(P::peers)) fields("peers", s.peers, PlainRule{});
  if (kind.takes(P::probability)) fields("probability_ppm", s.probability_ppm, kPpm);
  if (kind.takes(P::extra)) fields("extra", s.extra, LengthRule{});
  if (kind.takes(P::rate)) fields("rate_ppm", s.rate_ppm, WholeRule{-500'000, 500'000});
  if (kind.takes(P::step)) fields("step", s.step, LengthRule{});
  if (kind.takes(P::step)) fields("sense", s.sense, PlainRule{});
  if (kind.takes(P::correlated)) fields("correlated", s.correlated, PlainRule{});
  if (kind.takes(P::restart_after)) fields("restart_after", s.restart_after, NeverRule{});
  if (kind.takes(P::factor)) fields("factor", s.factor, WholeRule{1, 1'000'000});
  if (kind.takes(P::freeze)) fields("freeze", s.freeze, PlainRule{});
  if (kind.takes(P::failures)) fields("failures", s.failures, WholeRule{1, 1'000'000});
  if (kind.takes(P::detector)) {
    fields("detection", s.detection, LengthRule{});
    fields("promotion", s.promotion, LengthRule{});
    fields("old_primary_alive_per_mille", s.old_primary_alive_per_mille, kPerMille);
  }
}

template <class F, Like<FaultTemplate> S>
void describe(F& fields, S& s) {
  auto kind = s.kind;
  fields("kind", kind, RequiredRule{});
  if (!fields.usable()) return;
  if constexpr (F::kReads) s = default_fault(kind);
  fields("id", s.id, NameRule{});
  fields("target", s.target, PlainRule{});
  fields("at", s.at, LengthRule{});
  fields("on", s.on, PlainRule{});
  fields("window", s.window, LengthRule{});
  fields("chance_per_mille", s.chance_per_mille, kPerMille);
  fields("count", s.count, WholeRule{0, 100});
  fields("gap", s.gap, LengthRule{});
  describe_parameters(fields, s);
}

template <class F, Like<FaultBudget> S>
void describe(F& fields, S& s) {
  fields("concurrent", s.concurrent, WholeRule{1, 1'000});
  fields("total", s.total, WholeRule{0, 10'000});
  fields("quiet_per_mille", s.quiet_per_mille, kPerMille);
}

template <class F, Like<ExpectedShare> S>
void describe(F& fields, S& s) {
  fields("at_least_per_mille", s.at_least_per_mille, kPerMille);
  fields("at_most_per_mille", s.at_most_per_mille, kPerMille);
}

template <class F, Like<ExpectedLength> S>
void describe(F& fields, S& s) {
  fields("at_least", s.at_least, LengthRule{});
  fields("at_most", s.at_most, NeverRule{});
}

template <class F, Like<Expectation> S>
void describe(F& fields, S& s) {
  for (std::size_t i = 0; i < s.shares.size(); ++i) {
    fields(checkers::kPropertyNames[i], s.shares[i], PlainRule{});
  }
  fields("stuck", s.stuck, PlainRule{});
  fields("longest_wait", s.longest_wait, PlainRule{});
  fields("longest_gap", s.longest_gap, PlainRule{});
}

template <class F, Like<Truth> S>
void describe(F& fields, S& s) {
  fields("condition", s.condition, TextRule{.longest = 200, .one_line = true});
  fields("source", s.source, TextRule{.longest = 200, .one_line = true});
}

template <class F, Like<Variant> S>
void describe(F& fields, S& s) {
  fields("label", s.label, TextRule{.longest = 80, .one_line = true});
  fields("set", s.set, EachRule<TextRule>{32, {.longest = 256, .one_line = true}});
  fields("algorithms", s.algorithms, EachRule<NameRule>{64, {}});
  fields("expect", s.expect, PlainRule{});
  fields("misses", s.misses, TextRule{.longest = 80, .one_line = true});
}

template <class F, Like<Scenario> S>
void describe(F& fields, S& s) {
  fields("name", s.name, NameRule{.required = true});
  fields("summary", s.summary, TextRule{.longest = 200, .one_line = true});
  fields("story", s.story, TextRule{.longest = 8'192});
  fields("horizon", s.horizon, DurationRule{});
  fields("heal", s.heal, LengthRule{});
  fields("clients", s.clients, WholeRule{1, kClientsMax});
  fields("lease", s.lease, DurationRule{.low = sim::Duration::milliseconds(1)});
  fields("work", s.work, LengthRule{});
  fields("think", s.think, LengthRule{});
  fields("retry", s.retry, LengthRule{.positive = true});
  fields("give_up", s.give_up, NeverRule{});
  fields("progress_within", s.progress_within, LengthRule{.positive = true});
  fields("workload", s.workload, PlainRule{});
  fields("network", s.network, PlainRule{});
  fields("disk", s.disk, PlainRule{});
  fields("cpu", s.cpu, PlainRule{});
  fields("clocks", s.clocks, PlainRule{});
  fields("fencing", s.fencing, PlainRule{});
  fields("algorithms", s.algorithms, EachRule<NameRule>{64, {}});
  fields("parameters", s.parameters, EachRule<TextRule>{64, {.longest = 256, .one_line = true}});
  fields("calm", s.calm, PlainRule{});
  fields("faults", s.faults, EachRule<PlainRule>{64, {}});
  fields("budget", s.budget, PlainRule{});
  fields("variants", s.variants, EachRule<PlainRule>{64, {}});
  fields("truth", s.truth, PlainRule{});
}

/// Whether a struct has a description, that is, is an object of its own in the file.
template <class T>
inline constexpr bool kIsObject = false;
template <class T>
inline constexpr bool kIsOptionalObject = false;
template <class T>
inline constexpr bool kIsOptionalObject<std::optional<T>> = kIsObject<T>;

template <>
inline constexpr bool kIsObject<Scenario> = true;
template <>
inline constexpr bool kIsObject<Workload> = true;
template <>
inline constexpr bool kIsObject<NetworkSpec> = true;
template <>
inline constexpr bool kIsObject<DiskSpec> = true;
template <>
inline constexpr bool kIsObject<CpuSpec> = true;
template <>
inline constexpr bool kIsObject<ClockSpec> = true;
template <>
inline constexpr bool kIsObject<TriggerTemplate> = true;
template <>
inline constexpr bool kIsObject<FaultTemplate> = true;
template <>
inline constexpr bool kIsObject<FaultBudget> = true;
template <>
inline constexpr bool kIsObject<ExpectedShare> = true;
template <>
inline constexpr bool kIsObject<ExpectedLength> = true;
template <>
inline constexpr bool kIsObject<Expectation> = true;
template <>
inline constexpr bool kIsObject<Truth> = true;
template <>
inline constexpr bool kIsObject<Variant> = true;

}  // namespace leasehold::scenarios::format
