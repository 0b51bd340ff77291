#pragma once

#include <cstdint>
#include <string>

#include "models/message_types.hpp"

/// PostgreSQL as a client that uses it for locks sees it: statements, one at a time on each
/// connection, and their results.
namespace leasehold::models::postgres {

enum class Statement : std::uint64_t {
  startup,            ///< the first message: the backend starts
  advisory_lock,      ///< SELECT pg_advisory_lock(key): waits, first come first served
  try_advisory_lock,  ///< SELECT pg_try_advisory_lock(key): true or false at once
  advisory_unlock,    ///< SELECT pg_advisory_unlock(key): false with a warning if not held
  begin,
  advisory_xact_lock,  ///< SELECT pg_advisory_xact_lock(key): until the end of the transaction
  commit,
  nextval,    ///< SELECT nextval('token')
  claim_run,  ///< UPDATE job SET last_run … WHERE it is due: the number of the run, or 0 rows
  try_advisory_xact_lock,
  set_lock_timeout,  ///< SET lock_timeout = key, in milliseconds
  sleep,             ///< SELECT pg_sleep(key), in milliseconds
  replicate,  ///< START_REPLICATION: a standby has `key` records of the log, and waits for the next
};

struct Query {
  static constexpr std::uint16_t kMessageType = message_types::kPostgres;
  Query(Statement s, std::uint64_t k, std::uint64_t a) : statement(s), key(k), attempt(a) {}
  Query() = default;
  Statement statement;
  std::uint64_t key;
  /// For the observer alone, as an application name would be: the attempt it is sent for.
  std::uint64_t attempt;
};

struct Result {
  static constexpr std::uint16_t kMessageType = message_types::kPostgres + 1;
  enum class Kind : std::uint64_t {
    ready,  ///< done, with `value` where the statement has one
    fatal,  ///< too many clients already: the connection is closed
  };
  Kind kind;
  std::uint64_t value;
};

/// In the words of psql, for traces.
std::string describe(const Query& query);
std::string describe(const Result& result);

}  // namespace leasehold::models::postgres
