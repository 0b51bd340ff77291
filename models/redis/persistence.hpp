#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "models/redis/keyspace.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

enum class PersistenceMode : std::uint8_t { none, rdb, aof_everysec, aof_always };

PersistenceMode persistence_mode(std::string_view word);

/// What a server keeps on its disk, and what it finds there when it starts again.
///
/// RDB: a snapshot at the default save points (3600 s after 1 change, 300 s after 100, 60 s after
/// 10000), by the wall clock; a crash loses what came after the last one. AOF: a log of changes,
/// written before the reply, so that a killed process loses nothing; a power loss takes what was
/// not synced. `everysec` syncs in a thread of its own about once a second, and while that lasts it
/// puts off the write for up to 2 s; `always` syncs before the reply. Times to live are absolute
/// and run on while the server is down. Source: Redis 7.0 aof.c, rdb.c, bio.c, server.c,
/// redis.conf. Not modelled: the rewrite of the log, which changes nothing that a restart finds.
class Persistence {
 public:
  Persistence(sim::Process& self, PersistenceMode mode);

  /// Fills an empty keyspace with what survived.
  void load(Keyspace& keys);

  void log_set(const Entry& entry);
  void log_erase(std::uint64_t key);
  /// The changes logged since the last call belong together: all of them survive, or none.
  void end_transaction();

  /// Writes are answered with an error since a sync failed in the background.
  bool refuses_writes() const { return failed_; }

  /// Whether commit() has to be awaited before the replies to what was logged.
  bool must_commit();
  /// False: the disk failed where Redis gives up and exits.
  sim::Task<bool> commit();

  /// The keys of the snapshots to come. REQUIRES: outlives this.
  void watch_over(const Keyspace& keys) { keys_ = &keys; }

 private:
  struct SavePoint {
    std::int64_t seconds;
    std::uint64_t changes;
    bool armed = false;
  };

  /// One change in the log, or one key in a snapshot.
  struct Change {
    enum class Kind : std::uint64_t { set, erase };
    Kind kind;
    std::uint64_t key;
    std::uint64_t value;
    std::int64_t expires_ms;
    std::uint64_t more;  ///< the transaction goes on with the next one
  };

  static Change set_to(const Entry& entry);
  static void apply(const Change& change, Keyspace& keys);
  static std::size_t intact_size(const sim::File& log);
  void log(const Change& change);
  void write_buffer();
  sim::Task<void> sync_every_second();
  void count_change();
  sim::Task<void> save_when_due(SavePoint& point);
  bool is_due(const SavePoint& point) const;
  sim::Task<void> save();
  std::int64_t wall_s() const;

  sim::Process& self_;
  PersistenceMode mode_;
  sim::File& file_;
  const Keyspace* keys_ = nullptr;
  bool failed_ = false;

  // AOF
  std::vector<Change> buffer_;  ///< logged, not yet written
  bool in_transaction_ = false;
  bool sync_running_ = false;
  bool syncer_started_ = false;
  bool unsynced_ = false;
  std::int64_t last_sync_s_;
  sim::MonoTime put_off_since_ = sim::MonoTime::never();
  sim::Signal written_;
  sim::Signal synced_;

  // RDB
  std::array<SavePoint, 3> save_points_{{{3600, 1}, {300, 100}, {60, 10000}}};
  std::uint64_t changes_ = 0;
  bool saving_ = false;
  std::int64_t last_save_s_;
  sim::Signal saved_;
};

}  // namespace leasehold::models::redis
