#include "models/redis/single_grant.hpp"

#include "models/attempt.hpp"

namespace leasehold::models::redis {

using checkers::Grant;

void SingleGrant::on_lease(sim::Process& server, std::uint64_t, std::uint64_t attempt,
                           sim::BootTime deadline) {
  recorder_ = &server.recorder();
  const auto [granted, begins] = granted_.try_emplace(attempt);
  const Grant::Phase phase = begins ? Grant::Phase::begun : Grant::Phase::renewed;
  recorder_->emit(Grant{phase, Grant::End::none, client_of(attempt), attempt, 0});
  recorder_->cancel(granted->second);
  granted->second =
      recorder_->at(server, sim::ClockKind::boot, deadline.since_zero(), *this, attempt);
}

void SingleGrant::on_delete(sim::Process&, std::uint64_t, std::uint64_t value,
                            std::uint64_t attempt) {
  if (value == attempt) end(attempt, Grant::End::released);
}

void SingleGrant::on_deadline(std::uint64_t attempt) { end(attempt, Grant::End::deadline); }

void SingleGrant::end(std::uint64_t attempt, Grant::End why) {
  const auto granted = granted_.find(attempt);
  if (granted == granted_.end()) return;
  recorder_->cancel(granted->second);
  granted_.erase(granted);
  recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
}

}  // namespace leasehold::models::redis
