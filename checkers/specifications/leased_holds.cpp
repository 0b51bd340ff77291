#include "checkers/specifications/leased_holds.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;
using Operation = LeasedMutex::Operation;
using Nanoseconds = LeasedMutex::Nanoseconds;
using LeasedCall = Call<Operation>;
using CallIndex = std::uint32_t;

constexpr CallIndex kNone = std::numeric_limits<CallIndex>::max();

/// A place in time, and among what happened then. Where a lease runs out comes before all events of
/// that time.
struct Point {
  Nanoseconds at_ns = std::numeric_limits<Nanoseconds>::min();
  Position at = 0;
  friend auto operator<=>(const Point&, const Point&) = default;
};

constexpr Point kNoPoint = {LeasedMutex::kForever, kNever};

Point invocation(const LeasedCall& call) { return {call.operation.invoked_ns, call.invoked}; }
Point response(const LeasedCall& call) { return {call.operation.responded_ns, call.responded}; }

/// What the calls of a grant say of it.
struct Hold {
  CallIndex acquired_by = kNone;   ///< kNone: nothing that was answered
  CallIndex ended_by = kNone;      ///< the first release, or the service
  CallIndex renewed_by = kNone;    ///< last
  CallIndex prolonged_by = kNone;  ///< the renewal with the latest deadline
  bool lost = false;               ///< an acquire of it was not answered
  Point ended = kNoPoint;
  Point renewed;
  Nanoseconds renewed_until_ns = std::numeric_limits<Nanoseconds>::min();
};

class LeasedHolds {
 public:
  explicit LeasedHolds(const LeasedHistory& calls) : calls_(calls) {}

  LeasedHoldsResult judge() {
    LeasedHoldsResult result;
    if (!read_acquires() || !read_others()) return result;
    result.contradiction = impossible_renewal();
    result.by_renewal = !result.contradiction.empty();
    if (result.by_renewal) result.verdict = Verdict::violated;
    if (result.by_renewal || !renewals_lie_within()) return result;
    sort_holds();
    const std::size_t late = begin_each_at_once();
    result.bytes = holds_.capacity() * sizeof(Hold) + begins_.capacity() * sizeof(Point) +
                   calls_.size() * sizeof(Placing);
    if (late == holds_.size()) {
      result.verdict = Verdict::holds;
      result.order = order();
    } else if (all_definite()) {
      result.verdict = Verdict::violated;
      result.contradiction = calls_of(too_many_up_to(late));
    } else if (const auto overlap = definite_overlap()) {
      result.verdict = Verdict::violated;
      result.contradiction = calls_of({overlap->first, overlap->second});
    }
    return result;
  }

 private:
  struct Placing {
    Point at;
    CallIndex turn;  ///< 0, or of acquires which hold it is, from 1
    CallIndex call;
    friend auto operator<=>(const Placing&, const Placing&) = default;
  };

  bool read_acquires() {
    std::uint64_t grants = 0;
    for (const LeasedCall& call : calls_) grants = std::max(grants, call.operation.grant);
    holds_.resize(grants + 1);
    for (CallIndex i = 0; i < calls_.size(); ++i) {
      const LeasedCall& call = calls_[i];
      if (call.operation.kind != Kind::acquire) continue;
      Hold& hold = holds_[call.operation.grant];
      hold.lost = hold.lost || call.indeterminate();
      if (!call.indeterminate() && std::exchange(hold.acquired_by, i) != kNone) return false;
    }
    return true;
  }

  bool read_others() {
    for (CallIndex i = 0; i < calls_.size(); ++i) {
      const LeasedCall& call = calls_[i];
      if (call.operation.kind == Kind::acquire) continue;
      Hold& hold = holds_[call.operation.grant];
      const bool acquired = hold.acquired_by != kNone;
      if (call.operation.refused) return false;
      if (acquired && call.invoked < calls_[hold.acquired_by].responded) return false;
      if (call.operation.kind == Kind::renew) {
        renew(hold, i);
      } else if (acquired && invocation(call) < hold.ended) {
        hold.ended = invocation(call);
        hold.ended_by = i;
      }
    }
    return true;
  }

  void renew(Hold& hold, CallIndex index) {
    const LeasedCall& call = calls_[index];
    if (hold.renewed_by == kNone || hold.renewed < invocation(call)) {
      hold.renewed = invocation(call);
      hold.renewed_by = index;
    }
    const Nanoseconds until = LeasedMutex::deadline(call.operation.invoked_ns, call.operation);
    if (hold.prolonged_by == kNone || hold.renewed_until_ns < until) {
      hold.renewed_until_ns = until;
      hold.prolonged_by = index;
    }
  }

  /// A renewal of what was never acquired, or after its end; empty if there is none.
  [[nodiscard]] std::vector<std::size_t> impossible_renewal() const {
    for (const Hold& hold : holds_) {
      if (hold.renewed_by == kNone) continue;
      if (hold.acquired_by == kNone && !hold.lost) return {hold.renewed_by};
      const bool over = hold.ended_by != kNone &&
                        calls_[hold.ended_by].responded < calls_[hold.renewed_by].invoked;
      if (over) return {hold.acquired_by, hold.ended_by, hold.renewed_by};
    }
    return {};
  }
  [[nodiscard]] bool renewals_lie_within() const {
    return std::all_of(holds_.begin(), holds_.end(), [](const Hold& hold) {
      if (hold.renewed_by == kNone) return true;
      return hold.acquired_by != kNone && hold.renewed < hold.ended;
    });
  }

  /// From here on only grants that were told of, in the order of the answers.
  void sort_holds() {
    std::erase_if(holds_, [](const Hold& hold) { return hold.acquired_by == kNone; });
    std::sort(holds_.begin(), holds_.end(), [this](const Hold& a, const Hold& b) {
      return acquire(a).responded < acquire(b).responded;
    });
  }

  [[nodiscard]] const LeasedCall& acquire(const Hold& hold) const {
    return calls_[hold.acquired_by];
  }

  /// How soon it may end if it begins there.
  [[nodiscard]] Point end(const Hold& hold, Point begin) const {
    const Nanoseconds deadline = LeasedMutex::deadline(begin.at_ns, acquire(hold).operation);
    const Point expiry{std::max(deadline, hold.renewed_until_ns), 0};
    if (expiry.at_ns == LeasedMutex::kForever) return hold.ended;
    return std::min(hold.ended, std::max({expiry, begin, hold.renewed}));
  }
  [[nodiscard]] Point earliest_end(const Hold& hold) const {
    return end(hold, invocation(acquire(hold)));
  }
  [[nodiscard]] bool is_definite(const Hold& hold) const {
    return response(acquire(hold)) < earliest_end(hold);
  }
  [[nodiscard]] bool all_definite() const {
    return std::all_of(holds_.begin(), holds_.end(),
                       [this](const Hold& hold) { return is_definite(hold); });
  }

  /// The first hold that cannot begin in time; their number if there is none.
  std::size_t begin_each_at_once() {
    begins_.reserve(holds_.size());
    Point free;
    for (std::size_t i = 0; i < holds_.size(); ++i) {
      const Point begin = std::max(free, invocation(acquire(holds_[i])));
      if (begin > response(acquire(holds_[i]))) return i;
      begins_.push_back(begin);
      free = end(holds_[i], begin);
    }
    return holds_.size();
  }

  /// The holds from where the delay began to the one that is late; two, if these are enough.
  [[nodiscard]] std::vector<std::size_t> too_many_up_to(std::size_t late) const {
    std::size_t first = late - 1;
    if (earliest_end(holds_[first]) <= response(acquire(holds_[late]))) {
      while (begins_[first] > invocation(acquire(holds_[first]))) --first;
    }
    std::vector<std::size_t> holds(late + 1 - first);
    std::iota(holds.begin(), holds.end(), first);
    return holds;
  }

  /// Two neighbours among the definite holds.
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> definite_overlap() const {
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < holds_.size(); ++i) {
      if (!is_definite(holds_[i])) continue;
      if (before && earliest_end(holds_[*before]) > response(acquire(holds_[i]))) {
        return std::pair(*before, i);
      }
      before = i;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::vector<std::size_t> calls_of(const std::vector<std::size_t>& holds) const {
    std::vector<std::size_t> calls;
    for (const std::size_t i : holds) {
      const Hold& hold = holds_[i];
      calls.push_back(hold.acquired_by);
      if (hold.prolonged_by != hold.renewed_by) calls.push_back(hold.prolonged_by);
      if (hold.renewed_by != kNone) calls.push_back(hold.renewed_by);
      if (hold.ended_by != kNone) calls.push_back(hold.ended_by);
    }
    return calls;
  }

  /// Acquires where they begin, all others where they were asked for.
  [[nodiscard]] std::vector<std::size_t> order() const {
    std::vector<Placing> placings;
    placings.reserve(calls_.size());
    for (CallIndex i = 0; i < holds_.size(); ++i) {
      placings.push_back({begins_[i], i + 1, holds_[i].acquired_by});
      if (holds_[i].ended_by != kNone) placings.push_back({holds_[i].ended, 0, holds_[i].ended_by});
    }
    for (CallIndex i = 0; i < calls_.size(); ++i) {
      if (calls_[i].operation.kind == Kind::acquire || calls_[i].indeterminate()) continue;
      placings.push_back({invocation(calls_[i]), 0, i});
    }
    std::sort(placings.begin(), placings.end());
    placings.erase(std::unique(placings.begin(), placings.end()), placings.end());
    std::vector<std::size_t> calls;
    calls.reserve(placings.size());
    for (const Placing& placing : placings) calls.push_back(placing.call);
    return calls;
  }

  const LeasedHistory& calls_;
  std::vector<Hold> holds_;    ///< by grant, then in the order of the answers
  std::vector<Point> begins_;  ///< of the holds, those that begin in time
};

}  // namespace

LeasedHistory settle_leases(LeasedHistory calls) {
  std::vector<std::pair<Position, Nanoseconds*>> times;
  times.reserve(2 * calls.size());
  std::uint64_t owners = 0;
  for (LeasedCall& call : calls) {
    times.emplace_back(call.invoked, &call.operation.invoked_ns);
    if (!call.indeterminate()) times.emplace_back(call.responded, &call.operation.responded_ns);
    owners = std::max(owners, call.operation.grant);
  }
  std::sort(times.begin(), times.end());
  Nanoseconds latest = std::numeric_limits<Nanoseconds>::min();
  for (const auto& [at, time] : times) latest = *time = std::max(latest, *time);

  std::vector<std::uint64_t> grants(owners + 1, 0);  // the latest that each owner asked for
  std::uint64_t grant = 0;
  for (const CallIndex i : in_order(calls, [](const LeasedCall& call) { return call.invoked; })) {
    std::uint64_t& number = calls[i].operation.grant;
    std::uint64_t& latest_grant = grants[number];
    if (latest_grant == 0 || calls[i].operation.kind == Kind::acquire) latest_grant = ++grant;
    number = latest_grant;
  }
  return calls;
}

LeasedHoldsResult judge_leased_holds(const LeasedHistory& calls) {
  LH_ASSERT(calls.size() < kNone);
  return LeasedHolds(calls).judge();
}

}  // namespace leasehold::checkers
