#include "models/etcd/raft/raft.hpp"

#include <algorithm>
#include <bit>

namespace leasehold::models::etcd::raft {

using sim::Message;

namespace {

constexpr std::uint32_t kElectionTicks =
    static_cast<std::uint32_t>(kElectionTimeout.ns() / kTick.ns());

std::uint32_t bit(NodeIndex node) { return 1u << node; }

}  // namespace

Raft::Raft(const Settings& settings, HardState state, Log log, sim::Rng chance)
    : settings_(settings), chance_(chance), hard_(state), log_(std::move(log)) {
  LH_ASSERT(settings.nodes <= 32 && settings.self < settings.nodes);
  progress_.resize(settings.nodes);
  become_follower(hard_.term, kNobody);
}

// ----------------------------------------------------------------------------------------- roles

void Raft::reset(Term term) {
  if (hard_.term != term) {
    hard_.term = term;
    hard_.vote = kNobody;
  }
  leader_ = kNobody;
  election_elapsed_ = 0;
  election_timeout_ = kElectionTicks + static_cast<std::uint32_t>(chance_.below(kElectionTicks));
  votes_granted_ = votes_refused_ = 0;
  reads_.clear();
  early_reads_.clear();
}

void Raft::become_follower(Term term, NodeIndex leader) {
  reset(term);
  role_ = Role::follower;
  leader_ = leader;
}

void Raft::become_pre_candidate() {
  // Neither term nor vote change: only the role does.
  role_ = Role::pre_candidate;
  leader_ = kNobody;
  votes_granted_ = votes_refused_ = 0;
}

void Raft::become_candidate() {
  reset(hard_.term + 1);
  role_ = Role::candidate;
  hard_.vote = settings_.self;
}

void Raft::become_leader() {
  reset(hard_.term);
  role_ = Role::leader;
  leader_ = settings_.self;
  for (Progress& peer : progress_) {
    peer = Progress();
    peer.next = log_.last_index() + 1;
  }
  append_own(Payload{});  // entries of older terms commit only behind one of this term
}

void Raft::campaign() {
  if (settings_.pre_vote) {
    become_pre_candidate();
    ask_for_votes(true);
  } else {
    become_candidate();
    ask_for_votes(false);
  }
}

void Raft::ask_for_votes(bool pre_vote) {
  const Term term = pre_vote ? hard_.term + 1 : hard_.term;
  const VoteRequest request{term, log_.last_index(), log_.last_term(), pre_vote ? 1u : 0u};
  for (NodeIndex node = 0; node < settings_.nodes; ++node) {
    if (node != settings_.self) send(node, request);
  }
  count_vote(settings_.self, true);
}

void Raft::count_vote(NodeIndex from, bool granted) {
  (granted ? votes_granted_ : votes_refused_) |= bit(from);
  if (static_cast<std::uint32_t>(std::popcount(votes_granted_)) >= quorum()) {
    if (role_ == Role::candidate) return become_leader();
    become_candidate();
    return ask_for_votes(false);
  }
  if (static_cast<std::uint32_t>(std::popcount(votes_refused_)) >= quorum()) {
    become_follower(hard_.term, kNobody);
  }
}

void Raft::tick() {
  ++election_elapsed_;
  if (role_ != Role::leader) {
    if (election_elapsed_ < election_timeout_) return;
    election_elapsed_ = 0;
    return campaign();
  }
  if (election_elapsed_ >= kElectionTicks) {
    election_elapsed_ = 0;
    check_quorum();
  }
  if (role_ == Role::leader) send_heartbeats(reads_.empty() ? 0 : reads_.back().context);
}

/// A leader that has not heard from a majority for an election timeout is none any more.
void Raft::check_quorum() {
  std::uint32_t active = 1;
  for (NodeIndex node = 0; node < settings_.nodes; ++node) {
    if (node != settings_.self && std::exchange(progress_[node].active, false)) ++active;
  }
  if (active < quorum()) become_follower(hard_.term, kNobody);
}

bool Raft::hears_leader() const { return leader_ != kNobody && election_elapsed_ < kElectionTicks; }

// -------------------------------------------------------------------------------------- messages

namespace {

/// The term that a message claims, 0 for those that carry none.
Term term_of(const Message& message) {
  if (message.is<Propose>() || message.is<ReadRequest>()) return 0;
  return static_cast<Term>(message.word(0));  // every other body starts with it
}

}  // namespace

/// The rules about terms. False: the message is not to be looked at any further.
bool Raft::meet_term(NodeIndex from, const Message& message) {
  const Term term = term_of(message);
  const bool from_leader = message.is<Append>() || message.is<Heartbeat>();
  if (term == 0) return true;
  if (term > hard_.term) {
    if (message.is<VoteRequest>()) {
      // Check-quorum: who hears a leader does not help to depose it.
      if (hears_leader()) return false;
      if (message.as<VoteRequest>().pre_vote != 0) return true;
    }
    if (message.is<VoteReply>()) {
      const auto reply = message.as<VoteReply>();
      if (reply.pre_vote != 0 && reply.granted != 0) return true;
    }
    become_follower(term, from_leader ? from : kNobody);
    return true;
  }
  if (term == hard_.term) return true;
  if (from_leader) {
    // Tells a leader of the past that there is a newer term, which votes alone would not.
    send(from, AppendReply{hard_.term, 0, 0, 0});
  } else if (message.is<VoteRequest>() && message.as<VoteRequest>().pre_vote != 0) {
    send(from, VoteReply{hard_.term, 0, 1});
  }
  return false;
}

void Raft::step(NodeIndex from, const Message& message) {
  if (!meet_term(from, message)) return;
  if (message.is<Heartbeat>()) return on_heartbeat(from, message.as<Heartbeat>());
  if (message.is<HeartbeatReply>()) {
    return on_heartbeat_reply(from, message.as<HeartbeatReply>());
  }
  if (message.is<Append>()) return on_append(from, message.as<Append>());
  if (message.is<AppendReply>()) return on_append_reply(from, message.as<AppendReply>());
  if (message.is<VoteRequest>()) return on_vote_request(from, message.as<VoteRequest>());
  if (message.is<VoteReply>()) return on_vote_reply(from, message.as<VoteReply>());
  if (message.is<ReadRequest>()) return request_read(from, message.as<ReadRequest>().context);
  if (message.is<ReadReply>()) {
    const auto reply = message.as<ReadReply>();
    read_states_.push_back({reply.context, reply.index});
    return;
  }
  propose(message.as<Propose>().payload);
}

void Raft::on_vote_request(NodeIndex from, const VoteRequest& request) {
  const bool pre_vote = request.pre_vote != 0;
  const bool may_vote = hard_.vote == from || (hard_.vote == kNobody && leader_ == kNobody) ||
                        (pre_vote && request.term > hard_.term);
  const bool granted = may_vote && log_.is_up_to_date(request.last_index, request.last_term);
  if (granted && !pre_vote) {
    election_elapsed_ = 0;
    hard_.vote = from;
  }
  send(from, VoteReply{granted ? request.term : hard_.term, granted ? 1u : 0u, request.pre_vote});
}

void Raft::on_vote_reply(NodeIndex from, const VoteReply& reply) {
  const Role asked = reply.pre_vote != 0 ? Role::pre_candidate : Role::candidate;
  if (role_ == asked) count_vote(from, reply.granted != 0);
}

void Raft::on_append(NodeIndex from, const Append& append) {
  if (role_ != Role::follower) become_follower(append.term, from);
  leader_ = from;
  election_elapsed_ = 0;
  if (append.previous_index < hard_.commit) {
    return send(from, AppendReply{hard_.term, hard_.commit, 0, 0});
  }
  if (!log_.matches(append.previous_index, append.previous_term)) {
    return send(from, AppendReply{hard_.term, append.previous_index, 1, log_.last_index()});
  }
  LogIndex agreed = append.previous_index;
  if (append.entry_term != 0) {
    ++agreed;
    const Entry entry{append.entry_term, append.payload};
    if (agreed > log_.last_index()) {
      log_.append(entry);
    } else if (log_.term_at(agreed) != entry.term) {
      LH_ASSERT(agreed > hard_.commit);
      log_.overwrite(agreed, entry);
    }
  }
  hard_.commit = std::max(hard_.commit, std::min(append.commit, agreed));
  send(from, AppendReply{hard_.term, agreed, 0, 0});
}

void Raft::on_heartbeat(NodeIndex from, const Heartbeat& heartbeat) {
  if (role_ != Role::follower) become_follower(heartbeat.term, from);
  leader_ = from;
  election_elapsed_ = 0;
  LH_ASSERT(heartbeat.commit <= log_.last_index());
  hard_.commit = std::max(hard_.commit, heartbeat.commit);
  send(from, HeartbeatReply{hard_.term, 0, heartbeat.context});
}

bool Raft::propose(const Payload& payload) {
  if (role_ == Role::leader) {
    append_own(payload);
    return true;
  }
  if (leader_ == kNobody) return false;
  send(leader_, Propose{payload});
  return true;
}

void Raft::read_index(std::uint64_t context) {
  LH_ASSERT(context != 0);
  request_read(settings_.self, context);
}

}  // namespace leasehold::models::etcd::raft
