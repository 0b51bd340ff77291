#include "models/postgres/session_grant.hpp"

#include <vector>

#include "models/attempt.hpp"

namespace leasehold::models::postgres {

using checkers::Grant;

void SessionGrant::begin(sim::Recorder& recorder, checkers::AttemptId attempt,
                         checkers::Token token) {
  recorder_ = &recorder;
  const auto [granted, first] = granted_.insert_or_assign(attempt, Ended());
  if (!first) return;
  recorder.emit(Grant{Grant::Phase::begun, Grant::End::none, client_of(attempt), attempt, token});
}

void SessionGrant::end(checkers::AttemptId attempt, Grant::End why) {
  if (granted_.erase(attempt) == 0) return;
  recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
}

void SessionGrant::server_forgot() {
  for (auto& [attempt, ended] : granted_) ended.server = true;
  end_those_without_session();
}

void SessionGrant::give_up(checkers::AttemptId attempt) {
  const auto found = granted_.find(attempt);
  if (found != granted_.end()) found->second.client = true;
  end_those_without_session();
}

void SessionGrant::client_is_gone(checkers::ClientId client) {
  for (auto& [attempt, ended] : granted_) {
    if (client_of(attempt) == client) ended.client = true;
  }
  end_those_without_session();
}

void SessionGrant::end_those_without_session() {
  std::vector<checkers::AttemptId> over;
  for (const auto& [attempt, ended] : granted_) {
    if (ended.server && ended.client) over.push_back(attempt);
  }
  for (const checkers::AttemptId attempt : over) end(attempt, Grant::End::session);
}

}  // namespace leasehold::models::postgres
