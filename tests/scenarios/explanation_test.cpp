#include "scenarios/explanation/explanation.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

/// Incidents whose cause is known, because the scenario arranges it: the explanation must find it.
namespace leasehold::scenarios {
namespace {

using checkers::Effect;
using checkers::FaultRecord;
using checkers::Grant;
using checkers::Milestone;
using checkers::Property;
using checkers::Work;

constexpr std::int64_t kLease = 10'000'000'000;

const models::AlgorithmRegistry& registry() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return kRegistry;
}

Explanation explained(const std::string& recipe, Property property) {
  return explain(registry(), reproduction_of(registry(), recipe).value(), property);
}

const LastChance& chance(const Explanation& found, Lever lever) {
  const auto one = std::find_if(found.chances.begin(), found.chances.end(),
                                [&](const LastChance& c) { return c.lever == lever; });
  REQUIRE(one != found.chances.end());
  return *one;
}

/// The record of that kind at the instant of a moment.
template <class Record>
const Record* at_that_instant(const Explanation& found, std::size_t moment) {
  const auto& moments = found.chronicle.moments();
  for (std::size_t i = moment; i < moments.size(); ++i) {
    if (moments[i].at.at_ns != moments[moment].at.at_ns) break;
    if (const auto* record = as<Record>(moments[i])) return record;
  }
  return nullptr;
}

std::int64_t granted_ns(const Explanation& found, const Party& one) {
  const auto grant = found.chronicle.find(0, [&](const Moment& moment) {
    const auto* record = as<Grant>(moment);
    return record != nullptr && record->attempt == one.attempt;
  });
  return found.chronicle.moments()[grant.value()].at.at_ns;
}

void check_single_cause(const Explanation& found, Assumption assumption) {
  REQUIRE(found.needed.size() == 1);
  CHECK(found.needed.front().assumption == assumption);
}

TEST_CASE("a pause between check and write: the write that leaves after it") {
  const Explanation found =
      explained("lh1:redis-ttl@pause-after-check:variant=deadline kept#0", Property::effect_safety);
  check_single_cause(found, Assumption::bounded_pause);
  const NeededFault& pause = found.needed.front();
  CHECK(*pause.size == 7 * kLease / 10);
  CHECK(*pause.least_size > 55 * kLease / 100);  // which the scenario says is safe
  REQUIRE(found.critical);
  CHECK(found.critical->lever == Lever::earlier);
  CHECK(*found.critical->until_ns >= *pause.ended_ns);
  const auto* sent = at_that_instant<Milestone>(found, *found.critical->gone_with);
  REQUIRE(sent != nullptr);
  CHECK(sent->what == Milestone::What::effect_sent);
  CHECK(sent->attempt == found.focus.earlier->attempt);
  // The pause was over in time only as long as the next had not been to the resource.
  const std::int64_t in_time = *chance(found, Lever::world).until_ns;
  CHECK(in_time > pause.began_ns);
  CHECK(in_time < found.chronicle.moments()[*found.focus.first].at.at_ns);
  CHECK(found.order_confirmed);
}

TEST_CASE("a pause in work: the next one's entry") {
  const Explanation found =
      explained("lh1:redis-ttl@pause-in-work:variant=for 0.62 leases#0", Property::work_exclusion);
  check_single_cause(found, Assumption::bounded_pause);
  CHECK(*found.needed.front().least_size > 59 * kLease / 100);
  const auto* entry = at_that_instant<Work>(found, *found.critical->gone_with);
  REQUIRE(entry != nullptr);
  CHECK(entry->attempt == found.focus.later->attempt);
  CHECK(*found.critical->until_ns == found.focus.at.at_ns);
  CHECK(*chance(found, Lever::world).until_ns < found.focus.at.at_ns);
  CHECK(*chance(found, Lever::world).until_ns > found.needed.front().began_ns);
  CHECK(found.order_confirmed);
}

TEST_CASE("a server's clock set forward: nothing mends that") {
  const Explanation found = explained("lh1:redis-ttl@server-clock-forward:variant=by 0.62 leases#0",
                                      Property::work_exclusion);
  check_single_cause(found, Assumption::no_clock_step);
  CHECK(*found.needed.front().size == 62 * kLease / 100);
  CHECK(*found.needed.front().least_size > 59 * kLease / 100);
  CHECK(*chance(found, Lever::world).until_ns == found.needed.front().began_ns);
  CHECK(at_that_instant<FaultRecord>(found, *chance(found, Lever::world).gone_with) != nullptr);
}

TEST_CASE("two nodes' clocks set forward break a quorum of three only together") {
  const Explanation found =
      explained("lh1:redlock@redlock-exact-quorum:variant=N%3d3%2c v%3d3%2c k%3d2#0",
                Property::work_exclusion);
  REQUIRE(found.needed.size() == 2);
  for (const NeededFault& one : found.needed) CHECK(one.assumption == Assumption::no_clock_step);
}

TEST_CASE("a server that forgets: its crash") {
  const Explanation found =
      explained("lh1:redis-ttl@redis-restart:variant=persistence none#0", Property::work_exclusion);
  check_single_cause(found, Assumption::kept_state);
  CHECK_FALSE(found.needed.front().size);
  CHECK(*chance(found, Lever::world).until_ns == found.needed.front().began_ns);
  CHECK(granted_ns(found, *found.focus.later) > found.needed.front().began_ns);
}

TEST_CASE("a late reply: a message that takes longer than the lock is good for") {
  const Explanation found =
      explained("lh1:redis-ttl@late-packet:variant=no deadline#0", Property::work_exclusion);
  check_single_cause(found, Assumption::bounded_delay);
  CHECK(*found.needed.front().least_size > kLease / 2);
}

TEST_CASE("a holder that dies without a lease: its death, and nobody after it") {
  const Explanation found =
      explained("lh1:setnx@setnx-stuck:variant=dies in its work#0", Property::progress);
  check_single_cause(found, Assumption::living_holder);
  CHECK(found.critical->lever == Lever::world);
  CHECK(*found.critical->until_ns == found.needed.front().began_ns);
  CHECK(found.progress->starvation == checkers::ProgressResult::Starvation::stuck);
  // Who blocks is who died.
  CHECK(found.chronicle.fault_spans()[0].targets ==
        std::vector<sim::ProcessId>{found.focus.earlier->client});
  CHECK(found.focus.later->client != found.focus.earlier->client);
}

TEST_CASE("a failover to a server without the locks") {
  const Explanation found =
      explained("lh1:pg-advisory@pg-failover:variant=over after 1 s#0", Property::work_exclusion);
  check_single_cause(found, Assumption::one_primary);
  CHECK(*chance(found, Lever::world).until_ns == found.needed.front().began_ns);
}

TEST_CASE("of many faults those that are needed, and no other") {
  const Explanation found = explained("lh1:redis-ttl@gc-pauses#1", Property::work_exclusion);
  CHECK(found.faults_before > 3);
  CHECK(found.faults_tried < found.faults_before);
  check_single_cause(found, Assumption::bounded_pause);
}

TEST_CASE("without a lock no fault is needed, and nobody but the clients could avert it") {
  const Explanation found = explained("lh1:none@gc-pauses#1", Property::work_exclusion);
  CHECK(found.needed.empty());
  CHECK(found.chances.size() == 2);  // with none for a world without faults
}

TEST_CASE("an explanation is the same each time") {
  const Explanation once = explained("lh1:redlock@gc-pauses#9", Property::work_exclusion);
  const Explanation again = explained("lh1:redlock@gc-pauses#9", Property::work_exclusion);
  CHECK(once.reruns == again.reruns);
  CHECK(once.critical->until_ns == again.critical->until_ns);
  REQUIRE(once.needed.size() == again.needed.size());
  CHECK(once.needed.front().least_size == again.needed.front().least_size);
}

}  // namespace
}  // namespace leasehold::scenarios
