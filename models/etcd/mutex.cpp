#include "models/etcd/mutex.hpp"

// clientv3/concurrency, key.go and mutex.go:
//   (1) key = prefix/lease; Txn: if create_revision(key) == 0 put it, else get it; and get the
//       prefix's first key. Our revision is the key's create_revision: a repeated Txn finds it.
//   (2) the first key is ours: hold
//   (3) the key of the prefix with the greatest create_revision below ours; none: hold
//   (4) watch that key until it is deleted, then (3) again
//   (5) 3.5 only: is our own key still there? If not, the session expired while we waited
//   (6) waiting failed: delete our key
//   (7) unlock: delete our key
namespace leasehold::models::etcd {

using checkers::AttemptId;
using sim::MonoTime;
using sim::Task;

Task<Locked> Mutex::lock(LeaseId lease, AttemptId attempt, MonoTime until) {
  const Request txn{0, Verb::put_if_absent, 0, key_of(lease), lease, attempt, 0, 0};
  const std::optional<Reply> entered = co_await kv_.call(txn, until);  // (1)
  if (!entered) co_return Locked{LockOutcome::unknown, 0};
  if (entered->status == Status::lease_not_found) co_return Locked{LockOutcome::session_expired, 0};
  if (entered->status != Status::ok) co_return Locked{LockOutcome::unknown, 0};

  const Revision mine = entered->own_revision;
  if (entered->first_revision == mine) co_return Locked{LockOutcome::locked, mine};  // (2)
  const LockOutcome waited = co_await wait_for_predecessors(lease, mine, until);
  if (waited == LockOutcome::unknown) co_return co_await withdraw(lease, attempt);  // (6)
  co_return Locked{waited, mine};
}

Task<LockOutcome> Mutex::wait_for_predecessors(LeaseId lease, Revision mine, MonoTime until) {
  while (true) {
    const Request range{0, Verb::last_created, 0, 0, 0, 0, mine - 1, 0};
    const std::optional<Reply> before = co_await kv_.call(range, until);  // (3)
    if (!before || before->status == Status::timeout) co_return LockOutcome::unknown;
    if (before->status == Status::leader_changed) continue;
    if (before->own_revision == 0) break;
    // A broken watch is taken up again elsewhere from the revision where it began.
    const Request watch{0, Verb::watch_delete, 0, before->key, 0, 0, before->revision, 0};
    const std::optional<Reply> deleted = co_await kv_.call(watch, until);  // (4)
    if (!deleted) co_return LockOutcome::unknown;
  }
  while (version_ == Version::v3_5) {
    const Request get{0, Verb::get, 0, key_of(lease), 0, 0, 0, 0};
    const std::optional<Reply> own = co_await kv_.call(get, until);  // (5)
    if (!own || own->status == Status::timeout) co_return LockOutcome::unknown;
    if (own->status == Status::leader_changed) continue;
    if (own->own_revision == 0) co_return LockOutcome::session_expired;
    break;
  }
  co_return LockOutcome::locked;
}

Task<Locked> Mutex::withdraw(LeaseId lease, AttemptId attempt) {
  const Removal removal = co_await unlock(lease, attempt);
  const bool known = removal != Removal::unknown;
  co_return Locked{known ? LockOutcome::gave_up : LockOutcome::unknown, 0};
}

Task<Removal> Mutex::unlock(LeaseId lease, AttemptId attempt) {
  const Request remove{0, Verb::delete_key, 0, key_of(lease), 0, attempt, 0, 0};
  const std::optional<Reply> removed = co_await kv_.call(remove, MonoTime::never());  // (7)
  if (!removed || removed->status == Status::timeout) co_return Removal::unknown;
  co_return removed->status == Status::absent ? Removal::absent : Removal::removed;
}

}  // namespace leasehold::models::etcd
