#include <catch2/catch.hpp>
#include <string>

#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "scenarios/run_outcome.hpp"

// Faults of CPUs, memories and connections, and failovers, in whole runs: what they do, and who
// minds.
namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

constexpr std::int64_t kSecond = 1'000'000'000;

struct Seen {
  RunOutcome outcome;
  const checkers::FaultCounts& of(FaultKind kind) const {
    return outcome.totals.faults.at(static_cast<std::size_t>(kind));
  }
  Verdict verdict(Property property) const { return outcome.verdicts[property].verdict; }
};

/// One run with one fault, on five clients that work 1 s at a time.
Seen run(const std::string& lock, PlannedFault fault,
         const std::map<std::string, std::string>& set = {}) {
  const auto scenario = parse_scenario(R"({"name": "one-fault", "work": "1s"})", "one-fault");
  REQUIRE(scenario.has_value());
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  const models::Algorithm& algorithm = *registry.find(lock);
  Cell cell{&*scenario, &algorithm, models::Parameters(algorithm.info().parameters)};
  for (const auto& [name, value] : set) cell.parameters.set(name, value);
  fault.id = "fault.0";
  fault.start_ns = 10 * kSecond;
  fault.window_ns = 10 * kSecond;
  FaultPlan plan;
  plan.faults.push_back(fault);
  Runner runner(cell);
  Seen seen;
  read_outcome(runner.run(3, plan), seen.outcome);
  return seen;
}

/// The fault lasts from 10 s to 50 s.
Seen run(const std::string& lock, FaultKind kind, Role role, std::uint32_t factor = 1,
         const std::map<std::string, std::string>& set = {}) {
  PlannedFault fault;
  fault.kind = kind;
  fault.target = Target{role, {}};
  fault.duration_ns = 40 * kSecond;
  fault.factor = factor;
  return run(lock, fault, set);
}

TEST_CASE("a holder whose CPU is stolen works on past its lease") {
  CHECK(run("redis-ttl", FaultKind::cpu_steal, Role::holder, 5).verdict(Property::work_exclusion) ==
        Verdict::holds);
  const Seen slow = run("redis-ttl", FaultKind::cpu_steal, Role::holder, 30);
  CHECK(slow.verdict(Property::work_exclusion) == Verdict::violated);
  CHECK(slow.of(FaultKind::cpu_steal).in_effect == 1);
  CHECK(slow.of(FaultKind::cpu_steal).met == 1);
  CHECK(run("pg-advisory", FaultKind::cpu_steal, Role::holder, 30)
            .verdict(Property::work_exclusion) == Verdict::holds);
}

TEST_CASE("a server whose CPU is stolen serves fewer") {
  const auto acquired = [](std::uint32_t factor) {
    return run("redis-ttl", FaultKind::cpu_steal, Role::server, factor)
        .outcome.totals.attempts.acquired;
  };
  CHECK(3 * acquired(100'000) < 2 * acquired(1));
}

TEST_CASE("a full memory stops grants of Redis, and is no matter to others") {
  const Seen redis = run("redis-ttl", FaultKind::memory_pressure, Role::server);
  CHECK(redis.of(FaultKind::memory_pressure).bound == 1);
  CHECK(redis.verdict(Property::work_exclusion) == Verdict::holds);
  const Seen redlock = run("redlock", FaultKind::memory_pressure, Role::majority);
  CHECK(redlock.of(FaultKind::memory_pressure).bound == 1);
  for (const char* lock : {"pg-advisory", "etcd-lease", "none"}) {
    const Seen other = run(lock, FaultKind::memory_pressure, Role::server);
    CAPTURE(std::string(lock));
    CHECK(other.of(FaultKind::memory_pressure).scheduled == 1);
    CHECK(other.of(FaultKind::memory_pressure).bound == 0);
    const std::uint64_t normal = other.outcome.totals.attempts.acquired;
    if (std::string(lock) == "none") continue;
    // 40 of 90 seconds.
    CHECK(3 * redis.outcome.totals.attempts.acquired < 2 * normal);
    CHECK(3 * redlock.outcome.totals.attempts.acquired < 2 * normal);
  }
}

TEST_CASE("under volatile-lru a full memory grants nothing either") {
  const std::map<std::string, std::string> policy = {{"maxmemory-policy", "volatile-lru"}};
  const Seen seen = run("redis-ttl", FaultKind::memory_pressure, Role::server, 1, policy);
  CHECK(seen.of(FaultKind::memory_pressure).met == 1);
  CHECK(3 * seen.outcome.totals.attempts.acquired <
        2 * run("redis-ttl", FaultKind::cpu_steal, Role::server).outcome.totals.attempts.acquired);
}

// PostgreSQL frees the locks of a session whose connection breaks, whoever is at work.
TEST_CASE("a reset breaks connections with the named peers, no others") {
  PlannedFault fault;
  fault.kind = FaultKind::connection_reset;
  fault.target = Target{Role::holder, {}};
  const auto reset = [&fault](Peers peers) {
    fault.peers = peers;
    return run("pg-advisory", fault);
  };
  for (const Peers peers : {Peers::everyone, Peers::servers}) {
    const Seen broken = reset(peers);
    CHECK(broken.verdict(Property::work_exclusion) == Verdict::violated);
    CHECK(broken.of(FaultKind::connection_reset).in_effect == 1);
  }
  const Seen resource = reset(Peers::resource);
  CHECK(resource.verdict(Property::work_exclusion) == Verdict::holds);
  CHECK(resource.of(FaultKind::connection_reset).in_effect == 1);
  const Seen clients = reset(Peers::clients);
  CHECK(clients.verdict(Property::work_exclusion) == Verdict::holds);
  CHECK(clients.of(FaultKind::connection_reset).bound == 1);
  CHECK(clients.of(FaultKind::connection_reset).in_effect == 0);
}

TEST_CASE("a primary fails over to its standby, and nothing to what has none") {
  for (const char* lock : {"none", "redis-ttl", "etcd-lease", "pg-advisory"}) {
    CAPTURE(std::string(lock));
    const Seen alone = run(lock, FaultKind::failover, Role::leader);
    CHECK(alone.of(FaultKind::failover).scheduled == 1);
    CHECK(alone.of(FaultKind::failover).bound == 0);
  }
  for (const char* standby : {"async", "sync"}) {
    const Seen seen =
        run("pg-advisory", FaultKind::failover, Role::leader, 1, {{"standby", standby}});
    CHECK(seen.of(FaultKind::failover).bound == 1);
    CHECK(seen.verdict(Property::progress) == Verdict::holds);
    // The primary is gone from 10 s on, and hardly anybody notices.
    const Seen calm = run("pg-advisory", FaultKind::memory_pressure, Role::leader);
    CHECK(10 * seen.outcome.totals.attempts.acquired > 9 * calm.outcome.totals.attempts.acquired);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
