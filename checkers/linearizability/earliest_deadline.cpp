#include "checkers/linearizability/earliest_deadline.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;
using Deadline = std::pair<Position, std::size_t>;  // response, call
using Pending = std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>>;

class Sweep {
 public:
  Sweep(const LockHistory& history, std::uint32_t permits)
      : history_(history), permits_(permits), placed_(history.size(), false) {}

  void invoke(std::size_t call) {
    pending(history_[call].operation.kind).push({history_[call].responded, call});
  }

  std::vector<std::size_t> take_order() { return std::move(order_); }

  /// False if the call cannot have taken effect by now.
  bool respond(std::size_t call) {
    const Kind kind = history_[call].operation.kind;
    if (placed_[call]) return true;
    if (!enabled(kind) && !place_one(kind == Kind::acquire ? Kind::release : Kind::acquire)) {
      return false;
    }
    place(call);
    return true;
  }

 private:
  Pending& pending(Kind kind) { return kind == Kind::acquire ? acquires_ : releases_; }
  [[nodiscard]] bool enabled(Kind kind) const {
    return kind == Kind::acquire ? taken_ < permits_ : taken_ > 0;
  }
  void place(std::size_t call) {
    placed_[call] = true;
    order_.push_back(call);
    taken_ = history_[call].operation.kind == Kind::acquire ? taken_ + 1 : taken_ - 1;
  }
  bool place_one(Kind kind) {
    Pending& queue = pending(kind);
    while (!queue.empty()) {
      const std::size_t call = queue.top().second;
      queue.pop();
      if (placed_[call]) continue;
      place(call);
      return true;
    }
    return false;
  }

  const LockHistory& history_;
  std::uint32_t permits_;
  std::vector<bool> placed_;
  std::vector<std::size_t> order_;
  Pending acquires_;
  Pending releases_;
  std::uint32_t taken_ = 0;
};

}  // namespace

EarliestDeadlineResult judge_by_earliest_deadline(const LockHistory& history,
                                                  std::uint32_t permits) {
  LH_ASSERT(permits >= 1);
  struct Event {
    Position at;
    bool response;
    std::size_t call;
  };
  std::vector<Event> events;
  for (std::size_t call = 0; call < history.size(); ++call) {
    const Kind kind = history[call].operation.kind;
    LH_ASSERT(kind == Kind::acquire || kind == Kind::release);
    LH_ASSERT(!history[call].operation.refused);
    events.push_back({history[call].invoked, false, call});
    if (!history[call].indeterminate()) events.push_back({history[call].responded, true, call});
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.at < b.at; });
  Sweep sweep(history, permits);
  for (const Event& event : events) {
    if (!event.response) {
      sweep.invoke(event.call);
    } else if (!sweep.respond(event.call)) {
      return {Verdict::violated, event.call, {}};
    }
  }
  return {Verdict::holds, std::nullopt, sweep.take_order()};
}

}  // namespace leasehold::checkers
