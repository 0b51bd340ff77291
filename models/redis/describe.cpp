#include "models/describe.hpp"
#include "models/redis/protocol.hpp"

namespace leasehold::models::redis {

std::string describe(const Request& request) {
  const std::string value = attempt_name(request.value);
  const std::string px = " PX " + std::to_string(request.ttl_ms);
  switch (request.verb) {
    case Verb::get:
      return "GET lock";
    case Verb::set_nx_px:
      return "SET lock " + value + " NX" + px;
    case Verb::set_nx_px_and_incr:
      return "SET lock " + value + " NX" + px + " and INCR token";
    case Verb::del:
      return "DEL lock";
    case Verb::compare_and_delete:
      return "if lock is " + value + " DEL";
    case Verb::compare_and_pexpire:
      return "if lock is " + value + " PEXPIRE " + std::to_string(request.ttl_ms);
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
  }
  return "?";
}

}  // namespace leasehold::models::redis
