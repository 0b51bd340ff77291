#pragma once

#include <map>

#include "checkers/record/record.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

/// The grant predicate of an advisory lock: from the moment the lock table gives the key to the
/// attempt's session until the attempt's own unlock is applied or its session ends. A server that
/// restarts or fails over forgets the lock but ends no grant: that of its former holder goes on
/// until this one gives up, so that the next one shows as a second. And a holder that is gone ends
/// no grant that a server still remembers: the server refuses everyone else until it finds out.
class SessionGrant {
 public:
  void begin(sim::Process& server, checkers::AttemptId attempt);
  /// Nothing happens if another server has granted it since.
  void end(sim::ProcessId server, checkers::AttemptId attempt, checkers::Grant::End why);
  /// The server dies, and its memory of all sessions with it.
  void server_forgot(sim::ProcessId server);
  /// The attempt's holder counts on its session no longer.
  void give_up(checkers::AttemptId attempt);
  void client_is_gone(checkers::ClientId client);

 private:
  /// A grant's session; when both sides have ended it, the grant ends.
  struct Granted {
    sim::ProcessId by = 0;
    bool server_ended = false;
    bool client_ended = false;
  };
  void end(checkers::AttemptId attempt, checkers::Grant::End why);
  void end_those_without_session();

  sim::Recorder* recorder_ = nullptr;
  std::map<checkers::AttemptId, Granted> granted_;
};

}  // namespace leasehold::models::postgres
