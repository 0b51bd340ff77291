#pragma once

#include "models/etcd/kv.hpp"

namespace leasehold::models::etcd {

/// Told what becomes of a session.
class SessionObserver {
 public:
  virtual void on_renewing() = 0;
  virtual void on_renewed() = 0;
  /// Done(): the lease is dead, or nothing has been heard of it for its TTL.
  virtual void on_done() = 0;

 protected:
  ~SessionObserver() = default;
};

/// The session of clientv3/concurrency: a lease that is kept alive until it is found dead. Times
/// are of the client's monotonic clock. It outlives acquisitions; once done it can be opened again,
/// with a new lease. REQUIRES: it lives as long as its process.
class Session {
 public:
  Session(sim::Process& self, Kv& kv, std::uint64_t ttl_s, SessionObserver& observer)
      : self_(self), kv_(kv), ttl_s_(ttl_s), observer_(observer) {}

  /// Grants a lease and keeps it alive from then on. False: not until `until`.
  sim::Task<bool> open(sim::MonoTime until);
  bool is_open() const { return lease_ != 0; }
  LeaseId lease() const { return lease_; }
  /// No leader lets the lease die before this: the sending of the last answered request plus TTL.
  /// etcd's own client does not keep it; it counts from the receipt.
  sim::MonoTime promised_until() const { return promised_until_; }

 private:
  sim::Task<void> keep_alive(LeaseId lease);
  sim::Task<void> watch_deadline(LeaseId lease);
  void end();

  sim::Process& self_;
  Kv& kv_;
  std::uint64_t ttl_s_;
  SessionObserver& observer_;
  LeaseId lease_ = 0;
  sim::MonoTime deadline_;
  sim::MonoTime promised_until_;
};

}  // namespace leasehold::models::etcd
