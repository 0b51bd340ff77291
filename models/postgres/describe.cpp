#include "models/postgres/protocol.hpp"

namespace leasehold::models::postgres {

std::string describe(const Query& query) {
  switch (query.statement) {
    case Statement::startup:
      return "startup";
    case Statement::advisory_lock:
      return "pg_advisory_lock(k)";
    case Statement::try_advisory_lock:
      return "pg_try_advisory_lock(k)";
    case Statement::advisory_unlock:
      return "pg_advisory_unlock(k)";
    case Statement::begin:
      return "BEGIN";
    case Statement::advisory_xact_lock:
      return "pg_advisory_xact_lock(k)";
    case Statement::commit:
      return "COMMIT";
    case Statement::nextval:
      return "nextval('token')";
    case Statement::claim_run:
      return "UPDATE job SET last_run WHERE due";
    case Statement::try_advisory_xact_lock:
      return "pg_try_advisory_xact_lock(k)";
    case Statement::set_lock_timeout:
      return "SET lock_timeout = " + std::to_string(query.key);
    case Statement::sleep:
      return "pg_sleep(" + std::to_string(query.key) + " ms)";
    case Statement::replicate:
      return "START_REPLICATION from " + std::to_string(query.key);
  }
  return "?";
}

std::string describe(const Result& result) {
  if (result.kind == Result::Kind::fatal) return "FATAL: too many clients already";
  return "result " + std::to_string(result.value);
}

}  // namespace leasehold::models::postgres
