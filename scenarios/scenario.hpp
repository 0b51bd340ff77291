#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/distribution_spec.hpp"
#include "scenarios/expectation.hpp"
#include "scenarios/fault_template.hpp"
#include "sim/process/time.hpp"

/// What a scenario file says, every default resolved. The defaults stand here and nowhere else.
namespace leasehold::scenarios {

/// Every hold is one critical section: enter, write to the protected resource, leave.
struct CriticalSection {
  std::uint32_t updates = 1;  ///< writes in one hold, spread evenly over the work

  friend bool operator==(const CriticalSection&, const CriticalSection&) = default;
};

/// Every hold reads a counter and writes it back increased: a lost update shows as a lost count.
struct Counter {
  std::uint32_t updates = 1;  ///< read-then-write rounds in one hold

  friend bool operator==(const Counter&, const Counter&) = default;
};

/// Several servers must run a job about once per period.
struct PeriodJob {
  /// How the lock is made to keep the period.
  enum class Guard : std::uint8_t {
    hold_to_expiry,  ///< the lock's lease is the timer: never released, it runs out
    release,         ///< released after the work: nothing keeps the period
    last_run,        ///< released after the work; the time of the last run is checked under it
  };
  sim::Duration period = sim::Duration::seconds(10);
  std::uint32_t tolerance_per_mille = 100;   ///< a gap within period ± this share is on time
  std::uint32_t min_within_per_mille = 950;  ///< of the gaps: `frequency` is violated below it
  sim::Duration poll = sim::Duration::milliseconds(100);  ///< between two tries of one server
  Guard guard = Guard::hold_to_expiry;

  friend bool operator==(const PeriodJob&, const PeriodJob&) = default;
};

/// Every now and then an index must be rebuilt once, by whoever gets the lock; a second builder
/// that writes into the same generation corrupts it.
struct IndexJob {
  Span every = Span::leases(1'000);  ///< between two jobs falling due
  std::uint32_t updates = 10;        ///< writes in one job, spread evenly over the work

  friend bool operator==(const IndexJob&, const IndexJob&) = default;
};

/// Messages, each of which asks for a voucher for one user: pods find the first free one, claim it
/// in the user's name and tell the user.
struct Voucher {
  /// Whether a pod looks for the voucher under the lock, or has looked before it takes it.
  enum class Order : std::uint8_t { lock_first, read_first };
  /// How it is claimed.
  enum class Claim : std::uint8_t {
    blind,        ///< UPDATE … WHERE id = ?, whoever has it meanwhile
    conditional,  ///< … AND user_id IS NULL; if that matches no row, the next free one
    unchecked,    ///< the same, but nobody looks at how many rows it matched
  };
  /// When the queue is told that a message is handled.
  enum class Acknowledge : std::uint8_t {
    on_receipt,  ///< a pod that crashes takes its message with it
    when_done,   ///< it comes again, to the pod that takes the place of the one that crashed
  };
  Order order = Order::lock_first;
  Claim claim = Claim::blind;
  Span hold_after;  ///< between the claim and the release of the lock
  /// A message whose pod did not get the lock, or crashed, comes again after it.
  Span redelivery = Span::of(sim::Duration::milliseconds(100));
  Acknowledge acknowledge = Acknowledge::on_receipt;
  /// when_done: whether a pod looks first if the user of the message has been given a voucher.
  bool recognise = false;

  friend bool operator==(const Voucher&, const Voucher&) = default;
};

using Workload = std::variant<CriticalSection, Counter, PeriodJob, IndexJob, Voucher>;

/// One-way delays; a round trip takes two. The default is a round trip within one zone:
/// 0.26 ms at the median, 0.56 ms at the 99th percentile (locks dossier, section 10).
struct NetworkSpec {
  DistributionSpec client_server = zone();
  DistributionSpec client_resource = zone();
  DistributionSpec server_server = zone();
  std::uint32_t loss_ppm = 0;  ///< of all messages, always

  static DistributionSpec zone() {
    return DistributionSpec::lognormal(Span::of(sim::Duration::microseconds(130)), 330)
        .at_least(Span::of(sim::Duration::microseconds(100)))
        .at_most(Span::of(sim::Duration::milliseconds(10)));
  }
  friend bool operator==(const NetworkSpec&, const NetworkSpec&) = default;
};

/// A cloud SSD: fdatasync takes 0.8 ms at the median, 2.4 ms at the 99th percentile, 16 ms at most.
struct DiskSpec {
  DistributionSpec fsync =
      DistributionSpec::lognormal(Span::of(sim::Duration::microseconds(800)), 472)
          .at_most(Span::of(sim::Duration::milliseconds(16)));

  friend bool operator==(const DiskSpec&, const DiskSpec&) = default;
};

/// What computing takes. A Redis command: 22 µs at the median, 54 µs at the 99th percentile.
struct CpuSpec {
  /// Between two steps of a client, in particular between the check of its lease and the write.
  DistributionSpec step =
      DistributionSpec::lognormal(Span::of(sim::Duration::microseconds(20)), 500)
          .at_most(Span::of(sim::Duration::milliseconds(2)));
  /// Of a server, for one request.
  DistributionSpec service =
      DistributionSpec::lognormal(Span::of(sim::Duration::microseconds(22)), 386)
          .at_most(Span::of(sim::Duration::milliseconds(2)));

  friend bool operator==(const CpuSpec&, const CpuSpec&) = default;
};

/// What every host's clocks are off by before any fault, drawn per host and evenly to both sides.
struct ClockSpec {
  std::uint32_t rate_ppm = 50;                                 ///< largest rate error
  sim::Duration wall_offset = sim::Duration::milliseconds(5);  ///< largest offset of wall clocks

  friend bool operator==(const ClockSpec&, const ClockSpec&) = default;
};

/// Whether the protected resource checks tokens; locks without a token always run with `off`.
enum class Fencing : std::uint8_t { off, on, write_only };

/// Parameters per algorithm or service, as on the command line: `redlock` → `client` → `spec`.
using Parameters = std::map<std::string, std::map<std::string, std::string>>;

/// One row of a scenario that is told as several: the scenario with some values changed.
struct Variant {
  std::string label;
  std::map<std::string, std::string> set;  ///< path → value, as `--set scenario.PATH=VALUE`
  std::vector<std::string> algorithms;     ///< empty: the scenario's own
  std::optional<Expectation> expect;       ///< in a scenario that tells a truth
  std::string misses;  ///< the label of the variant whose condition this one just misses

  friend bool operator==(const Variant&, const Variant&) = default;
};

struct Scenario {
  std::string name;     ///< lower-case letters, digits and hyphens
  std::string summary;  ///< one line
  std::string story;    ///< what happened to whom, for `list scenarios NAME`

  sim::Duration horizon = sim::Duration::seconds(60);  ///< true time under faults
  Span heal = Span::leases(3'000);                     ///< then without faults; 0 or >= 3 leases
  std::uint32_t clients = 5;
  sim::Duration lease = sim::Duration::seconds(10);  ///< TTL or session timeout of every lock

  /// In the critical section: about 1.7 s on average and at most half a lease, so that a hold ends
  /// well before its lease unless something goes wrong, and a contended lock changes hands
  /// some 30 times a minute.
  DistributionSpec work =
      DistributionSpec::lognormal(Span::leases(150), 500).at_most(Span::leases(500));
  /// Between a release and the next wish: shorter than the work of the others, so most clients
  /// wait.
  DistributionSpec think =
      DistributionSpec::exponential(Span::leases(100)).at_most(Span::leases(1'000));
  /// Between two tries of a waiter, for locks that poll.
  DistributionSpec retry = DistributionSpec::uniform(Span::of(sim::Duration::milliseconds(100)),
                                                     Span::of(sim::Duration::milliseconds(300)));
  std::optional<Span> give_up;  ///< how long an application waits in one acquire; none: for ever
  Span progress_within = Span::leases(2'500);  ///< `progress` is violated after it; <= heal

  Workload workload = CriticalSection{};
  NetworkSpec network;
  DiskSpec disk;
  CpuSpec cpu;
  ClockSpec clocks;
  Fencing fencing = Fencing::off;

  /// Whom the scenario is meant for: the two controls and the card's five.
  std::vector<std::string> algorithms{"none",    "oracle",     "setnx",      "redis-ttl",
                                      "redlock", "etcd-lease", "pg-advisory"};
  Parameters parameters;

  bool calm = false;  ///< a clean control: no faults, and no message takes over lease / 100
  std::vector<FaultTemplate> faults;
  FaultBudget budget;
  std::vector<Variant> variants;
  std::optional<Truth> truth;

  Yardsticks yardsticks() const { return {lease, horizon}; }

  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace leasehold::scenarios
