#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/histogram.hpp"
#include "checkers/record/record.hpp"
#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// An interval of one attempt that has begun: a grant, a belief or a work.
struct Interval {
  ClientId client = 0;
  AttemptId attempt = 0;
  Stamp begun;
};

/// Two intervals that were open at once.
struct Overlap {
  Interval earlier;
  Interval later;
  Stamp ended;           ///< where the first of the two ended, or the run
  bool run_out = false;  ///< it was the run that ended
};

struct ExclusionResult {
  Verdict verdict = Verdict::unknown;
  std::uint64_t pairs = 0;       ///< overlapping pairs of intervals
  std::optional<Overlap> first;  ///< the pair whose overlap began first
  Histogram overlap_ns;          ///< how long each pair overlapped
};

/// The one fold behind all three views of exclusion: which intervals of different parties were open
/// at once, and how long. Intervals are ordered by Stamp: one that begins after another ended does
/// not overlap it, even in the same nanosecond. REQUIRES: calls in the order of their stamps. Cost:
/// a scan over the open intervals, of which a working lock has one.
class OverlapFold {
 public:
  /// Who must not overlap. A client that works on in an old attempt while it begins a new one harms
  /// nobody else; a service that grants two attempts of one client has granted twice.
  enum class Party : std::uint8_t { client, attempt };

  explicit OverlapFold(Party party) : party_(party) {}

  /// Nothing happens if the attempt's interval is open already.
  void begin(Stamp at, ClientId client, AttemptId attempt);
  /// Nothing happens if the attempt has no open interval: its client's crash may have ended it.
  void end(Stamp at, AttemptId attempt);
  /// A crash ends what the client had open.
  void end_all_of(Stamp at, ClientId client);

  [[nodiscard]] const std::vector<Interval>& open() const { return open_; }

  /// `end_of_run` ends the intervals still open. The result is valid until reset().
  const ExclusionResult& finish(Stamp end_of_run);
  [[nodiscard]] const ExclusionResult& result() const { return result_; }
  void reset();

 private:
  [[nodiscard]] bool may_overlap(const Interval& a, const Interval& b) const;
  void close(std::size_t index, Stamp at, bool run_out);

  Party party_;
  std::vector<Interval> open_;  ///< in the order of their beginnings
  ExclusionResult result_;
  bool first_is_open_ = false;  ///< the first overlap has begun and not yet ended
};

}  // namespace leasehold::checkers
