#pragma once

#include <cstdint>
#include <string>

#include "models/message_types.hpp"

/// Redis as its clients see it: commands and replies. A key is a number; a value is a word, which
/// is all that a lock needs (an owner's unique id, a counter).
namespace leasehold::models::redis {

enum class Verb : std::uint64_t {
  ping,
  get,
  set,     ///< SET key value [PX ttl]
  set_nx,  ///< SET key value NX [PX ttl]
  setnx,   ///< SETNX key value
  getset,  ///< GETSET key value: the key's time to live goes
  incr,    ///< INCR key: its time to live stays
  del,
  pexpire,  ///< EXPIRE is the same in whole seconds
  pttl,     ///< -1: lives for ever; -2: there is none
  // Transactions. The state of one belongs to the connection.
  watch,
  unwatch,
  multi,
  exec,
  // Scripts, each atomic:
  compare_and_delete,   ///< if GET key == value then DEL key
  compare_and_pexpire,  ///< if GET key == value then PEXPIRE key ttl
  set_nx_and_incr,      ///< SET key value NX PX ttl; if set, return INCR key:token
};

struct Request {
  static constexpr std::uint16_t kMessageType = message_types::kRedis;
  Verb verb;
  std::uint64_t key;
  std::uint64_t value;
  std::uint64_t ttl_ms;  ///< 0: none
  /// For the observer alone, as a trace id would be: the owner's value on whose behalf it is sent.
  std::uint64_t owner;
};

struct Reply {
  static constexpr std::uint16_t kMessageType = message_types::kRedis + 1;
  enum class Kind : std::uint64_t {
    ok,
    nil,
    integer,
    value,
    queued,  ///< between MULTI and EXEC
    array,   ///< EXEC's; `value` is the last element's
    error,
  };
  Kind kind;
  std::uint64_t value;

  bool is_integer(std::uint64_t expected) const {
    return kind == Kind::integer && value == expected;
  }
  friend bool operator==(const Reply&, const Reply&) = default;
};

/// In the words of redis-cli, for traces.
std::string describe(const Request& request);
std::string describe(const Reply& reply);

/// Where INCR keeps the fencing tokens of a lock's key.
constexpr std::uint64_t token_key(std::uint64_t key) { return key | std::uint64_t{1} << 63; }

}  // namespace leasehold::models::redis
