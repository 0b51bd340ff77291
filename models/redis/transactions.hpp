#pragma once

#include <map>
#include <vector>

#include "models/redis/protocol.hpp"
#include "sim/process/mailbox.hpp"

namespace leasehold::models::redis {

/// What the connections of a server have under WATCH and between MULTI and EXEC (multi.c).
class Transactions {
 public:
  struct Watched {
    std::uint64_t key = 0;
    bool expired = false;  ///< it was already expired when WATCH was called
  };
  struct Session {
    std::vector<Watched> watched;
    std::vector<Request> queued;
    bool touched = false;  ///< a watched key changed: EXEC will do nothing
    bool open = false;     ///< MULTI was called
    bool broken = false;   ///< a command was refused while queueing: EXEC is an error
  };

  bool none() const { return sessions_.empty(); }
  Session* find(sim::ConnectionId connection) {
    const auto found = sessions_.find(connection);
    return found == sessions_.end() ? nullptr : &found->second;
  }
  Session& at(sim::ConnectionId connection) { return sessions_[connection]; }
  /// The session as it was; the connection starts afresh.
  Session take(sim::ConnectionId connection) {
    auto node = sessions_.extract(connection);
    return node ? std::move(node.mapped()) : Session();
  }
  void forget(sim::ConnectionId connection) { sessions_.erase(connection); }

  /// `key` was changed, or removed (`exists` false).
  void touch(std::uint64_t key, bool exists) {
    for (auto& [connection, session] : sessions_) {
      for (Watched& watched : session.watched) {
        if (watched.key != key) continue;
        // An expired key that goes was no key before.
        const bool no_change = watched.expired && !exists;
        watched.expired = watched.expired && exists;
        session.touched = session.touched || !no_change;
      }
    }
  }

 private:
  std::map<sim::ConnectionId, Session> sessions_;
};

}  // namespace leasehold::models::redis
