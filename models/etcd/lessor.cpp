#include "models/etcd/lessor.hpp"

#include "models/deadline.hpp"

namespace leasehold::models::etcd {

using sim::Duration;

namespace {

constexpr Duration kRetry = Duration::seconds(3);

Duration seconds(std::uint32_t s) { return Duration::seconds(s); }

}  // namespace

void Lessor::grant(LeaseId id, std::uint32_t ttl_s) {
  Lease& lease = leases_[id];
  lease.ttl_s = ttl_s;
  if (primary_) set_deadline(id, lease, seconds(ttl_s));
}

void Lessor::promote() {
  primary_ = true;
  for (auto& [id, lease] : leases_) {
    set_deadline(id, lease, seconds(lease.ttl_s) + raft::kElectionTimeout);
  }
}

Lessor::Renewal Lessor::renew(LeaseId id) {
  LH_ASSERT(primary_);
  const auto lease = leases_.find(id);
  if (lease == leases_.end()) return Renewal::dead;
  if (self_.mono_now() >= lease->second.deadline) return Renewal::expired;
  set_deadline(id, lease->second, seconds(lease->second.ttl_s));
  return Renewal::renewed;
}

std::uint32_t Lessor::ttl_s(LeaseId id) const {
  const auto lease = leases_.find(id);
  return lease == leases_.end() ? 0 : lease->second.ttl_s;
}

std::optional<sim::MonoTime> Lessor::deadline(LeaseId id) const {
  const auto lease = leases_.find(id);
  if (!primary_ || lease == leases_.end()) return std::nullopt;
  return lease->second.deadline;
}

WayOut Lessor::way_out(LeaseId id) const {
  const auto found = leases_.find(id);
  if (!primary_ || found == leases_.end()) return WayOut::unknown();
  const Lease& lease = found->second;
  // A client that is alive renews when a third of the TTL has passed.
  const Duration left = lease.deadline - self_.mono_now();
  if (left > seconds(lease.ttl_s) / 2) return WayOut::unknown();
  using ClockReads = WayOut::ClockReads;
  return WayOut::by(2, {ClockReads{self_.id(), sim::ClockKind::mono, lease.deadline.since_zero()},
                        ClockReads{self_.id(), heap_clock_, lease.heap_turn}});
}

std::vector<LeaseId> Lessor::due() {
  std::vector<LeaseId> found;
  if (!primary_) return found;
  const Duration now = Deadline::read(self_, heap_clock_);
  for (auto& [id, lease] : leases_) {
    if (now < lease.heap_turn) continue;
    lease.heap_turn = now + kRetry;
    if (self_.mono_now() >= lease.deadline) found.push_back(id);
  }
  return found;
}

void Lessor::set_deadline(LeaseId id, Lease& lease, Duration remaining) {
  lease.deadline = self_.mono_now() + remaining;
  lease.heap_turn = Deadline::read(self_, heap_clock_) + remaining;
  if (observer_ != nullptr) observer_->on_promise(self_, id, lease.deadline);
}

}  // namespace leasehold::models::etcd
