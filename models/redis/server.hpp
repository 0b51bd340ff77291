#pragma once

#include <map>
#include <optional>

#include "models/redis/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

/// Sees what a server does to its keys, for the grant predicate of an algorithm. The server behaves
/// the same with or without one.
class KeyspaceObserver {
 public:
  /// `key` now holds `value` until the server's clock, steps removed, reads `deadline`.
  virtual void on_lease(sim::Process& server, std::uint64_t key, std::uint64_t value,
                        sim::BootTime deadline) = 0;
  /// A command sent on behalf of `attempt` removed `key`, which held `value`.
  virtual void on_delete(sim::Process& server, std::uint64_t key, std::uint64_t value,
                         std::uint64_t attempt) = 0;

 protected:
  ~KeyspaceObserver() = default;
};

/// One Redis server, 7.0: one thread, so that commands and scripts are atomic and a slow one delays
/// everybody; deadlines are absolute milliseconds of the host's wall clock, as gettimeofday gives
/// them, and a key is expired once the clock reads more than its deadline (db.c, keyIsExpired).
class Server {
 public:
  Server(sim::Process& self, const sim::Distribution& service, KeyspaceObserver* observer);
  sim::Task<void> serve();

 private:
  struct Entry {
    std::uint64_t value = 0;
    std::int64_t expires_ms = 0;  ///< wall clock; 0: never
  };

  Reply execute(const Request& request);
  Entry* live(std::uint64_t key);
  bool set_nx_px(const Request& request);
  void lease(std::uint64_t key, Entry& entry, std::uint64_t ttl_ms);
  void remove(std::uint64_t key, const Request& request);
  std::int64_t wall_ms() const;

  sim::Process& self_;
  sim::Distribution service_;
  sim::Rng service_time_;
  KeyspaceObserver* observer_;
  std::map<std::uint64_t, Entry> keys_;
};

/// Where INCR keeps the fencing tokens of a lock's key.
constexpr std::uint64_t token_key(std::uint64_t key) { return key | std::uint64_t{1} << 63; }

}  // namespace leasehold::models::redis
