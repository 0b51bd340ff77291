#include "models/lock_client.hpp"

namespace leasehold::models {

using checkers::Belief;

LockClient::~LockClient() { self_.recorder().cancel(watch_); }

void LockClient::believe(AttemptId attempt, Token token, Deadline deadline) {
  LH_ASSERT(!believed_);
  attempt_ = attempt;
  token_ = token;
  deadline_ = deadline;
  believed_ = true;
  watch_deadline();
}

void LockClient::extend(Deadline deadline) {
  LH_ASSERT(believed_);
  deadline_ = deadline;
  watch_deadline();
}

void LockClient::disbelieve(Belief::End why) {
  believed_ = false;
  self_.recorder().cancel(watch_);
  record_end(why);
}

void LockClient::watch_deadline() {
  self_.recorder().cancel(watch_);
  if (!on_record_) {
    on_record_ = true;
    self_.recorder().emit(Belief{Belief::Phase::begun, Belief::End::none, client_, attempt_});
  }
  if (deadline_.is_never()) return;
  watch_ = self_.recorder().at(self_, deadline_.clock(), deadline_.reading(), *this, attempt_);
}

// For the observer alone: the client notices when it next looks at its clock, or never.
void LockClient::on_deadline(std::uint64_t) { record_end(Belief::End::deadline); }

void LockClient::record_end(Belief::End why) {
  if (!on_record_) return;
  on_record_ = false;
  self_.recorder().emit(Belief{Belief::Phase::ended, why, client_, attempt_});
}

}  // namespace leasehold::models
