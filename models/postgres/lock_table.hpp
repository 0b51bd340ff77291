#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "sim/process/mailbox.hpp"

namespace leasehold::models::postgres {

/// What ends a hold at the latest; a session hold is also given back one by one.
enum class Scope : std::uint8_t { session, transaction };

/// The advisory locks of one server: in memory only, exclusive, counted, with a queue of waiters
/// for each key. A session is known by its connection.
class LockTable {
 public:
  using Session = sim::ConnectionId;
  using Keys = std::vector<std::uint64_t>;

  /// True: the session holds the key now, once more. False: somebody else does.
  bool try_lock(std::uint64_t key, Session session, Scope scope);
  /// Queues a session that try_lock() has refused.
  void wait(std::uint64_t key, Session session, Scope scope);
  void stop_waiting(std::uint64_t key, Session session);
  /// Gives one session hold back; false if there is none.
  bool unlock(std::uint64_t key, Session session);
  /// The next waiter of a free key, which holds it from now on; empty if it is not free or nobody
  /// waits.
  std::optional<Session> grant_next(std::uint64_t key);
  bool holds(std::uint64_t key, Session session) const;
  /// Takes the transaction's holds from a session. Returns the keys that it has let go.
  Keys end_transaction(Session session);
  std::optional<Session> holder(std::uint64_t key) const;
  /// The sessions in the key's queue, the next one first.
  std::vector<Session> waiting(std::uint64_t key) const;
  /// Takes everything from a session that has ended. Returns the keys it held or waited for.
  Keys end_session(Session session);

 private:
  struct Waiting {
    Session session;
    Scope scope;
  };
  struct Lock {
    std::uint32_t& holds(Scope scope) {
      return scope == Scope::session ? session_holds : transaction_holds;
    }
    /// True: that was the holder's last hold.
    bool let_go_if_unheld();

    std::optional<Session> holder;
    std::uint32_t session_holds = 0;
    std::uint32_t transaction_holds = 0;
    std::deque<Waiting> waiting;
  };

  std::map<std::uint64_t, Lock> locks_;
};

}  // namespace leasehold::models::postgres
