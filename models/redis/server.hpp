#pragma once

#include <optional>
#include <set>

#include "models/redis/keyspace.hpp"
#include "models/redis/memory.hpp"
#include "models/redis/persistence.hpp"
#include "models/redis/protocol.hpp"
#include "models/redis/transactions.hpp"
#include "models/standing.hpp"
#include "models/way_out.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

/// Sees what a server does to its keys, for the grant predicate of an algorithm. The server behaves
/// the same with or without one.
class KeyspaceObserver {
 public:
  /// A command gave or prolonged `owner`'s hold of `key`: from now until the clock of the server's
  /// host, steps removed, reads `deadline`.
  virtual void on_lease(sim::Process& server, std::uint64_t key, std::uint64_t owner,
                        sim::BootTime deadline) = 0;
  /// A command that gives up `key` for `owner` was processed, whatever it found.
  virtual void on_release(sim::Process& server, std::uint64_t key, std::uint64_t owner) = 0;

 protected:
  ~KeyspaceObserver() = default;
};

/// What to drop when the memory is full (maxmemory-policy).
enum class EvictionPolicy : std::uint8_t { noeviction, allkeys_lru, volatile_lru };

struct ServerOptions {
  sim::Distribution service;
  PersistenceMode persistence = PersistenceMode::rdb;
  /// How long a restarted server stays away from its clients, so that every lease that it may have
  /// forgotten is over.
  sim::Duration quarantine = sim::Duration::zero();
  EvictionPolicy eviction = EvictionPolicy::noeviction;
  std::uint64_t capacity = 0;              ///< keys that fit into the memory; 0: any number
  std::uint64_t foreign_writes_per_s = 0;  ///< of new keys without a time to live, by others
};

/// One Redis server, 7.0: one thread, so that commands and scripts are atomic and a slow one delays
/// everybody. Deadlines are absolute milliseconds of the host's wall clock, as gettimeofday gives
/// them. An expired key goes when it is next accessed, or in the cycle that runs every 100 ms
/// (hz 10): with few keys each run removes all that are due, so only the runs that find one are
/// simulated. A server whose log cannot be synced exits and is started again at once.
class Server {
 public:
  /// `memory`: how others fill it under pressure, if they ever do.
  Server(sim::Process& self, const ServerOptions& options, KeyspaceObserver* observer,
         const Memory* memory = nullptr);
  sim::Task<void> serve();

  /// What will rid this server of the key.
  WayOut way_out(std::uint64_t key) const;
  /// What it has of the key that locks: an expired one stays until it is accessed.
  Standing standing(std::uint64_t key) const;

 private:
  void load();
  sim::Task<void> stay_away();
  sim::Task<void> serve_until_failure();
  void give_up_connections();
  Reply answer(sim::ConnectionId connection, const Request& request);
  std::optional<Reply> transact(sim::ConnectionId connection, const Request& request);
  Reply exec(const Transactions::Session& session);
  Reply execute(const Request& request);
  Reply change(const Request& request);
  Reply release(const Request& request);

  Entry* live(std::uint64_t key);
  bool set_unless_there(const Request& request, std::uint64_t ttl_ms);
  Reply increment(std::uint64_t key);
  Reply time_left(std::uint64_t key);
  void put(std::uint64_t key, std::uint64_t value, std::uint64_t ttl_ms);
  void lease(Entry& entry, std::uint64_t ttl_ms);
  void changed(const Entry& entry);
  void remove(std::uint64_t key);

  void expire_by(std::int64_t deadline_ms);
  sim::Task<void> expire_in_cycle(std::uint64_t alarm);
  void run_expiry_cycle();

  bool has_room();
  bool is_out_of_memory() const;
  void evict_under_pressure();
  std::uint64_t foreign_keys_written(sim::MonoTime until) const;

  std::int64_t wall_ms() const;

  sim::Process& self_;
  ServerOptions options_;
  sim::Rng service_time_;
  KeyspaceObserver* observer_;
  const Memory* memory_;
  sim::MonoTime started_;
  sim::MonoTime opens_;  ///< until then it stays away from its clients
  bool away_ = false;    ///< for the observer, who must not read its clock
  Keyspace keys_;
  Persistence storage_;
  Transactions transactions_;
  std::set<sim::ConnectionId> connections_;

  // The one coroutine that waits for the earliest deadline, by number, and for which.
  std::uint64_t alarm_ = 0;
  std::int64_t alarm_ms_ = 0;  ///< 0: none
};

}  // namespace leasehold::models::redis
