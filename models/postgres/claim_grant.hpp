#pragma once

#include <map>

#include "checkers/record/record.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

/// The grant predicate of a claim of one run of a job: from the commit that stores the time of the
/// run until that time plus the period on the clock of the database's host, steps removed. Nothing
/// gives a claim back. A step that makes the next run due early ends no grant: the next claim then
/// shows as a second one.
class ClaimGrant final : private sim::DeadlineObserver {
 public:
  /// A claim was committed, or found so in the log by a server that starts: `run` is its number.
  void on_claim(sim::Process& server, checkers::AttemptId attempt, std::uint64_t run,
                sim::BootTime due);

 private:
  void on_deadline(std::uint64_t attempt) override;

  sim::Recorder* recorder_ = nullptr;
  std::uint64_t last_run_ = 0;  ///< the number of the latest claim seen
  std::map<checkers::AttemptId, sim::TimerId> granted_;
};

}  // namespace leasehold::models::postgres
