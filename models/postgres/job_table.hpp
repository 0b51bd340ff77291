#pragma once

#include <cstdint>
#include <optional>

#include "models/postgres/claim_grant.hpp"
#include "models/way_out.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

/// A table `job (name, period, last_run, runs)` with one row, in a server that reads committed data
/// only. What its log holds when a server starts has happened.
class JobTable {
 public:
  JobTable(sim::Process& self, sim::Duration period, ClaimGrant& grants);

  /// UPDATE job SET last_run = clock_timestamp(), runs = runs + 1
  ///  WHERE name = … AND last_run <= clock_timestamp() - period RETURNING runs
  /// as a transaction of its own: 0 if no row was due. A row that another transaction has changed
  /// and not yet committed is waited for and then judged anew. Nothing: the log could not be
  /// flushed, so that what became of the transaction shows at the next start.
  sim::Task<std::optional<std::uint64_t>> claim(checkers::AttemptId attempt);
  /// When the next run falls due.
  WayOut way_out() const;

 private:
  /// One version of the row, as the log has it. `attempt` is for the observer alone.
  struct Row {
    std::int64_t last_run_us;  ///< by the wall clock of the database's host
    std::uint64_t runs;
    checkers::AttemptId attempt;
  };

  bool is_due() const { return wall_us() - committed_.last_run_us >= period_us_; }
  std::int64_t wall_us() const;
  void commit(const Row& row, sim::BootTime due);

  sim::Process& self_;
  std::int64_t period_us_;
  ClaimGrant& grants_;
  sim::File& log_;
  Row committed_{};
  bool locked_ = false;  ///< by a transaction under way
  sim::Signal unlocked_;
};

}  // namespace leasehold::models::postgres
