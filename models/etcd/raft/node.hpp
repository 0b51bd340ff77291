#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/etcd/raft/raft.hpp"
#include "models/etcd/raft/wal.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::etcd::raft {

/// What a replicated state machine wants to know. It may call the node back.
class Application {
 public:
  /// The entry at `index` is committed; every node applies the same entries in the same order.
  virtual void on_commit(LogIndex index, const Entry& entry) = 0;
  virtual void on_read(std::uint64_t context, LogIndex index) = 0;
  /// This node's leader changed; ask leader() for the new one.
  virtual void on_leader_change() = 0;

 protected:
  ~Application() = default;
};

/// Runs Raft inside a process: ticks, the disk, and who may hear what when. As in etcd's raft loop,
/// one batch is written at a time; while it is, nothing is sent and no tick is taken, so that a
/// slow disk looks like a slow node. A follower answers once its batch is durable; a leader sends
/// its appends while it writes.
class Node {
 public:
  Node(sim::Process& self, const Settings& settings, std::span<const sim::ProcessId> peers,
       Application& application);

  /// Recovers from the disk, then writes for as long as the process lives. Returns only when the
  /// disk reports an error, which is fatal. REQUIRES: receive() and tick() begin after recovered().
  sim::Task<void> run();
  bool recovered() const { return raft_.has_value(); }
  bool failed() const { return failed_; }

  void receive(sim::ProcessId from, const sim::Message& message);
  /// Every kTick of the monotonic clock.
  void tick();
  /// False while no leader is known; true is no promise.
  bool propose(const Payload& payload);
  void read_index(std::uint64_t context);

  NodeIndex self() const { return settings_.self; }
  bool leads() const { return raft_ && raft_->role() == Role::leader; }
  NodeIndex leader() const { return raft_ ? raft_->leader() : kNobody; }
  Term term() const { return raft_ ? raft_->term() : 0; }
  LogIndex applied() const { return applied_; }
  const Raft& raft() const { return *raft_; }
  sim::ProcessId process_of(NodeIndex node) const { return peers_[node]; }
  /// The clock when the raft loop last turned: a node that is stuck knows no better.
  sim::MonoTime last_tick() const { return last_tick_; }

 private:
  void flush();
  bool write_batch();
  void send(std::vector<Outgoing>& messages);
  void hand_over();

  sim::Process& self_;
  Settings settings_;
  std::vector<sim::ProcessId> peers_;
  Application& application_;
  Wal wal_;
  std::optional<Raft> raft_;
  HardState written_;
  LogIndex applied_ = 0;
  NodeIndex leader_seen_ = kNobody;
  bool led_ = false;
  bool writing_ = false;
  bool failed_ = false;
  bool tick_due_ = false;
  LogIndex batch_last_ = 0;
  Term batch_term_ = 0;
  std::vector<Outgoing> held_;  ///< not before the batch is durable
  sim::Signal work_;
  sim::MonoTime last_tick_;
};

}  // namespace leasehold::models::etcd::raft
