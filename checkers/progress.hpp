#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/by_client.hpp"
#include "checkers/record/record.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// Whether the lock can still come free once a run has ended with somebody wanting it. Only whoever
/// can see the pending timers and messages can tell; asked for if `Progress::starving()`.
struct Outlook {
  enum class Kind : std::uint8_t {
    unknown,
    stuck,  ///< nothing that is pending can free it
    slow,   ///< a timer will
  };
  Kind kind = Kind::unknown;
  std::int64_t free_at_ns = 0;  ///< slow: when, in true time
};

struct ProgressResult {
  /// `slow`: the lock came, or will come, but too late. `stuck`: it never will.
  enum class Starvation : std::uint8_t { none, undetermined, slow, stuck };

  Verdict verdict = Verdict::unknown;
  Starvation starvation = Starvation::none;
  std::int64_t since_ns = 0;    ///< when the first starvation that was too long began
  std::int64_t longest_ns = 0;  ///< the longest starvation of the healed phase
  Outlook outlook;              ///< as told at the end
};

/// Whether a healed world lets somebody have the lock in time. The lock *starves* its clients while
/// the world is healed, a live client has an acquire pending, and nobody works. An acquisition or a
/// work ends the starvation. While nobody has an acquire pending the clock stands still, but goes
/// on from where it was: a client that gives up and tries again has not been served. Violated when
/// it lasts longer than `within_ns`, or as soon as it is known never to end; unknown if no client
/// wanted the lock, or the healed phase was too short to tell.
class Progress {
 public:
  explicit Progress(std::int64_t within_ns) : within_ns_(within_ns) {}

  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const ClientLife& life);
  void observe(Stamp at, const RunPhase& phase);
  /// How many works are in progress, after a change. Exposed ones count.
  void observe_works(Stamp at, std::size_t in_progress);

  /// Whether the lock starves somebody now.
  [[nodiscard]] bool starving() const { return healed_ && waiting_ > 0 && !in_work_; }

  /// The result is valid until reset().
  const ProgressResult& finish(Stamp end_of_run, Outlook outlook);
  [[nodiscard]] const ProgressResult& result() const { return result_; }
  void reset();

 private:
  void wait(ClientId client, bool waits);
  void advance(Stamp at);
  void starve_until(std::int64_t at_ns);

  std::int64_t within_ns_;
  std::vector<std::uint8_t> waits_;  ///< by client: whether it has an acquire pending
  std::size_t waiting_ = 0;
  bool in_work_ = false;
  bool healed_ = false;
  bool wanted_ = false;  ///< since the world healed
  std::int64_t healed_at_ns_ = 0;
  std::int64_t now_ns_ = 0;
  std::int64_t starving_since_ns_ = 0;
  std::int64_t starved_ns_ = 0;
  ProgressResult result_;
};

/// Accounts for the time since the last change, in which nothing else has changed.
inline void Progress::advance(Stamp at) {
  if (starving()) starve_until(at.at_ns);
  now_ns_ = at.at_ns;
}

inline void Progress::wait(ClientId client, bool waits) {
  std::uint8_t& waited = of_client(waits_, client);
  waiting_ = waiting_ + (waits ? 1U : 0U) - waited;
  waited = waits ? 1 : 0;
  if (waits && healed_) wanted_ = true;
}

inline void Progress::observe(Stamp at, const Operation& operation) {
  if (operation.kind != Operation::Kind::acquire) return;
  advance(at);
  wait(operation.client, operation.phase == Operation::Phase::invoked);
  if (operation.phase == Operation::Phase::ok) starved_ns_ = 0;
}

inline void Progress::observe_works(Stamp at, std::size_t in_progress) {
  if (in_work_ == (in_progress > 0)) return;
  advance(at);
  in_work_ = in_progress > 0;
  if (in_work_) starved_ns_ = 0;
}

}  // namespace leasehold::checkers
