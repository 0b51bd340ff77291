#pragma once

#include "models/etcd/kv.hpp"

namespace leasehold::models::etcd {

enum class Version : std::uint8_t { v3_4, v3_5 };

/// `unknown`: no answer in time, and the key may be there, or may yet come.
enum class LockOutcome : std::uint8_t { locked, gave_up, unknown, session_expired };

enum class Removal : std::uint8_t { removed, absent, unknown };

struct Locked {
  LockOutcome outcome = LockOutcome::unknown;
  Revision revision = 0;  ///< create_revision of the key: the fencing token
};

/// The mutex of clientv3/concurrency: keys of sessions below one prefix, first created first
/// served, each waiter watching its predecessor alone. The key is named after the session's lease.
class Mutex {
 public:
  Mutex(Kv& kv, Version version) : kv_(kv), version_(version) {}

  /// Waits until `until`. A failure while waiting takes the key back; after a Txn without an answer
  /// it may be there, and a later lock() of the session would find it.
  sim::Task<Locked> lock(LeaseId lease, checkers::AttemptId attempt, sim::MonoTime until);
  sim::Task<Removal> unlock(LeaseId lease, checkers::AttemptId attempt);

  static Key key_of(LeaseId lease) { return lease; }

 private:
  sim::Task<LockOutcome> wait_for_predecessors(LeaseId lease, Revision mine, sim::MonoTime until);
  sim::Task<Locked> withdraw(LeaseId lease, checkers::AttemptId attempt);

  Kv& kv_;
  Version version_;
};

}  // namespace leasehold::models::etcd
