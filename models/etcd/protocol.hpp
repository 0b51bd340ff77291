#pragma once

#include <cstdint>
#include <string>

#include "checkers/record/record.hpp"
#include "models/etcd/raft/protocol.hpp"
#include "models/message_types.hpp"
#include "sim/process/message.hpp"

/// etcd as its clients see it: the requests of its v3 API that a lock needs. A key is a number; the
/// keys of one lock are those below its prefix, and nothing else is stored but, where a job has no
/// lock, the time of its last run.
namespace leasehold::models::etcd {

using Key = std::uint32_t;
/// 0: none.
using LeaseId = std::uint32_t;
/// At most one for each entry of the log, so that 32 bits would do.
using Revision = std::uint64_t;

/// The job's key, the only one that is ever overwritten.
inline constexpr Key kLastRun = 1;

enum class Verb : std::uint32_t {
  lease_grant,
  lease_keep_alive,
  lease_revoke,
  /// Txn: if create_revision(key) == 0 then put(key, lease) else get(key); and the key of the
  /// prefix with the least create_revision.
  put_if_absent,
  delete_key,
  get,
  /// Range: the key of the prefix with the greatest create_revision <= `revision`.
  last_created,
  /// Watch from `revision` on, answered by the first DELETE of the key.
  watch_delete,
  /// The v3lock service: the server runs the mutex on the client's behalf.
  lock,
  /// The client gives up on its call with this id: a lock or a watch ends.
  cancel,
  /// Range: the value of kLastRun, and its mod_revision.
  get_last_run,
  /// Txn: if mod_revision(kLastRun) == `revision` then put(kLastRun, value), without a lease.
  put_last_run,
};

struct Request {
  static constexpr std::uint16_t kMessageType = message_types::kEtcd;
  std::uint64_t id;
  Verb verb;
  std::uint32_t serializable;  ///< a read from whatever this member has applied
  Key key;
  LeaseId lease;
  /// Stored as the value of a key that is put. Of a delete it is for the observer alone, as a trace
  /// id would be.
  checkers::AttemptId attempt;
  Revision revision;
  std::uint64_t value;  ///< lease_grant: the TTL in seconds; put_last_run: what is put
};

enum class Status : std::uint32_t {
  ok,
  timeout,          ///< the outcome is unknown: it may have been applied, or may yet be
  leader_changed,   ///< of a read, which may be asked again
  lease_not_found,  ///< nothing was applied
  absent,           ///< of a delete: there was no such key
  session_expired,  ///< of the lock service
  unequal,          ///< of put_last_run: another revision stands there, and nothing was applied
};

struct Reply {
  std::uint64_t id;
  Status status;
  Key key;                  ///< last_created: found, if own_revision is not 0
  Revision revision;        ///< of the store, as in every reply's header
  Revision own_revision;    ///< create_revision of the key asked for, 0 if absent
  Revision first_revision;  ///< the least create_revision of the prefix, 0 if it is empty
  LeaseId lease;            ///< of the key, or granted
  std::uint32_t ttl_s;      ///< of a lease; 0: it is dead
  Revision mod_revision;    ///< of kLastRun, when it is asked for; 0 if absent
  std::uint64_t value;      ///< of kLastRun
};

/// A reply travels without its two last fields unless it has them, and then with little else.
sim::Message message_of(const Reply& reply);
bool is_reply(const sim::Message& message);
/// REQUIRES is_reply(message).
Reply reply_of(const sim::Message& message);

/// A member passes a keepalive on to its leader, which alone times leases.
struct RenewRequest {
  static constexpr std::uint16_t kMessageType = message_types::kEtcd + 2;
  std::uint64_t id;
  std::uint64_t lease;
};

struct RenewReply {
  static constexpr std::uint16_t kMessageType = message_types::kEtcd + 3;
  std::uint64_t id;
  std::uint64_t ttl_s;
};

/// What Raft replicates: a change of the store, and who waits for it.
struct Command {
  enum class Kind : std::uint8_t {
    no_op,
    lease_grant,
    lease_revoke,
    put_if_absent,
    delete_key,
    put_last_run,
  };
  Kind kind = Kind::no_op;
  std::uint8_t proposer = 0;
  std::uint16_t ttl_s = 0;
  std::uint32_t request = 0;
  LeaseId lease = 0;
  Key key = 0;
  checkers::AttemptId attempt = 0;
  Revision revision = 0;    ///< put_last_run: what is there is to have
  std::uint64_t value = 0;  ///< put_last_run
};

raft::Payload payload_of(const Command& command);
Command command_of(const raft::Payload& payload);

std::string describe(const Request& request);
std::string describe(const Reply& reply);
std::string describe(const RenewRequest& request);
std::string describe(const RenewReply& reply);
/// REQUIRES: one of raft/protocol.hpp.
std::string describe_raft(const sim::Message& message);

}  // namespace leasehold::models::etcd
