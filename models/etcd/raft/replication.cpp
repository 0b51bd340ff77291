// A leader's side of Raft: replication, commit, and reads confirmed by a round of heartbeats.
#include <algorithm>
#include <bit>

#include "models/etcd/raft/raft.hpp"

namespace leasehold::models::etcd::raft {

void Raft::append_own(const Payload& payload) {
  log_.append(Entry{hard_.term, payload});
  send_appends_to_all();
}

void Raft::persisted(LogIndex index, Term term) {
  if (role_ != Role::leader || !log_.matches(index, term)) return;
  Progress& self = progress_[settings_.self];
  self.match = std::max(self.match, index);
  advance_commit();
}

void Raft::send_appends_to_all() {
  for (NodeIndex node = 0; node < settings_.nodes; ++node) {
    if (node != settings_.self) send_appends(node);
  }
}

/// Everything that the peer lacks, an entry a message; at least one message, for the commit index.
void Raft::send_appends(NodeIndex to) {
  Progress& peer = progress_[to];
  if (peer.probing && peer.probe_sent) return;
  do {
    send_append(to);
  } while (!peer.probing && peer.next <= log_.last_index());
}

void Raft::send_append(NodeIndex to) {
  Progress& peer = progress_[to];
  const LogIndex previous = peer.next - 1;
  Append append{hard_.term, previous, log_.term_at(previous), hard_.commit, 0, 0, {}};
  if (peer.next <= log_.last_index()) {
    append.entry_term = log_.at(peer.next).term;
    append.payload = log_.at(peer.next).payload;
    if (!peer.probing) ++peer.next;
  }
  peer.probe_sent = peer.probing;
  send(to, append);
}

void Raft::on_append_reply(NodeIndex from, const AppendReply& reply) {
  if (role_ != Role::leader) return;
  Progress& peer = progress_[from];
  peer.active = true;
  if (reply.rejected != 0) {
    // Datagrams overtake one another: what has been answered since says nothing any more.
    const bool stale = peer.probing ? reply.index != peer.next - 1 : reply.index <= peer.match;
    if (stale) return;
    peer.next = std::max(peer.match + 1, std::min(reply.index, reply.last_index + 1));
    peer.probing = true;
    peer.probe_sent = false;
    return send_appends(from);
  }
  const bool news = reply.index > peer.match;
  peer.match = std::max(peer.match, reply.index);
  peer.next = std::max(peer.next, peer.match + 1);
  if (peer.probing && reply.index >= peer.next - 1) {
    peer.probing = false;
    peer.probe_sent = false;
  }
  if (news) advance_commit();
  if (peer.next <= log_.last_index()) send_appends(from);
}

/// An entry is committed when a majority has it on disk and it is of this term (the paper's 5.4.2).
void Raft::advance_commit() {
  for (LogIndex index = log_.last_index(); index > hard_.commit; --index) {
    if (log_.term_at(index) != hard_.term) return;
    std::uint32_t holders = 0;
    for (const Progress& peer : progress_) holders += peer.match >= index ? 1 : 0;
    if (holders < quorum()) continue;
    hard_.commit = index;
    start_early_reads();
    return send_appends_to_all();
  }
}

void Raft::send_heartbeats(std::uint64_t context) {
  for (NodeIndex node = 0; node < settings_.nodes; ++node) {
    if (node == settings_.self) continue;
    const LogIndex known = std::min(progress_[node].match, hard_.commit);
    send(node, Heartbeat{hard_.term, known, context});
  }
}

void Raft::on_heartbeat_reply(NodeIndex from, const HeartbeatReply& reply) {
  if (role_ != Role::leader) return;
  Progress& peer = progress_[from];
  peer.active = true;
  peer.probe_sent = false;  // the probe or its answer may have been lost
  if (peer.match < log_.last_index()) send_append(from);
  if (reply.context != 0) acknowledge_read(from, reply.context);
}

// ----------------------------------------------------------------------------------------- reads

void Raft::request_read(NodeIndex from, std::uint64_t context) {
  if (role_ != Role::leader) {
    if (leader_ != kNobody && from == settings_.self) send(leader_, ReadRequest{context});
    return;
  }
  const PendingRead read{context, from, hard_.commit, 1u << settings_.self};
  if (!has_committed_in_term()) {
    if (settings_.keeps_early_reads) early_reads_.push_back(read);
    return;
  }
  reads_.push_back(read);
  send_heartbeats(context);
}

void Raft::start_early_reads() {
  if (early_reads_.empty()) return;
  for (PendingRead& read : early_reads_) {
    read.index = hard_.commit;
    reads_.push_back(read);
  }
  early_reads_.clear();
  send_heartbeats(reads_.back().context);
}

/// A round of heartbeats proves that this was still the leader when it began, so for all reads that
/// had come by then.
void Raft::acknowledge_read(NodeIndex from, std::uint64_t context) {
  const auto asked = std::find_if(reads_.begin(), reads_.end(), [context](const PendingRead& read) {
    return read.context == context;
  });
  if (asked == reads_.end()) return;
  asked->acknowledged |= 1u << from;
  if (static_cast<std::uint32_t>(std::popcount(asked->acknowledged)) < quorum()) return;
  for (auto read = reads_.begin(); read <= asked; ++read) answer_read(*read);
  reads_.erase(reads_.begin(), asked + 1);
}

void Raft::answer_read(const PendingRead& read) {
  if (read.from == settings_.self) {
    read_states_.push_back({read.context, read.index});
  } else {
    send(read.from, ReadReply{hard_.term, read.index, read.context});
  }
}

}  // namespace leasehold::models::etcd::raft
