#include "models/postgres/session_grant.hpp"

#include <vector>

#include "models/attempt.hpp"

namespace leasehold::models::postgres {

using checkers::Grant;

void SessionGrant::begin(sim::Process& server, checkers::AttemptId attempt) {
  recorder_ = &server.recorder();
  const auto [granted, first] = granted_.insert_or_assign(attempt, Granted{server.id()});
  if (!first) return;
  recorder_->emit(Grant{Grant::Phase::begun, Grant::End::none, client_of(attempt), attempt, 0});
}

void SessionGrant::end(sim::ProcessId server, checkers::AttemptId attempt, Grant::End why) {
  const auto found = granted_.find(attempt);
  if (found != granted_.end() && found->second.by == server) end(attempt, why);
}

void SessionGrant::end(checkers::AttemptId attempt, Grant::End why) {
  granted_.erase(attempt);
  recorder_->emit(Grant{Grant::Phase::ended, why, client_of(attempt), attempt, 0});
}

void SessionGrant::server_forgot(sim::ProcessId server) {
  for (auto& [attempt, granted] : granted_) {
    if (granted.by == server) granted.server_ended = true;
  }
  end_those_without_session();
}

void SessionGrant::give_up(checkers::AttemptId attempt) {
  const auto found = granted_.find(attempt);
  if (found != granted_.end()) found->second.client_ended = true;
  end_those_without_session();
}

void SessionGrant::client_is_gone(checkers::ClientId client) {
  for (auto& [attempt, granted] : granted_) {
    if (client_of(attempt) == client) granted.client_ended = true;
  }
  end_those_without_session();
}

void SessionGrant::end_those_without_session() {
  std::vector<checkers::AttemptId> over;
  for (const auto& [attempt, granted] : granted_) {
    if (granted.server_ended && granted.client_ended) over.push_back(attempt);
  }
  for (const checkers::AttemptId attempt : over) end(attempt, Grant::End::session);
}

}  // namespace leasehold::models::postgres
