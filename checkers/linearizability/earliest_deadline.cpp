#include "checkers/linearizability/earliest_deadline.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "checkers/linearizability/invocation_order.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;
using CallIndex = std::uint32_t;
using Deadline = std::pair<Position, CallIndex>;  // response, call

/// Calls by their responses, the earliest first; those without a response come last and cost less.
class Pending {
 public:
  void push(Deadline call) {
    if (call.first == kNever) {
      lost_.push_back(call.second);
      return;
    }
    answered_.push_back(call);
    std::push_heap(answered_.begin(), answered_.end(), std::greater<>());
  }
  [[nodiscard]] bool empty() const { return answered_.empty() && lost_.empty(); }
  [[nodiscard]] Position first() const { return answered_.empty() ? kNever : answered_[0].first; }
  CallIndex pop() {
    if (answered_.empty()) {
      const CallIndex call = lost_.back();
      lost_.pop_back();
      return call;
    }
    std::pop_heap(answered_.begin(), answered_.end(), std::greater<>());
    const CallIndex call = answered_.back().second;
    answered_.pop_back();
    return call;
  }
  [[nodiscard]] std::size_t bytes() const {
    return answered_.capacity() * sizeof(Deadline) + lost_.capacity() * sizeof(CallIndex);
  }

 private:
  std::vector<Deadline> answered_;  ///< a heap
  std::vector<CallIndex> lost_;
};

class Sweep {
 public:
  Sweep(const LockHistory& history, std::uint32_t permits)
      : history_(history), permits_(permits), placed_(history.size(), false) {
    order_.reserve(history.size());
  }

  void invoke(CallIndex call) {
    const Position responded = history_[call].responded;
    pending(history_[call].operation.kind).push({responded, call});
    if (responded != kNever) open_.push({responded, call});
  }

  /// Lets all respond that do so before; the call that cannot have taken effect by then, if any.
  std::optional<std::size_t> respond_before(Position position) {
    while (open_.first() < position) {
      const CallIndex call = open_.pop();
      if (!respond(call)) return call;
    }
    return std::nullopt;
  }

  EarliestDeadlineResult conclude(std::optional<std::size_t> late) {
    EarliestDeadlineResult result;
    result.verdict = late ? Verdict::violated : Verdict::holds;
    result.late = late;
    result.bytes = open_.bytes() + acquires_.bytes() + releases_.bytes() + placed_.capacity() / 8 +
                   order_.capacity() * sizeof(std::size_t);
    if (!late) result.order = std::move(order_);
    return result;
  }

 private:
  Pending& pending(Kind kind) { return kind == Kind::acquire ? acquires_ : releases_; }
  [[nodiscard]] bool enabled(Kind kind) const {
    return kind == Kind::acquire ? taken_ < permits_ : taken_ > 0;
  }
  bool respond(std::size_t call) {
    if (placed_[call]) return true;
    const Kind kind = history_[call].operation.kind;
    // Whatever responded earlier is gone from its queue.
    LH_ASSERT(pending(kind).pop() == call);
    if (!enabled(kind) && !place_one(kind == Kind::acquire ? Kind::release : Kind::acquire)) {
      return false;
    }
    place(call);
    return true;
  }
  void place(std::size_t call) {
    placed_[call] = true;
    order_.push_back(call);
    taken_ = history_[call].operation.kind == Kind::acquire ? taken_ + 1 : taken_ - 1;
  }
  bool place_one(Kind kind) {
    if (pending(kind).empty()) return false;
    place(pending(kind).pop());
    return true;
  }

  const LockHistory& history_;
  std::uint32_t permits_;
  std::vector<bool> placed_;
  std::vector<std::size_t> order_;
  Pending open_;  ///< all that will respond
  Pending acquires_;
  Pending releases_;
  std::uint32_t taken_ = 0;
};

}  // namespace

EarliestDeadlineResult judge_by_earliest_deadline(const LockHistory& history,
                                                  std::uint32_t permits) {
  LH_ASSERT(permits >= 1);
  Sweep sweep(history, permits);
  const auto invoke = [&](CallIndex call) {
    const Kind kind = history[call].operation.kind;
    LH_ASSERT(kind == Kind::acquire || kind == Kind::release);
    LH_ASSERT(!history[call].operation.refused);
    const std::optional<std::size_t> late = sweep.respond_before(history[call].invoked);
    if (!late) sweep.invoke(call);
    return late;
  };
  std::optional<std::size_t> late;
  if (std::is_sorted(history.begin(), history.end(),
                     [&](const LockCall& a, const LockCall& b) { return a.invoked < b.invoked; })) {
    for (CallIndex i = 0; i < history.size() && !late; ++i) late = invoke(i);
  } else {
    const std::vector<CallIndex> order = by_invocation(history);
    for (CallIndex i = 0; i < order.size() && !late; ++i) late = invoke(order[i]);
  }
  if (!late) late = sweep.respond_before(kNever);
  return sweep.conclude(late);
}

}  // namespace leasehold::checkers
