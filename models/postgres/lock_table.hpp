#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "sim/process/mailbox.hpp"

namespace leasehold::models::postgres {

/// The advisory locks of one server: in memory only, exclusive, counted, with a queue of waiters
/// for each key. A session is known by its connection.
class LockTable {
 public:
  using Session = sim::ConnectionId;

  /// True: the session holds the key now, once more. False: somebody else does.
  bool try_lock(std::uint64_t key, Session session);
  /// Queues a session that try_lock() has refused.
  void wait(std::uint64_t key, Session session) { locks_[key].waiting.push_back(session); }
  /// Gives one hold back; false if the session has none.
  bool unlock(std::uint64_t key, Session session);
  /// The next waiter of a free key, which holds it from now on; empty if it is not free or nobody
  /// waits.
  std::optional<Session> grant_next(std::uint64_t key);
  bool holds(std::uint64_t key, Session session) const;
  std::optional<Session> holder(std::uint64_t key) const;
  /// Takes everything from a session that has ended. Returns the keys it held or waited for.
  std::vector<std::uint64_t> end_session(Session session);

 private:
  struct Lock {
    std::optional<Session> holder;
    std::uint32_t count = 0;
    std::deque<Session> waiting;
  };
  std::map<std::uint64_t, Lock> locks_;
};

}  // namespace leasehold::models::postgres
