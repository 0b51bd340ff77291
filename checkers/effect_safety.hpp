#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/attempt_table.hpp"
#include "checkers/record/record.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// What the workload says would harm its resource.
struct EffectRules {
  /// An effect of a grant was accepted after one of a later grant, be it a read or a write.
  bool stale = false;
  /// An accepted update was overwritten by one that was computed without having seen it.
  bool lost = false;
  /// One job was accepted from two grants, and not because the first one's client crashed at work.
  bool duplicate = false;
  /// The resource is a table with a row for each job: updates are lost row by row, and a notice of
  /// a row is stale when the row is not, or no more, as its attempt wrote it.
  bool rows = false;
};

struct EffectCounts {
  std::uint64_t accepted = 0;
  std::uint64_t stale = 0;              ///< effects
  std::uint64_t lost = 0;               ///< writes that overwrote an update they had not seen
  std::uint64_t duplicate = 0;          ///< jobs
  std::uint64_t fenced = 0;             ///< refused because of their token
  std::uint64_t would_be_fenced = 0;    ///< accepted, but full fencing would have refused them
  std::uint64_t accepted_attempts = 0;  ///< attempts of which an effect was accepted

  void merge(const EffectCounts& other);
};

/// An accepted effect that broke a rule, and the earlier one that makes it wrong.
struct EffectViolation {
  enum class Rule : std::uint8_t { stale, lost, duplicate };
  Rule rule{};
  Stamp at;
  Effect effect;
  Stamp earlier_at;
  AttemptId earlier_attempt = 0;
  ClientId earlier_client = 0;
};

struct EffectResult {
  Verdict verdict = Verdict::unknown;
  EffectCounts counts;  ///< a rule that does not apply counts nothing
  std::optional<EffectViolation> first;
};

/// Whether the protected resource came to harm. Grants are ordered by their beginning; an attempt
/// that is granted again after its grant was over counts from its later grant, and one that works
/// without ever having been granted anything from its work. Cost: a table lookup per Grant, Work
/// and Effect.
class EffectSafety {
 public:
  explicit EffectSafety(EffectRules rules) : rules_(rules) {}

  void observe(Stamp at, const Grant& grant);
  void observe(Stamp at, const Work& work);
  void observe(Stamp at, const Effect& effect);
  /// The attempt's work was cut short by a crash: another may do its jobs again.
  void crashed_at_work(AttemptId attempt);

  /// The result is valid until reset().
  const EffectResult& finish();
  [[nodiscard]] const EffectResult& result() const { return result_; }
  void reset();

 private:
  struct Attempt {
    std::uint32_t order = 0;  ///< of its grant among all, from 1; 0: not seen yet
    bool granted = false;
    bool accepted = false;
    bool crashed_at_work = false;
  };
  /// The effect that was accepted last in some respect.
  struct Accepted {
    Stamp at;
    AttemptId attempt = 0;
    ClientId client = 0;
  };
  /// What was written last, into the resource or into a row of it.
  struct Written {
    std::uint64_t version = 0;
    Accepted by;
  };
  struct Job {
    Accepted by;
    bool duplicate = false;
    Written row;
  };
  Attempt& ordered(AttemptId attempt);
  void check_job(Stamp at, const Effect& effect);
  void check_notice(Stamp at, const Effect& effect);
  void note(EffectViolation::Rule rule, Stamp at, const Effect& effect, const Accepted& earlier);

  EffectRules rules_;
  AttemptTable<Attempt> attempts_;
  AttemptTable<Job> jobs_;
  std::uint32_t grants_ = 0;        ///< that began, or works without one
  std::uint32_t latest_order_ = 0;  ///< the latest grant of which the resource accepted an effect
  Accepted latest_;
  Written whole_;  ///< the resource, unless it is a table of rows
  EffectResult result_;
};

inline EffectSafety::Attempt& EffectSafety::ordered(AttemptId attempt) {
  Attempt& known = attempts_[attempt];
  if (known.order == 0) known.order = ++grants_;
  return known;
}

inline void EffectSafety::observe(Stamp, const Work& work) {
  if (work.phase == Work::Phase::entered) ordered(work.attempt);
}

}  // namespace leasehold::checkers
