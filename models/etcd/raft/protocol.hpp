#pragma once

#include <array>
#include <cstdint>

#include "models/message_types.hpp"

/// What Raft nodes say to one another, as datagrams: etcd's peers (rafthttp) drop what they cannot
/// send, and Raft repeats what matters. Names are those of the Raft paper and of etcd's raft.
namespace leasehold::models::etcd::raft {

/// 0, 1 … in the order of the deployment's slots.
using NodeIndex = std::uint32_t;
using Term = std::uint32_t;
/// The first entry of a log has index 1.
using LogIndex = std::uint32_t;

inline constexpr NodeIndex kNobody = 0xffff'ffff;

/// The command of an entry, opaque to Raft. All zero: the no-op with which a leader starts its
/// term.
using Payload = std::array<std::uint64_t, 3>;

struct Entry {
  Term term = 0;
  Payload payload{};

  bool is_no_op() const { return payload == Payload{}; }
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// RequestVote. `pre_vote`: would you vote for me in that term? Nobody's term moves for the answer.
struct VoteRequest {
  static constexpr std::uint16_t kMessageType = message_types::kRaft;
  Term term;
  LogIndex last_index;
  Term last_term;
  std::uint32_t pre_vote;
};

struct VoteReply {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 1;
  Term term;
  std::uint32_t granted;
  std::uint32_t pre_vote;
};

/// AppendEntries with one entry or, when `entry_term` is 0, none. Several travel at a time.
struct Append {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 2;
  Term term;
  LogIndex previous_index;
  Term previous_term;
  LogIndex commit;
  Term entry_term;
  std::uint32_t unused;
  Payload payload;
};

/// `index`: up to where the logs agree and are durable; when rejected, the `previous_index` that
/// did not match.
struct AppendReply {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 3;
  Term term;
  LogIndex index;
  std::uint32_t rejected;
  LogIndex last_index;  ///< rejected: where the follower's log ends
};

/// `context`: the newest read that waits for a round of heartbeats, 0 for none.
struct Heartbeat {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 4;
  Term term;
  LogIndex commit;
  std::uint64_t context;
};

struct HeartbeatReply {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 5;
  Term term;
  std::uint32_t unused;
  std::uint64_t context;
};

/// A follower hands a command on to its leader.
struct Propose {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 6;
  Payload payload;
};

/// ReadIndex: from which index on does a read that starts now see everything committed before it?
struct ReadRequest {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 7;
  std::uint64_t context;
};

struct ReadReply {
  static constexpr std::uint16_t kMessageType = message_types::kRaft + 8;
  Term term;
  LogIndex index;
  std::uint64_t context;
};

}  // namespace leasehold::models::etcd::raft
