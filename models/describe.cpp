#include "models/describe.hpp"

#include "models/attempt.hpp"
#include "models/etcd/protocol.hpp"
#include "models/postgres/protocol.hpp"
#include "models/redis/protocol.hpp"
#include "models/resource/protocol.hpp"

namespace leasehold::models {
namespace {

std::string describe(const resource::EffectRequest& request) {
  const auto kind = static_cast<checkers::Effect::Kind>(request.kind_and_client & 0xff);
  std::string text = kind == checkers::Effect::Kind::read ? "read" : "write";
  text += " for " + attempt_name(request.attempt);
  if (kind == checkers::Effect::Kind::write) text += " over v" + std::to_string(request.based_on);
  if (request.token != 0) text += " token " + std::to_string(request.token);
  return text;
}

std::string describe(const resource::EffectReply& reply) {
  const auto outcome = static_cast<checkers::Effect::Outcome>(reply.outcome);
  return (outcome == checkers::Effect::Outcome::accepted ? "accepted, v" : "fenced off, v") +
         std::to_string(reply.version);
}

}  // namespace

std::string attempt_name(std::uint64_t attempt) {
  attempt &= (std::uint64_t{1} << 48) - 1;  // a try number may stand above it
  if (attempt >> 40 == 0) return std::to_string(attempt);
  const std::uint64_t incarnation = attempt >> 32 & 0xff;
  std::string name = "c" + std::to_string(client_of(attempt));
  if (incarnation > 0) name += "." + std::to_string(incarnation);
  return name + "#" + std::to_string(attempt & 0xffffffff);
}

std::string describe(const sim::Message& message) {
  if (message.is<resource::EffectRequest>()) {
    return describe(message.as<resource::EffectRequest>());
  }
  if (message.is<resource::EffectReply>()) return describe(message.as<resource::EffectReply>());
  if (message.is<redis::Request>()) return redis::describe(message.as<redis::Request>());
  if (message.is<redis::Reply>()) return redis::describe(message.as<redis::Reply>());
  if (message.is<etcd::Request>()) return etcd::describe(message.as<etcd::Request>());
  if (etcd::is_reply(message)) return etcd::describe(etcd::reply_of(message));
  if (message.is<etcd::RenewRequest>()) return etcd::describe(message.as<etcd::RenewRequest>());
  if (message.is<etcd::RenewReply>()) return etcd::describe(message.as<etcd::RenewReply>());
  if (message.type() >= message_types::kRaft &&
      message.type() <= etcd::raft::ReadReply::kMessageType) {
    return etcd::describe_raft(message);
  }
  if (message.is<postgres::Query>()) return postgres::describe(message.as<postgres::Query>());
  if (message.is<postgres::Result>()) return postgres::describe(message.as<postgres::Result>());
  return "message of type " + std::to_string(message.type());
}

}  // namespace leasehold::models
