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
  /// Of a work: its effects that were sent but not settled, as far as is known. How many were sent
  /// is known once the client has left; until then it is below zero.
  std::int32_t unsettled = 0;
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
  std::uint64_t pairs = 0;       ///< overlapping pairs of intervals, known at the end
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

  /// False, and nothing happens, if the attempt's interval is open already.
  bool begin(Stamp at, ClientId client, AttemptId attempt);
  /// Nothing happens if the attempt has no open interval: its client's crash may have ended it.
  void end(Stamp at, AttemptId attempt);
  /// A crash ends what the client had open.
  void end_all_of(Stamp at, ClientId client);

  [[nodiscard]] const std::vector<Interval>& open() const { return open_; }
  /// Its place in open(), or how many there are.
  [[nodiscard]] std::size_t find(AttemptId attempt) const;
  [[nodiscard]] std::int32_t& unsettled(std::size_t place) { return open_[place].unsettled; }
  /// Ends the interval at that place of open(); those after it move up.
  void close(std::size_t place, Stamp at, bool run_out = false);

  /// `end_of_run` ends the intervals still open. The result is valid until reset().
  const ExclusionResult& finish(Stamp end_of_run);
  [[nodiscard]] const ExclusionResult& result() const { return result_; }
  void reset();

 private:
  [[nodiscard]] bool harms(const Interval& a, const Interval& b) const;
  [[gnu::cold]] void look_for_first();
  [[gnu::cold]] void end_first(AttemptId closing, Stamp at, bool run_out);

  Party party_;
  std::vector<Interval> open_;  ///< in the order of their beginnings
  ExclusionResult result_;
  bool first_is_open_ = false;  ///< the first overlap has begun and not yet ended
};

[[gnu::always_inline]] inline bool OverlapFold::harms(const Interval& a, const Interval& b) const {
  return party_ == Party::attempt || a.client != b.client;
}

[[gnu::always_inline]] inline std::size_t OverlapFold::find(AttemptId attempt) const {
  std::size_t place = 0;
  while (place < open_.size() && open_[place].attempt != attempt) ++place;
  return place;
}

[[gnu::always_inline]] inline bool OverlapFold::begin(Stamp at, ClientId client,
                                                      AttemptId attempt) {
  if (find(attempt) < open_.size()) return false;
  open_.push_back({client, 0, attempt, at});
  if (open_.size() > 1 && !result_.first) look_for_first();
  return true;
}

[[gnu::always_inline]] inline void OverlapFold::end(Stamp at, AttemptId attempt) {
  const std::size_t place = find(attempt);
  if (place < open_.size()) close(place, at);
}

// A pair is counted when the first of the two ends. It has overlapped since the later one began:
// with all that were open before the closing one, equally long.
[[gnu::always_inline]] inline void OverlapFold::close(std::size_t place, Stamp at, bool run_out) {
  const Interval closing = open_[place];
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < place; ++i) before += harms(open_[i], closing) ? 1 : 0;
  if (before > 0) result_.overlap_ns.record(at.at_ns - closing.begun.at_ns, before);
  for (std::size_t i = place + 1; i < open_.size(); ++i) {
    const Interval& later = open_[i];
    if (harms(later, closing)) result_.overlap_ns.record(at.at_ns - later.begun.at_ns);
    open_[i - 1] = later;
  }
  open_.pop_back();
  if (first_is_open_) end_first(closing.attempt, at, run_out);
}

}  // namespace leasehold::checkers
