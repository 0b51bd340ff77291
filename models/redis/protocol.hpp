#pragma once

#include <cstdint>
#include <string>

#include "models/message_types.hpp"

/// Redis as its clients see it: commands and replies. A key is a number; a value is a word, which
/// is all that a lock needs (an owner's unique id, a counter).
namespace leasehold::models::redis {

enum class Verb : std::uint64_t {
  get,
  set_nx_px,  ///< SET key value NX PX ttl
  del,        ///< DEL key
  // Scripts, each atomic:
  compare_and_delete,   ///< if GET key == value then DEL key
  compare_and_pexpire,  ///< if GET key == value then PEXPIRE key ttl
  set_nx_px_and_incr,   ///< SET key value NX PX ttl; if set, return INCR key:token
};

struct Request {
  static constexpr std::uint16_t kMessageType = message_types::kRedis;
  Verb verb;
  std::uint64_t key;
  std::uint64_t value;
  std::uint64_t ttl_ms;
  /// For the observer alone, as a trace id would be: the attempt on whose behalf it is sent.
  std::uint64_t attempt;
};

/// `nil` is Redis's nil; an `integer` carries its value.
struct Reply {
  static constexpr std::uint16_t kMessageType = message_types::kRedis + 1;
  enum class Kind : std::uint64_t { ok, nil, integer, value };
  Kind kind;
  std::uint64_t value;
};

/// In the words of redis-cli, for traces.
std::string describe(const Request& request);
std::string describe(const Reply& reply);

}  // namespace leasehold::models::redis
