#pragma once

#include <map>

#include "checkers/record/record.hpp"
#include "sim/process/recorder.hpp"

namespace leasehold::models::postgres {

/// The grant predicate of an advisory lock: from the moment the lock table gives the key to the
/// attempt's session until the attempt's own unlock is applied or its session ends. A server that
/// restarts or fails over forgets the lock but ends no grant: that of its former holder goes on
/// until this one gives up, so that the next one shows as a second. And a holder that is gone ends
/// no grant that a server still remembers: the server refuses everyone else until it finds out.
class SessionGrant {
 public:
  void begin(sim::Recorder& recorder, checkers::AttemptId attempt, checkers::Token token);
  void end(checkers::AttemptId attempt, checkers::Grant::End why);
  /// The server dies, and its memory of all sessions with it.
  void server_forgot();
  /// The attempt's holder counts on its session no longer.
  void give_up(checkers::AttemptId attempt);
  void client_is_gone(checkers::ClientId client);

 private:
  /// Whose side of a grant's session has ended; with both, the grant ends.
  struct Ended {
    bool server = false;
    bool client = false;
  };
  void end_those_without_session();

  sim::Recorder* recorder_ = nullptr;
  std::map<checkers::AttemptId, Ended> granted_;
};

}  // namespace leasehold::models::postgres
