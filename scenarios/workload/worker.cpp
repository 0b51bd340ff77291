#include "scenarios/workload/worker.hpp"

#include "models/attempt.hpp"
#include "models/milestone.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using checkers::Milestone;
using checkers::Operation;
using checkers::Work;
using models::LockClient;
using sim::Task;

Worker::Worker(sim::Process& self, checkers::ClientId client, const WorkloadContext& context)
    : self_(self),
      client_(client),
      context_(context),
      lock_(context.deployment->client(self, client)),
      shown_(context.windows[client], *lock_),
      resource_(self, context.resource, client),
      think_time_(self.stream(sim::purpose("worker.think"))),
      work_time_(self.stream(sim::purpose("worker.work"))),
      step_time_(self.stream(sim::purpose("worker.step"))) {}

PlannedRound Worker::draw_round() {
  PlannedRound round;
  round.think_ns = context_.think.sample(think_time_).ns();
  round.work_ns = context_.work.sample(work_time_).ns();
  return round;
}

AttemptId Worker::next_attempt() {
  return models::attempt_id(client_, self_.incarnation(), ++attempts_);
}

void Worker::record(Operation::Kind kind, Operation::Phase phase, AttemptId attempt) {
  Operation operation;
  operation.kind = kind;
  operation.phase = phase;
  operation.client = client_;
  operation.attempt = attempt;
  operation.token = lock_->token();
  self_.recorder().emit(operation);
}

namespace {

Operation::Phase phase_of(LockClient::Answer answer) {
  switch (answer) {
    case LockClient::Answer::yes:
      return Operation::Phase::ok;
    case LockClient::Answer::no:
      return Operation::Phase::refused;
    case LockClient::Answer::unknown:
      break;
  }
  return Operation::Phase::indeterminate;
}

}  // namespace

Task<bool> Worker::acquire(AttemptId attempt) {
  attempt_ = attempt;
  const std::optional<Span>& patience = context_.scenario->give_up;
  const sim::MonoTime give_up =
      patience ? self_.mono_now() + patience->resolve(context_.scenario->yardsticks())
               : sim::MonoTime::never();
  record(Operation::Kind::acquire, Operation::Phase::invoked, attempt);
  const LockClient::Answer answer = co_await lock_->acquire(attempt, give_up);
  record(Operation::Kind::acquire, phase_of(answer), attempt);
  if (answer != LockClient::Answer::yes) co_return false;
  models::reach(*lock_, Milestone::What::granted, attempt);
  co_return true;
}

Task<void> Worker::release(AttemptId attempt) {
  record(Operation::Kind::release, Operation::Phase::invoked, attempt);
  const LockClient::Answer answer = co_await lock_->release();
  record(Operation::Kind::release, phase_of(answer), attempt);
}

void Worker::enter(AttemptId attempt) {
  self_.recorder().emit(Work{Work::Phase::entered, client_, attempt, 0});
  models::reach(*lock_, Milestone::What::work, attempt);
}

void Worker::leave(AttemptId attempt) {
  self_.recorder().emit(Work{Work::Phase::left, client_, attempt, 0});
}

sim::Process::Compute Worker::step() { return self_.compute(context_.step.sample(step_time_)); }

Task<bool> Worker::still_mine() {
  co_await step();
  if (!lock_->believes()) co_return false;
  models::reach(*lock_, Milestone::What::checked, attempt_);
  co_await step();
  co_return true;
}

Worker::Cause Worker::cause() const { return Cause{attempt_, lock_->token(), job_}; }

Task<bool> Worker::read() {
  const bool mine = co_await still_mine();
  if (!mine) co_return false;
  models::reach(*lock_, Milestone::What::effect_sent, attempt_);
  const auto result = co_await resource_.read(cause());
  version_ = result.version;
  last_job_ = result.job;
  co_return result.accepted;
}

Task<bool> Worker::write() {
  const bool mine = co_await still_mine();
  if (!mine) co_return false;
  models::reach(*lock_, Milestone::What::effect_sent, attempt_);
  const auto result = co_await resource_.write(cause(), version_);
  version_ = result.version;
  last_job_ = result.job;
  co_return result.accepted;
}

}  // namespace leasehold::scenarios
