#include "models/redis/single_grant.hpp"

#include "models/attempt.hpp"
#include "models/redis/owner.hpp"

namespace leasehold::models::redis {

using checkers::Grant;

void SingleGrant::on_lease(sim::Process& server, std::uint64_t key, std::uint64_t owner,
                           sim::BootTime deadline) {
  if (key != kLockKey) return;
  recorder_ = &server.recorder();
  const auto [granted, begins] = granted_.try_emplace(owner);
  const Grant::Phase phase = begins ? Grant::Phase::begun : Grant::Phase::renewed;
  const AttemptId attempt = attempt_of(owner);
  recorder_->emit(Grant{phase, Grant::End::none, client_of(attempt), attempt, 0});
  recorder_->cancel(granted->second);
  granted->second = sim::TimerId{};
  if (deadline.is_never()) return;
  granted->second =
      recorder_->at(server, sim::ClockKind::boot, deadline.since_zero(), *this, owner);
}

void SingleGrant::on_release(sim::Process&, std::uint64_t, std::uint64_t owner) {
  end(owner, Grant::End::released);
}

void SingleGrant::on_deadline(std::uint64_t owner) { end(owner, Grant::End::deadline); }

void SingleGrant::end(std::uint64_t owner, Grant::End why) {
  const auto granted = granted_.find(owner);
  if (granted == granted_.end()) return;
  recorder_->cancel(granted->second);
  granted_.erase(granted);
  const AttemptId attempt = attempt_of(owner);
  recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
}

}  // namespace leasehold::models::redis
