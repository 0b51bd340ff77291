#pragma once

#include <map>
#include <optional>
#include <vector>

#include "models/etcd/store.hpp"
#include "models/way_out.hpp"

namespace leasehold::models::etcd {

/// Times the leases, on the leader alone ("primary"). A lease is due when its deadline has passed
/// on the monotonic clock *and* its turn has come in the expiry heap, which 3.4 orders by wall
/// time: there a backward step of the leader's clock delays expiry by the step, and a forward one
/// does nothing. 3.5 orders it by monotonic time.
class Lessor {
 public:
  Lessor(sim::Process& self, sim::ClockKind heap_clock, ServiceObserver* observer)
      : self_(self), heap_clock_(heap_clock), observer_(observer) {}

  void grant(LeaseId lease, std::uint32_t ttl_s);
  void remove(LeaseId lease) { leases_.erase(lease); }

  /// Becomes primary: what earlier leaders promised is unknown here, so every lease gets its full
  /// TTL again, and an election timeout more.
  void promote();
  void demote() { primary_ = false; }
  bool is_primary() const { return primary_; }

  enum class Renewal : std::uint8_t { renewed, dead, expired };
  /// `expired`: it is about to be revoked and cannot be saved. REQUIRES: primary.
  Renewal renew(LeaseId lease);
  std::uint32_t ttl_s(LeaseId lease) const;
  /// Until when it will not be revoked, by the monotonic clock; empty if another member times it.
  std::optional<sim::MonoTime> deadline(LeaseId lease) const;
  /// What will end the lease, unless somebody keeps it alive.
  WayOut way_out(LeaseId lease) const;

  /// The leases to revoke now; each is named again after 3 s if it is still there then.
  std::vector<LeaseId> due();

 private:
  struct Lease {
    std::uint32_t ttl_s = 0;
    sim::MonoTime deadline = sim::MonoTime::never();
    sim::Duration heap_turn;  ///< a reading of the heap's clock
  };

  void set_deadline(LeaseId id, Lease& lease, sim::Duration remaining);

  sim::Process& self_;
  sim::ClockKind heap_clock_;
  ServiceObserver* observer_;
  bool primary_ = false;
  std::map<LeaseId, Lease> leases_;
};

}  // namespace leasehold::models::etcd
