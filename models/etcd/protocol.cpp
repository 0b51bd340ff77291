#include "models/etcd/protocol.hpp"

#include <bit>

#include "support/assert.hpp"

// How commands and replies are laid out where there is little room: three words in an entry of the
// log, six in a message.
namespace leasehold::models::etcd {
namespace {

/// put_last_run has neither a TTL nor a lease, and its key goes without saying: the attempt and the
/// revision stand in their places. An attempt has 48 bits (models/attempt.hpp).
struct Packed {
  Command::Kind kind;
  std::uint8_t proposer;
  std::uint16_t ttl_or_attempt_high;
  std::uint32_t request;
  std::uint32_t lease_or_attempt_low;
  std::uint32_t key_or_revision;
  std::uint64_t attempt_or_value;
};

struct PlainReply {
  static constexpr std::uint16_t kMessageType = message_types::kEtcd + 1;
  std::uint64_t id;
  Status status;
  Key key;
  Revision revision;
  Revision own_revision;
  Revision first_revision;
  LeaseId lease;
  std::uint32_t ttl_s;
};

struct LastRunReply {
  static constexpr std::uint16_t kMessageType = message_types::kEtcd + 4;
  std::uint64_t id;
  Status status;
  Key key;
  Revision revision;
  Revision mod_revision;
  std::uint64_t value;
};

}  // namespace

raft::Payload payload_of(const Command& command) {
  Packed packed{command.kind,  command.proposer, command.ttl_s,  command.request,
                command.lease, command.key,      command.attempt};
  if (command.kind == Command::Kind::put_last_run) {
    LH_ASSERT(command.attempt >> 48 == 0);
    LH_ASSERT(command.revision >> 32 == 0);
    packed.ttl_or_attempt_high = static_cast<std::uint16_t>(command.attempt >> 32);
    packed.lease_or_attempt_low = static_cast<std::uint32_t>(command.attempt);
    packed.key_or_revision = static_cast<std::uint32_t>(command.revision);
    packed.attempt_or_value = command.value;
  }
  return std::bit_cast<raft::Payload>(packed);
}

Command command_of(const raft::Payload& payload) {
  const auto packed = std::bit_cast<Packed>(payload);
  Command command;
  command.kind = packed.kind;
  command.proposer = packed.proposer;
  command.request = packed.request;
  if (packed.kind == Command::Kind::put_last_run) {
    command.key = kLastRun;
    command.attempt = std::uint64_t{packed.ttl_or_attempt_high} << 32 | packed.lease_or_attempt_low;
    command.revision = packed.key_or_revision;
    command.value = packed.attempt_or_value;
  } else {
    command.ttl_s = packed.ttl_or_attempt_high;
    command.lease = packed.lease_or_attempt_low;
    command.key = packed.key_or_revision;
    command.attempt = packed.attempt_or_value;
  }
  return command;
}

sim::Message message_of(const Reply& reply) {
  if (reply.mod_revision != 0) {
    return sim::Message::of(LastRunReply{reply.id, reply.status, reply.key, reply.revision,
                                         reply.mod_revision, reply.value});
  }
  return sim::Message::of(PlainReply{reply.id, reply.status, reply.key, reply.revision,
                                     reply.own_revision, reply.first_revision, reply.lease,
                                     reply.ttl_s});
}

bool is_reply(const sim::Message& message) {
  return message.is<PlainReply>() || message.is<LastRunReply>();
}

Reply reply_of(const sim::Message& message) {
  if (message.is<LastRunReply>()) {
    const auto body = message.as<LastRunReply>();
    return {body.id, body.status, body.key, body.revision,     0,
            0,       0,           0,        body.mod_revision, body.value};
  }
  const auto body = message.as<PlainReply>();
  return {body.id,
          body.status,
          body.key,
          body.revision,
          body.own_revision,
          body.first_revision,
          body.lease,
          body.ttl_s,
          0,
          0};
}

}  // namespace leasehold::models::etcd
