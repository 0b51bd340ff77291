#pragma once

#include <set>

#include "checkers/record/record.hpp"
#include "sim/process/recorder.hpp"

namespace leasehold::models::postgres {

/// The grant predicate of an advisory lock: from the moment the lock table gives the key to the
/// attempt's session until the attempt's own unlock is applied or its session ends. A server that
/// restarts or fails over forgets the lock but ends no grant: that of its former holder goes on
/// until this one gives up, so that the next one shows as a second.
class SessionGrant {
 public:
  void begin(sim::Recorder& recorder, checkers::AttemptId attempt, checkers::Token token);
  void end(checkers::AttemptId attempt, checkers::Grant::End why);
  void client_is_gone(checkers::ClientId client);

 private:
  sim::Recorder* recorder_ = nullptr;
  std::set<checkers::AttemptId> granted_;
};

}  // namespace leasehold::models::postgres
