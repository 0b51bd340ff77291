#pragma once

#include <rapidcheck.h>

#include <string>

#include "scenarios/words.hpp"

/// Random scenarios that a file could hold.
namespace leasehold::scenarios::test {

template <class Enum>
Enum any_of() {
  return static_cast<Enum>(*rc::gen::inRange<std::size_t>(0, words<Enum>().size()));
}

inline std::uint32_t number(std::uint32_t low, std::uint32_t high) {
  return *rc::gen::inRange(low, high + 1);
}

inline Span span(std::int64_t least = 0) {
  switch (number(0, 2)) {
    case 0:
      return Span::leases(*rc::gen::inRange<std::int64_t>(least, 5'000));
    case 1:
      return Span::horizon(*rc::gen::inRange<std::int64_t>(least, 1'001));
    default:
      return Span::of(sim::Duration::nanoseconds(
          *rc::gen::inRange<std::int64_t>(least, 100) *
          *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 1'000'000'000)));
  }
}

/// Low and high in the same unit, so that they stay in order whatever the lease.
inline DistributionSpec distribution() {
  Span low = span();
  Span high = low;
  high.value += low.unit == Span::Unit::horizon ? 0 : number(0, 1'000);
  switch (number(0, 3)) {
    case 0:
      return DistributionSpec::constant(low);
    case 1:
      return DistributionSpec::uniform(low, high).at_most(span());
    case 2:
      return DistributionSpec::exponential(low).at_least(low).at_most(high);
    default:
      return DistributionSpec::lognormal(low, number(0, 8'000)).at_least(span());
  }
}

inline IntegerRange range(std::int64_t low, std::int64_t high) {
  const std::int64_t a = *rc::gen::inRange(low, high + 1);
  return {a, *rc::gen::inRange(a, high + 1)};
}

inline Target target(const FaultTemplate& fault, std::uint32_t clients) {
  if (fault.shape != PartitionShape::isolate) return {Role::all, std::nullopt};
  Role role = any_of<Role>();
  while (!info(fault.kind).allows(role)) role = any_of<Role>();
  const bool numbered = role == Role::client || role == Role::server;
  if (!numbered || number(0, 1) == 0) return {role, std::nullopt};
  return {role, number(0, (role == Role::client ? clients : kServerSlots) - 1)};
}

inline FaultTemplate fault(std::size_t position, std::uint32_t clients) {
  FaultTemplate f = default_fault(any_of<FaultKind>());
  const FaultKindInfo& kind = info(f.kind);
  using P = FaultParameter;
  f.id = "fault-" + std::to_string(position);
  if (kind.takes(P::shape)) f.shape = any_of<PartitionShape>();
  f.target = target(f, clients);
  f.at = distribution();
  if (number(0, 1) == 0) f.on = TriggerTemplate{any_of<Trigger>(), range(1, 20), distribution()};
  f.window = span();
  f.chance_per_mille = number(0, 1'000);
  f.count = range(0, 5);
  f.gap = span();
  if (kind.takes(P::duration)) f.duration = distribution();
  if (kind.takes(P::direction)) f.direction = any_of<Direction>();
  if (kind.takes(P::peers)) f.peers = any_of<Peers>();
  if (kind.takes(P::probability)) f.probability_ppm = range(0, 1'000'000);
  if (kind.takes(P::extra)) f.extra = distribution();
  if (kind.takes(P::rate)) f.rate_ppm = range(-500'000, 500'000);
  if (kind.takes(P::step)) f.step = distribution();
  if (kind.takes(P::step)) f.sense = any_of<StepSense>();
  if (kind.takes(P::correlated)) f.correlated = number(0, 1) == 1;
  if (kind.takes(P::restart_after)) f.restart_after = distribution();
  if (kind.takes(P::restart_after) && number(0, 3) == 0) f.restart_after.reset();
  if (kind.takes(P::factor)) f.factor = range(1, 1'000);
  if (kind.takes(P::freeze)) f.freeze = number(0, 1) == 1;
  if (kind.takes(P::failures)) f.failures = range(1, 9);
  if (kind.takes(P::detector)) f.detection = distribution();
  if (kind.takes(P::detector)) f.promotion = distribution();
  if (kind.takes(P::detector)) f.old_primary_alive_per_mille = number(0, 1'000);
  return f;
}

inline Workload workload() {
  switch (any_of<WorkloadKind>()) {
    case WorkloadKind::critical_section:
      return CriticalSection{.updates = number(1, 9)};
    case WorkloadKind::counter:
      return Counter{.updates = number(1, 9)};
    case WorkloadKind::period_job:
      return PeriodJob{.period = sim::Duration::milliseconds(number(1'000, 9'999)),
                       .tolerance_per_mille = number(0, 1'000),
                       .min_within_per_mille = number(0, 1'000),
                       .poll = sim::Duration::milliseconds(number(1, 1'000)),
                       .guard = any_of<PeriodJob::Guard>()};
    case WorkloadKind::index_job:
      return IndexJob{.every = span(1), .updates = number(1, 9)};
    case WorkloadKind::voucher:
      break;
  }
  return Voucher{.order = any_of<Voucher::Order>(),
                 .claim = any_of<Voucher::Claim>(),
                 .hold_after = span(),
                 .redelivery = span(1),
                 .acknowledge = any_of<Voucher::Acknowledge>(),
                 .recognise = number(0, 1) == 1};
}

inline Expectation expectation() {
  Expectation expect;
  expect.longest_gap = ExpectedLength{};
  for (auto& share : expect.shares) {
    if (number(0, 1) == 0) share = ExpectedShare{number(0, 500), number(500, 1'000)};
  }
  if (number(0, 1) == 0) expect.stuck = ExpectedShare{number(0, 500), number(500, 1'000)};
  if (number(0, 1) == 0) expect.longest_wait = ExpectedLength{span(), std::nullopt};
  if (number(0, 1) == 0) expect.longest_gap = ExpectedLength{Span{}, span()};
  return expect;
}

/// Of the one variant, and another that just misses it.
inline void tell_truth(Scenario& s) {
  s.truth = Truth{*rc::gen::element<std::string>("", "one line"), "a book"};
  s.variants.front().expect = expectation();
  s.variants.push_back({"longer", {}, {}, expectation(), "long"});
}

inline Scenario scenario(std::uint32_t least_faults = 0) {
  Scenario s;
  s.name = "s" + std::to_string(number(0, 99));
  s.summary = *rc::gen::element<std::string>("", "one line", "\"quoted\" \\ ö €");
  s.story = *rc::gen::element<std::string>("", "two\nlines", "tab\tand \x01");
  s.horizon = sim::Duration::milliseconds(number(1, 600'000));
  s.lease = sim::Duration::milliseconds(number(1, 60'000));
  s.heal = Span::leases(number(3'000, 9'000));
  s.progress_within = Span::leases(number(500, 3'000));
  s.clients = number(1, kClientsMax);
  s.work = distribution();
  s.think = distribution();
  s.retry = DistributionSpec::uniform(Span::leases(1'000), Span::leases(2'000));
  if (number(0, 1) == 0) s.give_up = span();
  s.workload = workload();
  s.network.client_server = distribution();
  s.network.loss_ppm = number(0, 1'000'000);
  s.disk.fsync = distribution();
  s.cpu.step = distribution();
  s.clocks = {.rate_ppm = number(0, 500), .wall_offset = sim::Duration::microseconds(number(0, 9))};
  s.fencing = any_of<Fencing>();
  s.algorithms = {"redlock", "own-lock"};
  if (number(0, 1) == 0) s.parameters["redlock"]["client"] = "spec";
  for (std::uint32_t i = number(least_faults, 4); i > 0; --i)
    s.faults.push_back(fault(i, s.clients));
  s.budget = {number(1, 9), number(0, 99), number(0, 1'000)};
  if (number(0, 3) == 0) {
    s.variants.push_back({"long", {{"lease", "60s"}}, {"setnx"}, std::nullopt, ""});
    if (number(0, 1) == 0) tell_truth(s);
  }
  return s;
}

}  // namespace leasehold::scenarios::test
