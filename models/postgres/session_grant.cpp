#include "models/postgres/session_grant.hpp"

#include "models/attempt.hpp"

namespace leasehold::models::postgres {

using checkers::Grant;

void SessionGrant::begin(sim::Recorder& recorder, checkers::AttemptId attempt,
                         checkers::Token token) {
  recorder_ = &recorder;
  if (!granted_.insert(attempt).second) return;
  recorder.emit(Grant{Grant::Phase::begun, Grant::End::none, client_of(attempt), attempt, token});
}

void SessionGrant::end(checkers::AttemptId attempt, Grant::End why) {
  if (granted_.erase(attempt) == 0) return;
  recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
}

void SessionGrant::client_is_gone(checkers::ClientId client) {
  const std::set<checkers::AttemptId> granted = granted_;
  for (const checkers::AttemptId attempt : granted) {
    if (client_of(attempt) == client) end(attempt, Grant::End::session);
  }
}

}  // namespace leasehold::models::postgres
