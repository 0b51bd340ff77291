#include "scenarios/explanation/explanation.hpp"
#include "tests/scenarios/drawn.hpp"

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
using test::drawn;
using test::registry;

constexpr std::int64_t kLease = 10'000'000'000;

Explanation explained(const std::string& recipe, Property property) {
  return explain(registry(), drawn(recipe), property);
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

std::int64_t entered_ns(const Explanation& found, const Party& one) {
  const auto entry = found.chronicle.find(0, [&](const Moment& moment) {
    const auto* record = as<Work>(moment);
    return record != nullptr && record->attempt == one.attempt;
  });
  return found.chronicle.moments()[entry.value()].at.at_ns;
}

std::int64_t at_ns(const Explanation& found, std::size_t moment) {
  return found.chronicle.moments()[moment].at.at_ns;
}

bool has(const LastChance& chance, Way way) {
  return std::find(chance.ways.begin(), chance.ways.end(), way) != chance.ways.end();
}

/// What enters as the second is stopped at the door: the last chance of every double hold in which
/// nobody else is waiting to take its place.
void check_gone_with_entry(const Explanation& found, Lever lever) {
  REQUIRE(found.critical);
  const Party& one = lever == Lever::later ? *found.focus.later : *found.focus.earlier;
  CHECK(found.critical->lever == lever);
  CHECK(found.critical->client == one.client);
  CHECK(*found.critical->until_ns == entered_ns(found, one));
  CHECK(*found.critical->until_ns == found.focus.at.at_ns);
  CHECK(has(*found.critical, Way::stop));
}

/// The younger one went in before the older one was out.
void check_entry_before_exit(const Explanation& found) {
  const auto& moments = found.chronicle.moments();
  const auto* in = as<Work>(moments[found.focus.first.value()]);
  const auto* out = as<Work>(moments[found.focus.second.value()]);
  REQUIRE(in != nullptr);
  REQUIRE(out != nullptr);
  CHECK(in->phase == Work::Phase::entered);
  CHECK(in->attempt == found.focus.later->attempt);
  CHECK(out->phase == Work::Phase::left);
  CHECK(out->attempt == found.focus.earlier->attempt);
  CHECK(found.order_confirmed);
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

TEST_CASE("a half-open connection: the server ends the session of a holder that is cut off") {
  const Explanation found =
      explained("lh1:pg-advisory@pg-short-keepalive:variant=for 8 s%2c keepalive 8 s#0",
                Property::work_exclusion);
  check_single_cause(found, Assumption::bounded_delay);
  const NeededFault& cut = found.needed.front();
  // The keepalive finds out 8 s after the last sign of life, 7 s after the cut. It sends its last
  // probe a second before: whatever the cut outlasts that by decides.
  CHECK(*cut.size == 8'000'000'000);
  CHECK(*cut.least_size > 5'900'000'000);
  CHECK(*cut.least_size <= 6'100'000'000);
  const std::int64_t in_time = *chance(found, Lever::world).until_ns;
  CHECK(in_time > cut.began_ns + 5'900'000'000);
  CHECK(in_time < cut.began_ns + 6'100'000'000);
  // From the end of its session on it helps no more that the holder stops, but the next one may
  // still wait before it goes in.
  const LastChance& holder = chance(found, Lever::earlier);
  CHECK(*holder.until_ns > cut.began_ns + 6'999'000'000);
  CHECK(*holder.until_ns < cut.began_ns + 7'001'000'000);
  const auto* end = at_that_instant<Grant>(found, *holder.gone_with);
  REQUIRE(end != nullptr);
  CHECK(end->phase == Grant::Phase::ended);
  CHECK(found.critical->lever == Lever::later);
  CHECK(has(*found.critical, Way::wait));
  CHECK(*found.critical->until_ns == entered_ns(found, *found.focus.later));
  check_entry_before_exit(found);
}

TEST_CASE("a reply that is lost: SETNX holds a lock that nobody knows of") {
  const Explanation found =
      explained("lh1:setnx@setnx-stuck:variant=the reply is lost#0", Property::progress);
  check_single_cause(found, Assumption::bounded_delay);
  CHECK(found.progress->starvation == checkers::ProgressResult::Starvation::stuck);
  const std::int64_t granted = granted_ns(found, *found.focus.earlier);
  CHECK(found.needed.front().began_ns == granted);
  // TCP sends the reply again after 200 ms, 400 ms more, 800 ms more; the client waits for a
  // second.
  CHECK(found.critical->lever == Lever::world);
  CHECK(*found.critical->until_ns > granted + 550'000'000);
  CHECK(*found.critical->until_ns < granted + 650'000'000);
  // What decides is that the cut came before the holder was told.
  CHECK(found.focus.first);
  CHECK(at_that_instant<FaultRecord>(found, *found.focus.first) != nullptr);
  REQUIRE(found.elsewhere);
  CHECK(found.elsewhere->what == Explanation::Elsewhere::What::told);
  CHECK(found.elsewhere->at_ns > granted);
  CHECK(found.elsewhere->at_ns < granted + 1'000'000'000);
}

TEST_CASE("a fence for writes alone: the late write comes between a read and its write") {
  const Explanation found =
      explained("lh1:redis-ttl@fencing:variant=writes alone are fenced#0", Property::effect_safety);
  check_single_cause(found, Assumption::bounded_pause);
  // The read of the newer one came first, and then the late write.
  const auto& moments = found.chronicle.moments();
  const auto* read = as<Effect>(moments[found.focus.first.value()]);
  const auto* write = as<Effect>(moments[found.focus.second.value()]);
  REQUIRE(read != nullptr);
  REQUIRE(write != nullptr);
  CHECK(read->kind == Effect::Kind::read);
  CHECK(write->kind == Effect::Kind::write);
  CHECK(read->token > write->token);
  CHECK(found.order_confirmed);
  // The late write leaves as the pause ends, and may still be held back or not be sent at all.
  const NeededFault& pause = found.needed.front();
  CHECK(found.critical->lever == Lever::earlier);
  CHECK(*found.critical->until_ns >= *pause.ended_ns);
  CHECK(*found.critical->until_ns < *pause.ended_ns + 1'000'000);
  CHECK(has(*found.critical, Way::stop));
  CHECK(has(*found.critical, Way::wait));
  CHECK(has(*found.critical, Way::effects_held_back));
}

TEST_CASE("an update that is lost: who looked before the other wrote") {
  // Two pods, a message each: what is left of the story without a lock.
  Reproduction run = reproduction_of(registry(), "lh1:none@voucher:variant=no lock#0").value();
  run.plan.workload = WorkloadPlan{{{{50'000'000, 10'000'000}}, {{55'000'000, 10'000'000}}}};
  const Explanation found = explain(registry(), run, Property::effect_safety);
  CHECK(found.effect->rule == checkers::EffectViolation::Rule::lost);
  const auto& moments = found.chronicle.moments();
  const auto* read = as<Effect>(moments[found.focus.first.value()]);
  const auto* write = as<Effect>(moments[found.focus.second.value()]);
  REQUIRE(read != nullptr);
  REQUIRE(write != nullptr);
  CHECK(read->kind == Effect::Kind::read);
  CHECK(read->client == 1);
  CHECK(write->kind == Effect::Kind::write);
  CHECK(write->client == 0);
  CHECK(found.order_confirmed);
  // Until it sends its claim, 10 ms after it looked, the second pod may stop; to wait does not
  // help, for it has looked.
  REQUIRE(found.critical);
  CHECK(found.critical->client == 1);
  CHECK(*found.critical->until_ns > 65'000'000);
  CHECK(*found.critical->until_ns < 66'000'000);
  CHECK(has(*found.critical, Way::stop));
  CHECK_FALSE(has(*found.critical, Way::wait));
}

TEST_CASE("the clock of the Redis host is set: nobody but who comes next can avert that") {
  const Explanation found = explained("lh1:redis-ttl@server-clock-forward:variant=by 0.62 leases#0",
                                      Property::work_exclusion);
  check_gone_with_entry(found, Lever::later);
  check_entry_before_exit(found);
  // The next poll after the step gets the lock.
  const std::int64_t set_ns = found.needed.front().began_ns;
  CHECK(found.focus.at.at_ns > set_ns);
  CHECK(found.focus.at.at_ns < set_ns + 15'000'000);
}

TEST_CASE("a restart loses the key: the crash, and who asks after it") {
  const Explanation found =
      explained("lh1:redis-ttl@redis-restart:variant=persistence none#0", Property::work_exclusion);
  check_gone_with_entry(found, Lever::later);
  check_entry_before_exit(found);
  const std::int64_t back_ns = found.needed.front().began_ns + 100'000'000;
  CHECK(found.focus.at.at_ns > back_ns);
  CHECK(found.focus.at.at_ns < back_ns + 15'000'000);
}

TEST_CASE("an unsafe quorum: one node of three votes restarts empty, when the others are back") {
  const Explanation found =
      explained("lh1:redlock@redlock-restart:variant=no persistence#0", Property::work_exclusion);
  REQUIRE(found.needed.size() == 2);
  const auto crash =
      std::find_if(found.needed.begin(), found.needed.end(),
                   [](const NeededFault& one) { return one.assumption == Assumption::kept_state; });
  REQUIRE(crash != found.needed.end());
  check_gone_with_entry(found, Lever::later);
  check_entry_before_exit(found);
  // Each of the two faults has a last time of its own: the crash until it comes, the cut of a node
  // until the first quorum stands without it.
  for (const LastChance& one : found.chances) {
    if (one.lever != Lever::fault) continue;
    const NeededFault& fault = found.needed[*one.needed];
    REQUIRE(one.until_ns);
    if (fault.assumption == Assumption::kept_state) {
      CHECK(*one.until_ns == crash->began_ns);
    } else {
      CHECK(fault.assumption == Assumption::bounded_delay);
      CHECK(*one.until_ns <= granted_ns(found, *found.focus.earlier));
      CHECK(*one.until_ns > granted_ns(found, *found.focus.earlier) - 10'000'000);
    }
  }
}

TEST_CASE("to wait is enough where nobody else takes the lock meanwhile") {
  const Explanation found =
      explained("lh1:pg-advisory@advisory-failover:variant=advisory lock%2c asynchronous standby#0",
                Property::work_exclusion);
  check_single_cause(found, Assumption::one_primary);
  CHECK(found.critical->lever == Lever::later);
  CHECK(found.critical->ways == std::vector<Way>{Way::wait});
  CHECK(*found.critical->until_ns == entered_ns(found, *found.focus.later));
}

TEST_CASE("a lock that is taken for a timer: who asks just before it is free") {
  const Explanation found =
      explained("lh1:redis-ttl@timer-lock:variant=time to live of T%2c servers poll every T#1",
                Property::frequency);
  CHECK(found.needed.empty());
  REQUIRE(found.too_early);
  REQUIRE(found.critical);
  CHECK(found.critical->lever == Lever::asker);
  const std::int64_t ran_ns = at_ns(found, *found.focus.first);
  const std::int64_t free_ns = at_ns(found, found.too_early->free);
  CHECK(free_ns > ran_ns + kLease - 10'000'000);
  CHECK(free_ns < ran_ns + kLease + 10'000'000);
  // Everybody asks every 10 s: of five servers somebody asks within the 10 s before it is free, and
  // who asked last before it is not the one who runs the job next.
  CHECK(*found.critical->until_ns == found.too_early->asked_ns);
  CHECK(found.too_early->asked_ns < free_ns);
  CHECK(found.too_early->asked_ns > free_ns - kLease);
  CHECK(found.too_early->client != found.focus.later->client);
  CHECK(found.order_confirmed);
}

TEST_CASE("a job that runs too early: who runs it might have waited until it is due") {
  const Explanation found =
      explained("lh1:redis-ttl@period-job:variant=released after work#0", Property::frequency);
  REQUIRE(found.critical);
  CHECK(found.critical->lever == Lever::later);
  CHECK(has(*found.critical, Way::wait));
  CHECK(*found.critical->until_ns == at_ns(found, *found.focus.second));
  CHECK(*found.focus.due_ns == at_ns(found, *found.focus.first) + 9 * kLease / 10);
  CHECK(found.order_confirmed);
}

TEST_CASE("a client can be stopped after the faults have ended, too") {
  Reproduction run =
      reproduction_of(registry(), "lh1:redis-ttl@pause-after-check:variant=deadline kept#0")
          .value();
  const Explanation before = explain(registry(), run, Property::effect_safety);
  // The same run, whose horizon is over while the holder stands still.
  const std::int64_t horizon_ns = *before.needed.front().ended_ns - 500'000'000;
  Scenario shorter = run.cell.scenario();
  shorter.horizon = sim::Duration::nanoseconds(horizon_ns);
  run.cell = resolve(registry(), shorter, "redis-ttl", run.cell.parameters()).value();
  const Explanation found = explain(registry(), run, Property::effect_safety);
  CHECK(found.focus.at.at_ns > horizon_ns);
  CHECK(found.focus.earlier == before.focus.earlier);
  REQUIRE(found.critical);
  CHECK(found.critical->lever == Lever::earlier);
  CHECK(*found.critical->until_ns >= horizon_ns);
  CHECK(*found.critical->until_ns < found.focus.at.at_ns);
  CHECK(has(*found.critical, Way::stop));
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
