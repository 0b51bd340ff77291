#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/distribution_spec.hpp"
#include "scenarios/fault_kinds.hpp"

namespace leasehold::scenarios {

/// A role, with its number where one client or one server slot is meant.
/// JSON: `"holder"`, `"client"`, `"client:2"`.
struct Target {
  Role role = Role::all;
  std::optional<std::uint32_t> index;

  friend bool operator==(const Target&, const Target&) = default;
};

/// What a client does, or a service, that a fault can wait for.
enum class Trigger : std::uint8_t {
  acquire_sent,  ///< the first request of an acquire left a client
  granted,       ///< acquire returned success
  checked,       ///< the client checked its lease, just before it relies on it
  work,          ///< the client entered its critical section
  effect_sent,   ///< a request to the protected resource left the client
  renew_sent,    ///< the first request of a renewal left the client
  release_sent,  ///< the first request of a release left the client
  elected,       ///< a server became leader
  locked,        ///< the service gave a client the lock, which has yet to hear of it
};

/// `"on": "work"` or `{"event": "work", "occurrence": [1, 10], "delay": "5ms"}`. The fault is armed
/// at the template's `at` and starts `delay` after the event's given occurrence from then on.
struct TriggerTemplate {
  Trigger event = Trigger::work;
  IntegerRange occurrence{1, 1};
  DistributionSpec delay;

  friend bool operator==(const TriggerTemplate&, const TriggerTemplate&) = default;
};

/// Which links a partition cuts.
enum class PartitionShape : std::uint8_t {
  isolate,   ///< between the target and everyone else; many targets stay linked to each other
  halves,    ///< between two random halves of the clients and of the servers
  minority,  ///< as halves, with a minority of the servers on the first side
  majority,  ///< as halves, with a majority of the servers on the first side
};

/// Which messages are hit, as seen from the target, or from the first side of a partition.
enum class Direction : std::uint8_t { both, inbound, outbound };

/// Whose links with the target are hit.
enum class Peers : std::uint8_t { everyone, clients, servers, resource };

enum class StepSense : std::uint8_t { forward, backward, either };

/// One line of a scenario's `faults`: from it each seed draws no fault, one or several. Fields that
/// the kind does not take (FaultKindInfo) keep their defaults and stand in no file.
struct FaultTemplate {
  FaultKind kind = FaultKind::pause;
  /// Unique in a scenario. The random streams hang on it, so that removing, adding or moving
  /// another template changes nothing that this one draws.
  std::string id;
  Target target;
  /// When it starts; with `on`, when it begins to wait for the event. Later than the horizon:
  /// never.
  DistributionSpec at = DistributionSpec::uniform(Span::horizon(0), Span::horizon(1'000));
  std::optional<TriggerTemplate> on;
  /// How long it waits for its event or for a holder before it is given up.
  Span window = Span::horizon(1'000);
  std::uint32_t chance_per_mille = 1'000;  ///< of being on at all in a seed (swarm)
  IntegerRange count{1, 1};                ///< faults drawn in a seed where it is on
  Span gap;                                ///< least time from the end of one to the next

  DistributionSpec duration = DistributionSpec::uniform(Span::leases(200), Span::leases(3'000));
  PartitionShape shape = PartitionShape::isolate;
  Direction direction = Direction::both;
  Peers peers = Peers::everyone;
  IntegerRange probability_ppm{1'000'000, 1'000'000};
  DistributionSpec extra = DistributionSpec::uniform(Span::leases(1), Span::leases(100));
  IntegerRange rate_ppm{-200, 200};
  DistributionSpec step = DistributionSpec::uniform(Span::leases(100), Span::leases(3'000));
  StepSense sense = StepSense::either;
  bool correlated = false;
  /// Without a value: never restarted, not even when the world heals.
  std::optional<DistributionSpec> restart_after =
      DistributionSpec::uniform(Span::leases(10), Span::leases(1'000));
  IntegerRange factor{10, 1'000};
  bool freeze = false;
  IntegerRange failures{1, 3};
  DistributionSpec detection = DistributionSpec::uniform(Span::leases(100), Span::leases(1'000));
  DistributionSpec promotion = DistributionSpec::uniform(Span::leases(10), Span::leases(200));
  std::uint32_t old_primary_alive_per_mille = 500;  ///< how often the old primary was only cut off

  friend bool operator==(const FaultTemplate&, const FaultTemplate&) = default;
};

/// A template of `kind` with the defaults of that kind.
FaultTemplate default_fault(FaultKind kind);

/// How much of what the templates draw comes to pass in one seed, so that the system is left able
/// to do something. In the order of the start times, a fault over the budget is left out; one that
/// waits for an event counts from the time at which it begins to wait. Faults that only change
/// clocks stop nobody and do not count.
struct FaultBudget {
  std::uint32_t concurrent = 3;         ///< faults in effect at the same time
  std::uint32_t total = 24;             ///< faults in one run
  std::uint32_t quiet_per_mille = 200;  ///< of the horizon, in which no fault is in effect

  friend bool operator==(const FaultBudget&, const FaultBudget&) = default;
};

}  // namespace leasehold::scenarios
