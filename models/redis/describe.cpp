#include "models/describe.hpp"
#include "models/redis/protocol.hpp"

namespace leasehold::models::redis {

std::string describe(const Request& request) {
  const std::string key = request.key == token_key(request.key) ? "token" : "lock";
  const std::string value = attempt_name(request.value);
  const std::string px = request.ttl_ms > 0 ? " PX " + std::to_string(request.ttl_ms) : "";
  switch (request.verb) {
    case Verb::ping:
      return "PING";
    case Verb::get:
      return "GET " + key;
    case Verb::set:
      return "SET " + key + " " + value + px;
    case Verb::set_nx:
      return "SET " + key + " " + value + " NX" + px;
    case Verb::setnx:
      return "SETNX " + key + " " + value;
    case Verb::getset:
      return "GETSET " + key + " " + value;
    case Verb::incr:
      return "INCR " + key;
    case Verb::del:
      return "DEL " + key;
    case Verb::pexpire:
      return "PEXPIRE " + key + " " + std::to_string(request.ttl_ms);
    case Verb::pttl:
      return "PTTL " + key;
    case Verb::watch:
      return "WATCH " + key;
    case Verb::unwatch:
      return "UNWATCH";
    case Verb::multi:
      return "MULTI";
    case Verb::exec:
      return "EXEC";
    case Verb::compare_and_delete:
      return "if " + key + " is " + value + ": DEL";
    case Verb::compare_and_pexpire:
      return "if " + key + " is " + value + ": PEXPIRE " + std::to_string(request.ttl_ms);
    case Verb::set_nx_and_incr:
      return "SET " + key + " " + value + " NX" + px + ", INCR token";
  }
  return "?";
}

std::string describe(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::ok:
      return "OK";
    case Reply::Kind::nil:
      return "nil";
    case Reply::Kind::integer:
      return std::to_string(reply.value);
    case Reply::Kind::value:
      return attempt_name(reply.value);
    case Reply::Kind::queued:
      return "QUEUED";
    case Reply::Kind::array:
      return "[" + std::to_string(reply.value) + "]";
    case Reply::Kind::error:
      return "error";
  }
  return "?";
}

}  // namespace leasehold::models::redis
