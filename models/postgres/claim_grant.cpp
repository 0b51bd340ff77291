#include "models/postgres/claim_grant.hpp"

#include "models/attempt.hpp"

namespace leasehold::models::postgres {

using checkers::Grant;

void ClaimGrant::on_claim(sim::Process& server, checkers::AttemptId attempt, std::uint64_t run,
                          sim::BootTime due) {
  if (run <= last_run_) return;
  last_run_ = run;
  recorder_ = &server.recorder();
  const auto [granted, begins] = granted_.try_emplace(attempt);
  const Grant::Phase phase = begins ? Grant::Phase::begun : Grant::Phase::renewed;
  recorder_->emit(Grant{phase, Grant::End::none, client_of(attempt), attempt, run});
  recorder_->cancel(granted->second);
  granted->second = recorder_->at(server, sim::ClockKind::boot, due.since_zero(), *this, attempt);
}

void ClaimGrant::on_deadline(std::uint64_t attempt) {
  granted_.erase(attempt);
  recorder_->emit(Grant{Grant::Phase::ended, Grant::End::deadline, client_of(attempt), attempt, 0});
}

}  // namespace leasehold::models::postgres
