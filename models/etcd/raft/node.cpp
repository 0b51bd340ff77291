#include "models/etcd/raft/node.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::models::etcd::raft {

using sim::Task;

Node::Node(sim::Process& self, const Settings& settings, std::span<const sim::ProcessId> peers,
           Application& application)
    : self_(self),
      settings_(settings),
      peers_(peers.begin(), peers.end()),
      application_(application),
      wal_(self),
      work_(self) {
  LH_ASSERT(peers_.size() == settings.nodes);
}

Task<void> Node::run() {
  Wal::Recovered disk = wal_.recover();
  const bool durable = co_await wal_.sync();
  if (!durable) {
    failed_ = true;
    co_return;
  }
  written_ = disk.state;
  raft_.emplace(settings_, disk.state, Log(std::move(disk.entries)),
                self_.stream(sim::purpose("raft.election")));
  last_tick_ = self_.mono_now();
  flush();
  while (true) {
    while (!writing_) co_await work_.wait();
    const bool synced = co_await wal_.sync();
    if (!synced) {
      failed_ = true;
      co_return;
    }
    writing_ = false;
    send(held_);
    raft_->persisted(batch_last_, batch_term_);
    if (std::exchange(tick_due_, false)) tick();
    flush();
  }
}

void Node::receive(sim::ProcessId from, const sim::Message& message) {
  const auto peer = std::find(peers_.begin(), peers_.end(), from);
  LH_ASSERT(peer != peers_.end());
  raft_->step(static_cast<NodeIndex>(peer - peers_.begin()), message);
  flush();
}

void Node::tick() {
  if (writing_) {
    tick_due_ = true;  // a ticker's channel holds one tick, later ones are dropped
    return;
  }
  last_tick_ = self_.mono_now();
  raft_->tick();
  flush();
}

bool Node::propose(const Payload& payload) {
  const bool taken = raft_->propose(payload);
  flush();
  return taken;
}

void Node::read_index(std::uint64_t context) {
  raft_->read_index(context);
  flush();
}

void Node::flush() {
  if (!writing_ && !failed_) {
    const bool leads = raft_->role() == Role::leader;
    if (write_batch()) {
      writing_ = true;
      if (!leads) std::swap(held_, raft_->outbox());
      work_.notify_all();
    }
    send(raft_->outbox());
  }
  hand_over();
}

/// Hands to the page cache what Raft must not forget. False: nothing to write.
bool Node::write_batch() {
  const HardState& state = raft_->hard_state();
  Log& log = raft_->log();
  const bool has_entries = log.first_unwritten() <= log.last_index();
  const bool voted = state.term != written_.term || state.vote != written_.vote;
  if (!has_entries && !voted) return false;
  for (LogIndex i = log.first_unwritten(); i <= log.last_index(); ++i) {
    wal_.write(state, i, log.at(i));
  }
  if (!has_entries) wal_.write(state);
  log.mark_written();
  written_ = state;
  batch_last_ = log.last_index();
  batch_term_ = log.last_term();
  return true;
}

void Node::send(std::vector<Outgoing>& messages) {
  for (const Outgoing& outgoing : messages) self_.send(peers_[outgoing.to], outgoing.message);
  messages.clear();
}

/// Tells the application what has become certain.
void Node::hand_over() {
  while (applied_ < raft_->commit()) {
    ++applied_;
    const Entry entry = raft_->log().at(applied_);  // the log may grow meanwhile
    application_.on_commit(applied_, entry);
  }
  std::vector<ReadState>& reads = raft_->read_states();
  while (!reads.empty()) {
    const ReadState read = reads.front();
    reads.erase(reads.begin());
    application_.on_read(read.context, read.index);
  }
  const bool changed =
      raft_->leader() != std::exchange(leader_seen_, raft_->leader()) ||
      (raft_->role() == Role::leader) != std::exchange(led_, raft_->role() == Role::leader);
  if (changed) application_.on_leader_change();
}

}  // namespace leasehold::models::etcd::raft
