#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "scenarios/shrink/shrink.hpp"

namespace leasehold::scenarios::shrinking {

/// A run that might do instead of a larger one.
struct Candidate {
  Scenario scenario;
  RunPlan plan;

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// What became of a round.
struct RoundTimes {
  std::int64_t asked_ns = kNever;  ///< for the lock
  std::int64_t got_ns = kNever;
};

/// What was seen of a run.
struct Sighting {
  RunSize size;
  std::vector<std::vector<RoundTimes>> rounds;  ///< by client
  std::vector<std::int64_t> bound_ns;           ///< by fault
  std::int64_t last_deed_ns = 0;                ///< when a client or the resource last did
};

/// What the clients of a candidate do.
enum class Basis : std::uint8_t {
  rounds,      ///< what is planned, of which some can be spared
  to_the_end,  ///< what they draw, for as long as it lasts
};

/// Runs candidates and keeps the last that still violates the property.
///
/// `frequency` is violated by jobs that run too soon, or too late. Clients without a round left run
/// none: that it comes too late is then the doing of whoever took the rounds away. So by rounds
/// only what runs too soon counts; a job that comes late is looked at with clients that try to the
/// end.
class Trials {
 public:
  Trials(const Cell& cell, std::uint64_t seed, checkers::Property property, Basis basis,
         const ShrinkOptions& options);
  Trials(const Trials&) = delete;
  Trials& operator=(const Trials&) = delete;

  /// Whether the candidate is another than the best so far and violates the property too: then it
  /// is the best from now on. Never after the last run.
  bool accept(Candidate candidate);

  /// REQUIRES: one was accepted.
  [[nodiscard]] const Candidate& best() const { return best_; }
  [[nodiscard]] const Sighting& seen() const { return seen_; }
  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  [[nodiscard]] checkers::Property property() const { return property_; }
  /// Why no more runs are to be made, if so.
  [[nodiscard]] std::optional<Shrunk::End> over() const;

 private:
  [[nodiscard]] bool violates(const Candidate& candidate, Sighting& seen);
  [[nodiscard]] bool is_violated(const checkers::RunChecker& checker) const;

  Cell cell_;
  std::uint64_t seed_;
  checkers::Property property_;
  Basis basis_;
  const ShrinkOptions& options_;
  Scenario staged_;  ///< what the runner's cell points at
  std::optional<Runner> runner_;
  WorkloadPlan taken_;  ///< by the clients of the last run
  std::uint64_t runs_ = 0;
  bool accepted_ = false;  ///< any; before that no budget is kept
  Candidate best_;
  Sighting seen_;
};

}  // namespace leasehold::scenarios::shrinking
