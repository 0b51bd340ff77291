#pragma once

#include <vector>

#include "models/etcd/raft/log.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::etcd::raft {

/// What a node must not forget before it answers: the vote it gave and its term. `commit` may lag.
struct HardState {
  Term term = 0;
  NodeIndex vote = kNobody;
  LogIndex commit = 0;
};

/// The write-ahead log of one node, on its host's disk. Records are only ever appended: an entry
/// with an index that is there already replaces it and drops all behind it.
class Wal {
 public:
  explicit Wal(sim::Process& self);

  /// Into the page cache; durable after sync(). An entry carries the hard state along.
  void write(const HardState& state);
  void write(const HardState& state, LogIndex index, const Entry& entry);
  /// False when the disk reported an error: nothing written since the last sync may be relied on.
  sim::Process::Sync sync() { return self_.sync(file_); }

  struct Recovered {
    HardState state;
    std::vector<Entry> entries;
  };
  /// What the disk holds; a torn last record is cut off. The page cache may hold what the disk does
  /// not yet: sync before relying on any of it.
  Recovered recover();

 private:
  sim::Process& self_;
  sim::File& file_;
};

}  // namespace leasehold::models::etcd::raft
