#pragma once

#include <vector>

#include "models/etcd/raft/log.hpp"
#include "models/etcd/raft/wal.hpp"
#include "sim/process/random.hpp"

namespace leasehold::models::etcd::raft {

inline constexpr sim::Duration kTick = sim::Duration::milliseconds(100);
inline constexpr sim::Duration kElectionTimeout = sim::Duration::seconds(1);

struct Settings {
  NodeIndex self = 0;
  std::uint32_t nodes = 3;
  bool pre_vote = true;  ///< off in etcd 3.4, on in 3.5
  /// A read that reaches a leader before the first commit of its term: kept (3.5) or dropped (3.4).
  bool keeps_early_reads = true;
};

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

/// A message on its way to a peer.
struct Outgoing {
  NodeIndex to = 0;
  sim::Message message;
};

/// The index that the state machine must have applied before it may answer a read.
struct ReadState {
  std::uint64_t context = 0;
  LogIndex index = 0;
};

/// The Raft state machine of one node, as in etcd's raft library: elections in ticks, optional
/// pre-vote, check-quorum, pipelined replication with a probe after a rejection, and linearizable
/// reads by a round of heartbeats. It does nothing by itself: its owner feeds ticks, messages and
/// finished writes, writes what is unwritten, and sends the outbox no earlier than that is durable
/// (a leader may send at once, for its own vote on an entry counts from persisted() on).
class Raft {
 public:
  Raft(const Settings& settings, HardState state, Log log, sim::Rng chance);

  /// Every heartbeat interval of the node's monotonic clock.
  void tick();
  void step(NodeIndex from, const sim::Message& message);
  /// False, and nothing happens, while no leader is known.
  bool propose(const Payload& payload);
  /// Asks for a ReadState with this context; it may be dropped on the way. REQUIRES: context != 0.
  void read_index(std::uint64_t context);
  /// Everything up to `index` is durable, if the entry there still has this term.
  void persisted(LogIndex index, Term term);

  Role role() const { return role_; }
  Term term() const { return hard_.term; }
  NodeIndex leader() const { return leader_; }
  const HardState& hard_state() const { return hard_; }
  LogIndex commit() const { return hard_.commit; }
  const Log& log() const { return log_; }
  Log& log() { return log_; }
  std::vector<Outgoing>& outbox() { return outbox_; }
  std::vector<ReadState>& read_states() { return read_states_; }

 private:
  /// What a leader knows of a peer. Probing: one append at a time until it is answered.
  struct Progress {
    LogIndex match = 0;
    LogIndex next = 1;
    bool probing = true;
    bool probe_sent = false;
    bool active = false;  ///< heard from since the last check of the quorum
  };
  struct PendingRead {
    std::uint64_t context = 0;
    NodeIndex from = 0;
    LogIndex index = 0;
    std::uint32_t acknowledged = 0;  ///< a bit per node
  };

  // Roles (raft.cpp).
  void become_follower(Term term, NodeIndex leader);
  void become_pre_candidate();
  void become_candidate();
  void become_leader();
  void reset(Term term);
  void campaign();
  void ask_for_votes(bool pre_vote);
  void count_vote(NodeIndex from, bool granted);
  void check_quorum();
  bool hears_leader() const;

  // Messages (raft.cpp).
  bool meet_term(NodeIndex from, const sim::Message& message);
  void on_vote_request(NodeIndex from, const VoteRequest& request);
  void on_vote_reply(NodeIndex from, const VoteReply& reply);
  void on_append(NodeIndex from, const Append& append);
  void on_heartbeat(NodeIndex from, const Heartbeat& heartbeat);

  // A leader's side (replication.cpp).
  void append_own(const Payload& payload);
  void send_appends(NodeIndex to);
  void send_append(NodeIndex to);
  void send_appends_to_all();
  void send_heartbeats(std::uint64_t context);
  void on_append_reply(NodeIndex from, const AppendReply& reply);
  void on_heartbeat_reply(NodeIndex from, const HeartbeatReply& reply);
  void advance_commit();
  bool has_committed_in_term() const { return log_.term_at(hard_.commit) == hard_.term; }
  void request_read(NodeIndex from, std::uint64_t context);
  void start_early_reads();
  void acknowledge_read(NodeIndex from, std::uint64_t context);
  void answer_read(const PendingRead& read);

  template <class Body>
  void send(NodeIndex to, const Body& body) {
    outbox_.push_back({to, sim::Message::of(body)});
  }
  std::uint32_t quorum() const { return settings_.nodes / 2 + 1; }

  Settings settings_;
  sim::Rng chance_;
  HardState hard_;
  Log log_;
  Role role_ = Role::follower;
  NodeIndex leader_ = kNobody;
  std::uint32_t election_elapsed_ = 0;  ///< ticks
  std::uint32_t election_timeout_ = 0;  ///< ticks, drawn for each election
  std::uint32_t votes_granted_ = 0;     ///< a bit per node
  std::uint32_t votes_refused_ = 0;
  std::vector<Progress> progress_;
  std::vector<PendingRead> reads_;
  std::vector<PendingRead> early_reads_;  ///< before the first commit of the term
  std::vector<Outgoing> outbox_;
  std::vector<ReadState> read_states_;
};

}  // namespace leasehold::models::etcd::raft
