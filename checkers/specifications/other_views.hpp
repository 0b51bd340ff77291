#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "checkers/effect_safety.hpp"
#include "checkers/formats/recorded_call.hpp"
#include "checkers/record/verdict.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// Two beliefs that were held at once.
struct BeliefOverlap {
  std::uint64_t earlier_line = 0;  ///< where the first client was told that it holds the lock
  std::uint64_t later_line = 0;
};

struct EffectBreak {
  EffectViolation::Rule rule{};
  Place at;
};

/// What a lock's history says beside the service's answers: whether two clients believed to hold
/// the lock at once, and whether the resource that it protects came to harm. A client believes from
/// the answer to its acquire until it asks for the release, its own deadline has passed
/// (`:deadline_ns` of the answer) or, where the history has recorded beliefs, as these say. Effects
/// can only be judged where they are recorded: see docs/histories.md.
class OtherViews {
 public:
  void observe(const RecordedCall& call);
  void observe_fact(const RecordedEvent& fact, Position at);
  void finish();

  [[nodiscard]] std::size_t bytes() const;

  [[nodiscard]] Verdict belief() const { return belief_; }
  [[nodiscard]] const std::optional<BeliefOverlap>& overlap() const { return overlap_; }
  [[nodiscard]] Verdict effect() const { return effect_; }
  [[nodiscard]] const std::optional<EffectBreak>& harm() const { return harm_; }

 private:
  using Owner = OwnerId;
  /// A belief begins, or ends; without an owner, all of the client do. There is one for every call.
  struct Change {
    Position at = 0;
    Owner owner = 0;
    Owner client = 0;
    std::uint32_t line = 0;
    bool begins = false;
  };
  /// When a client was told that it holds the lock, and until when.
  struct Lease {
    Position at = 0;
    std::optional<std::int64_t> from_ns;
    std::optional<std::int64_t> deadline_ns;
  };
  struct Belief {
    Change begun;
    const Lease* lease = nullptr;
  };
  Owner number(const RecordedEvent& fact, std::string_view key);
  void observe_answer(const RecordedCall& call, Owner owner, bool renewed);
  void observe_life(const RecordedEvent& fact, Position at);
  void observe_effect(const RecordedEvent& fact, Position at);
  void record(const RecordedEvent& fact, Position at, Owner owner, bool begins);
  void compare_beliefs();
  [[nodiscard]] const Lease* lease_at(Position at) const;

  LockReader reader_{LockReading{true, false, false, true}};
  bool stated_ = false;             ///< beliefs are facts, not what follows from the answers
  std::deque<Change> changes_;      ///< in about the order of their positions
  std::deque<Lease> leases_;        ///< from the first that has a deadline, in their order
  std::map<Owner, Owner> at_work_;  ///< owner → client
  std::map<Position, Place> effects_at_;
  std::optional<EffectSafety> effects_;
  Verdict belief_ = Verdict::not_applicable;
  Verdict effect_ = Verdict::not_applicable;
  std::optional<BeliefOverlap> overlap_;
  std::optional<EffectBreak> harm_;
};

}  // namespace leasehold::checkers
