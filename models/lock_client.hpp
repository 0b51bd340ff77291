#pragma once

#include <optional>

#include "checkers/record/record.hpp"
#include "models/deadline.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models {

using checkers::AttemptId;
using checkers::ClientId;
using checkers::Token;

/// The one interface behind which every lock algorithm stands: one client's side of one lock.
///
/// An algorithm implements acquire() and release() and tells this class what the client believes
/// through believe(), extend() and lose(); the records that the checkers need follow from that.
/// Lives inside its process and dies with it in a crash.
class LockClient : private sim::DeadlineObserver {
 public:
  LockClient(sim::Process& self, ClientId client) : self_(self), client_(client) {}
  LockClient(const LockClient&) = delete;
  LockClient& operator=(const LockClient&) = delete;
  virtual ~LockClient();

  /// What became of a request. `unknown`: it may have taken effect, or may yet.
  enum class Answer : std::uint8_t { yes, no, unknown };

  /// Waits for the lock, retrying as the algorithm does, until `give_up` on the monotonic clock.
  /// `yes`: acquired, and believed from now on.
  virtual sim::Task<Answer> acquire(AttemptId attempt, sim::MonoTime give_up) = 0;

  /// Gives the lock back. The belief ends at the call, whatever the service answers; `no`: it was
  /// not ours any more.
  virtual sim::Task<Answer> release() = 0;

  /// Leaves the lock to its fate: the client neither uses nor releases it from here on.
  void forget() { disbelieve(checkers::Belief::End::released); }

  /// What the client itself thinks: it holds the lock, nothing told it otherwise, and its own
  /// deadline, if the algorithm keeps one, has not passed on its own clock.
  bool believes() const { return believed_ && !deadline_.has_passed(self_); }
  Token token() const { return token_; }
  Deadline deadline() const { return deadline_; }

  sim::Process& self() const { return self_; }
  ClientId client() const { return client_; }

 protected:
  /// The lock was acquired. `deadline`: until when the client may trust that, by its own clock.
  void believe(AttemptId attempt, Token token, Deadline deadline);
  void extend(Deadline deadline);
  /// The client learnt that its hold is gone.
  void lose() { disbelieve(checkers::Belief::End::lost); }
  /// REQUIRED first thing in release(): from here on the client no longer counts on the lock.
  void stop_believing() { forget(); }
  bool believed() const { return believed_; }
  AttemptId attempt() const { return attempt_; }

 private:
  void disbelieve(checkers::Belief::End why);
  void watch_deadline();
  void record_end(checkers::Belief::End why);
  void on_deadline(std::uint64_t cookie) final;

  sim::Process& self_;
  ClientId client_;
  AttemptId attempt_ = 0;
  Token token_ = 0;
  bool believed_ = false;
  Deadline deadline_;

  // The observer's side; nothing above depends on it.
  bool on_record_ = false;
  sim::TimerId watch_;
};

}  // namespace leasehold::models
