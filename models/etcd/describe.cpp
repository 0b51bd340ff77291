#include "models/describe.hpp"

#include "models/etcd/protocol.hpp"

namespace leasehold::models::etcd {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

std::string hex(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return text;
}

std::string describe(const Command& command) {
  switch (command.kind) {
    case Command::Kind::no_op:
      return "no-op";
    case Command::Kind::lease_grant:
      return "grant lease " + hex(command.lease) + " TTL " + number(command.ttl_s);
    case Command::Kind::lease_revoke:
      return "revoke lease " + hex(command.lease);
    case Command::Kind::put_if_absent:
      return "put " + hex(command.key) + " if absent, for " + attempt_name(command.attempt);
    case Command::Kind::delete_key:
      return "delete " + hex(command.key);
    case Command::Kind::put_last_run:
      return "put last run if at rev " + number(command.revision) + ", for " +
             attempt_name(command.attempt);
  }
  return {};
}

std::string milliseconds(std::uint64_t ns) { return number(ns / 1'000'000) + " ms"; }

}  // namespace

std::string describe(const Request& request) {
  switch (request.verb) {
    case Verb::lease_grant:
      return "LeaseGrant TTL " + number(request.value);
    case Verb::lease_keep_alive:
      return "LeaseKeepAlive " + hex(request.lease);
    case Verb::lease_revoke:
      return "LeaseRevoke " + hex(request.lease);
    case Verb::put_if_absent:
      return "Txn create " + hex(request.key) + " with lease " + hex(request.lease) + ", for " +
             attempt_name(request.attempt);
    case Verb::delete_key:
      return "Delete " + hex(request.key);
    case Verb::get:
      return (request.serializable != 0 ? "Range serializable " : "Range ") + hex(request.key);
    case Verb::last_created:
      return "Range last created up to rev " + number(request.revision);
    case Verb::watch_delete:
      return "Watch " + hex(request.key) + " from rev " + number(request.revision);
    case Verb::lock:
      return "Lock with lease " + hex(request.lease) + ", for " + attempt_name(request.attempt);
    case Verb::cancel:
      return "Cancel call " + number(request.id);
    case Verb::get_last_run:
      return "Range last run";
    case Verb::put_last_run:
      return "Txn if last run is at rev " + number(request.revision) + " put " +
             milliseconds(request.value) + ", for " + attempt_name(request.attempt);
  }
  return {};
}

std::string describe(const Reply& reply) {
  switch (reply.status) {
    case Status::ok:
      break;
    case Status::timeout:
      return "error: request timed out";
    case Status::leader_changed:
      return "error: leader changed";
    case Status::lease_not_found:
      return "error: lease not found";
    case Status::absent:
      return "deleted 0";
    case Status::session_expired:
      return "error: session expired";
    case Status::unequal:
      return "Txn failed, last run is at rev " + number(reply.mod_revision);
  }
  std::string text = "ok, rev " + number(reply.revision);
  if (reply.own_revision != 0) text += ", created at " + number(reply.own_revision);
  if (reply.first_revision != 0) text += ", first " + number(reply.first_revision);
  if (reply.mod_revision != 0) {
    text += ", last run " + milliseconds(reply.value) + " at rev " + number(reply.mod_revision);
  }
  if (reply.ttl_s != 0) text += ", lease " + hex(reply.lease) + " TTL " + number(reply.ttl_s);
  return text;
}

std::string describe(const RenewRequest& request) { return "renew lease " + hex(request.lease); }
std::string describe(const RenewReply& reply) { return "lease TTL " + number(reply.ttl_s); }

std::string describe_raft(const sim::Message& message) {
  using namespace raft;
  const std::string term = "term " + number(static_cast<Term>(message.word(0)));
  if (message.is<VoteRequest>()) {
    const auto vote = message.as<VoteRequest>();
    return (vote.pre_vote != 0 ? "PreVote " : "RequestVote ") + term + ", log ends " +
           number(vote.last_index) + "/" + number(vote.last_term);
  }
  if (message.is<VoteReply>()) {
    return (message.as<VoteReply>().granted != 0 ? "vote granted, " : "vote refused, ") + term;
  }
  if (message.is<Append>()) {
    const auto append = message.as<Append>();
    const std::string body =
        append.entry_term == 0 ? "nothing" : describe(command_of(append.payload));
    return "AppendEntries " + term + " after " + number(append.previous_index) + ": " + body +
           ", commit " + number(append.commit);
  }
  if (message.is<AppendReply>()) {
    const auto reply = message.as<AppendReply>();
    return (reply.rejected != 0 ? "rejected after " : "appended to ") + number(reply.index) + ", " +
           term;
  }
  if (message.is<Heartbeat>()) return "heartbeat " + term;
  if (message.is<HeartbeatReply>()) return "heartbeat answered, " + term;
  if (message.is<Propose>()) {
    return "propose " + describe(command_of(message.as<Propose>().payload));
  }
  if (message.is<ReadRequest>()) return "ReadIndex";
  return "ReadIndex answered: " + number(message.as<ReadReply>().index);
}

}  // namespace leasehold::models::etcd
