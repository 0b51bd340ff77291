#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "checkers/effect_safety.hpp"
#include "checkers/formats/recorded_call.hpp"
#include "checkers/record/verdict.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// Two beliefs that were held at once.
struct BeliefOverlap {
  Place earlier;  ///< where the first client was told that it holds the lock
  Place later;
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

  [[nodiscard]] Verdict belief() const { return belief_; }
  [[nodiscard]] const std::optional<BeliefOverlap>& overlap() const { return overlap_; }
  [[nodiscard]] Verdict effect() const { return effect_; }
  [[nodiscard]] const std::optional<EffectBreak>& harm() const { return harm_; }

 private:
  using Owner = std::uint64_t;
  struct Belief {
    Owner client = 0;
    Position from = 0;
    Position to = kNever;
    std::optional<std::int64_t> from_ns;
    std::optional<std::int64_t> deadline_ns;
    Place place;
  };
  struct Change {
    Position at = 0;
    Owner owner = 0;
    Owner client = 0;
    bool begins = false;
    std::optional<std::int64_t> at_ns;
    std::optional<std::int64_t> deadline_ns;
    Place place;
  };
  Owner number(const RecordedEvent& fact, std::string_view key);
  void observe_life(const RecordedEvent& fact, Position at);
  void observe_effect(const RecordedEvent& fact, Position at);
  [[nodiscard]] std::vector<Belief> beliefs();

  LockReader reader_{LockReading{true, false, false, true}};
  std::vector<Change> told_;        ///< by the answers
  std::vector<Change> recorded_;    ///< by the facts
  std::map<Owner, Owner> at_work_;  ///< owner → client
  std::map<Position, Place> effects_at_;
  std::optional<EffectSafety> effects_;
  Verdict belief_ = Verdict::not_applicable;
  Verdict effect_ = Verdict::not_applicable;
  std::optional<BeliefOverlap> overlap_;
  std::optional<EffectBreak> harm_;
};

}  // namespace leasehold::checkers
