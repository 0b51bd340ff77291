#pragma once

#include "checkers/record/record.hpp"

/// Short names for hand-written histories: `at(5)` stamps what happens in millisecond 5, in the
/// order of the calls.
namespace leasehold::checkers::testing {

inline constexpr std::int64_t kMs = 1'000'000;

/// Hands out stamps in rising order.
class Clock {
 public:
  Stamp at(std::int64_t ms) { return {ms * kMs, ++sequence_}; }

 private:
  std::uint64_t sequence_ = 0;
};

inline Grant grant_begun(ClientId client, AttemptId attempt) {
  return {Grant::Phase::begun, Grant::End::none, client, attempt, 0};
}
inline Grant grant_ended(ClientId client, AttemptId attempt,
                         Grant::End end = Grant::End::released) {
  return {Grant::Phase::ended, end, client, attempt, 0};
}
inline Grant grant_renewed(ClientId client, AttemptId attempt) {
  return {Grant::Phase::renewed, Grant::End::none, client, attempt, 0};
}

inline Belief belief_begun(ClientId client, AttemptId attempt) {
  return {Belief::Phase::begun, Belief::End::none, client, attempt};
}
inline Belief belief_ended(ClientId client, AttemptId attempt) {
  return {Belief::Phase::ended, Belief::End::released, client, attempt};
}

inline Work work_entered(ClientId client, AttemptId attempt) {
  return {Work::Phase::entered, client, attempt, 0, 0};
}
inline Work work_left(ClientId client, AttemptId attempt, std::uint32_t sent = 0,
                      std::uint32_t outstanding = 0) {
  return {Work::Phase::left, client, attempt, sent, outstanding};
}

inline Operation operation(Operation::Kind kind, Operation::Phase phase, ClientId client,
                           AttemptId attempt) {
  return {kind, phase, client, attempt, 0};
}
inline Operation acquire(Operation::Phase phase, ClientId client, AttemptId attempt) {
  return operation(Operation::Kind::acquire, phase, client, attempt);
}
inline Operation release(Operation::Phase phase, ClientId client, AttemptId attempt) {
  return operation(Operation::Kind::release, phase, client, attempt);
}

inline constexpr auto kInvoked = Operation::Phase::invoked;
inline constexpr auto kOk = Operation::Phase::ok;
inline constexpr auto kRefused = Operation::Phase::refused;
inline constexpr auto kIndeterminate = Operation::Phase::indeterminate;

inline ClientLife crashed(ClientId client) { return {ClientLife::Phase::crashed, client}; }
inline ClientLife started(ClientId client) { return {ClientLife::Phase::started, client}; }

inline Effect read(ClientId client, AttemptId attempt, std::uint64_t version) {
  Effect effect;
  effect.kind = Effect::Kind::read;
  effect.client = client;
  effect.attempt = attempt;
  effect.version = version;
  return effect;
}
/// A write that took the resource from `based_on`, as far as its client knew, to `version`.
inline Effect write(ClientId client, AttemptId attempt, std::uint64_t based_on,
                    std::uint64_t version) {
  Effect effect = read(client, attempt, version);
  effect.kind = Effect::Kind::write;
  effect.based_on = based_on;
  return effect;
}
inline Effect job_write(ClientId client, AttemptId attempt, std::uint64_t job) {
  Effect effect = write(client, attempt, 0, 0);
  effect.job = job;
  return effect;
}
inline Effect fenced(Effect effect) {
  effect.outcome = Effect::Outcome::fenced;
  return effect;
}

}  // namespace leasehold::checkers::testing
