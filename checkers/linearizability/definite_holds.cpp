#include "checkers/linearizability/definite_holds.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;

/// Where a call counts when the calls of its owner are read in order.
Position counts_at(const LockCall& call) {
  const bool acquired = call.operation.kind == Kind::acquire && !call.indeterminate();
  return acquired ? call.responded : call.invoked;
}

}  // namespace

DefiniteHolds::DefiniteHolds(OwnerRules rules, std::uint32_t permits)
    : rules_(rules), permits_(permits) {
  LH_ASSERT(rules.reentrancy >= 1);
  LH_ASSERT(permits >= 1);
  LH_ASSERT((rules.reentrancy > 1 ? 1 : 0) + (rules.fenced ? 1 : 0) + (permits > 1 ? 1 : 0) <= 1);
}

HoldsResult DefiniteHolds::judge(const LockHistory& history) {
  holds_.clear();
  refusals_.clear();
  first_ghost_ = kNever;
  result_ = {Verdict::holds, {}};
  read_owners(history);
  if (result_.verdict != Verdict::holds) return std::move(result_);
  std::sort(holds_.begin(), holds_.end(),
            [](const Hold& a, const Hold& b) { return a.from < b.from; });
  if (permits_ == 1) {
    compare_neighbours(history);
  } else {
    count_permits();
  }
  if (rules_.strict_try && result_.verdict == Verdict::holds) try_refusals(history);
  return std::move(result_);
}

void DefiniteHolds::read_owners(const LockHistory& history) {
  std::vector<std::size_t> order(history.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(history[a].operation.owner, counts_at(history[a]), history[a].invoked) <
           std::tuple(history[b].operation.owner, counts_at(history[b]), history[b].invoked);
  });
  owner_ = {};
  for (const std::size_t index : order) {
    if (history[index].operation.owner != owner_.id) {
      leave_open();
      owner_ = {};
      owner_.id = history[index].operation.owner;
    }
    if (!read(index, history[index])) return;
  }
  leave_open();
}

bool DefiniteHolds::read(std::size_t index, const LockCall& call) {
  if (call.operation.kind == Kind::ended) {
    if (rules_.strict_try || permits_ > 1) return unknown();
    end_holds(index, call.invoked);
    owner_.ended = call.invoked;
    return true;
  }
  if (owner_.vanished || call.invoked < owner_.responded) return unknown();
  owner_.responded = call.indeterminate() ? call.invoked : call.responded;
  switch (call.operation.kind) {
    case Kind::acquire:
      return acquire(index, call);
    case Kind::release:
      return release(index, call);
    default:
      break;
  }
  return call.indeterminate() || !owner_.open.empty() || contradict({index});
}

bool DefiniteHolds::acquire(std::size_t index, const LockCall& call) {
  if (call.operation.refused) {
    refusals_.push_back(index);
    return true;
  }
  if (call.indeterminate()) {
    owner_.vanished = true;
    first_ghost_ = std::min(first_ghost_, call.invoked);
    return true;
  }
  if (owner_.ended > call.invoked) return unknown();
  if (permits_ == 1 && owner_.open.size() == rules_.reentrancy) {
    std::vector<std::size_t> calls;
    for (const Hold& hold : owner_.open) calls.push_back(hold.acquired_by);
    calls.push_back(index);
    return contradict(std::move(calls));
  }
  owner_.open.push_back({call.responded, kNever, kNever, index, 0});
  return true;
}

bool DefiniteHolds::release(std::size_t index, const LockCall& call) {
  if (call.operation.refused) {
    return owner_.open.empty() || contradict({owner_.open.back().acquired_by, index});
  }
  owner_.vanished = call.indeterminate();
  if (owner_.open.empty()) {
    const bool allowed = call.indeterminate() || rules_.release_of_nothing_succeeds;
    return allowed || contradict({index});
  }
  Hold hold = owner_.open.back();
  owner_.open.pop_back();
  hold.to = call.invoked;
  hold.latest_end = call.responded;
  hold.ended_by = index;
  // Within a reentrant hold only the outermost acquire and release are seen by the others.
  if (permits_ > 1 || owner_.open.empty()) holds_.push_back(hold);
  return true;
}

void DefiniteHolds::end_holds(std::size_t index, Position at) {
  if (owner_.open.empty()) return;
  Hold hold = owner_.open.front();
  hold.to = at;
  hold.latest_end = at;
  hold.ended_by = index;
  holds_.push_back(hold);
  owner_.open.clear();
}

void DefiniteHolds::leave_open() {
  if (owner_.open.empty()) return;
  if (permits_ == 1) owner_.open.resize(1);
  holds_.insert(holds_.end(), owner_.open.begin(), owner_.open.end());
}

void DefiniteHolds::compare_neighbours(const LockHistory& history) {
  const Hold* tokened = nullptr;
  for (std::size_t i = 0; i < holds_.size(); ++i) {
    const Hold& hold = holds_[i];
    const Hold* contradicted = i > 0 && hold.from < holds_[i - 1].to ? &holds_[i - 1] : nullptr;
    const Token token = history[hold.acquired_by].operation.token;
    if (rules_.fenced && token != 0) {
      if (tokened != nullptr && token <= history[tokened->acquired_by].operation.token) {
        contradicted = tokened;
      }
      tokened = &hold;
    }
    if (contradicted == nullptr) continue;
    std::vector<std::size_t> calls;
    add(*contradicted, calls);
    add(hold, calls);
    contradict(std::move(calls));
    return;
  }
}

void DefiniteHolds::count_permits() {
  std::vector<const Hold*> open;
  for (const Hold& hold : holds_) {
    std::erase_if(open, [&](const Hold* other) { return other->to < hold.from; });
    open.push_back(&hold);
    if (open.size() <= permits_) continue;
    std::vector<std::size_t> calls;
    for (const Hold* held : open) add(*held, calls);
    contradict(std::move(calls));
    return;
  }
}

// Between two definite holds the earlier one may last until its release has responded and the later
// one may begin when its acquire was invoked; both may be had in full at once. After the last one,
// an indeterminate acquire may have taken the lock for good.
void DefiniteHolds::try_refusals(const LockHistory& history) {
  for (const std::size_t refusal : refusals_) {
    const LockCall& call = history[refusal];
    const Position after_all = holds_.empty() ? 0 : holds_.back().to;
    bool met = first_ghost_ != kNever && call.responded > std::max(first_ghost_, after_all);
    for (std::size_t i = 0; i < holds_.size() && !met; ++i) {
      const Position earliest = history[holds_[i].acquired_by].invoked;
      const Position from = i == 0 ? earliest : std::max(earliest, holds_[i - 1].to);
      const Position next = i + 1 == holds_.size() ? kNever : holds_[i + 1].from;
      const Position to = std::min(holds_[i].latest_end, next);
      met = call.invoked < to && from < call.responded;
    }
    if (!met) {
      contradict({refusal});
      return;
    }
  }
}

bool DefiniteHolds::unknown() {
  result_ = {Verdict::unknown, {}};
  return false;
}

bool DefiniteHolds::contradict(std::vector<std::size_t> calls) {
  result_ = {Verdict::violated, std::move(calls)};
  return false;
}

void DefiniteHolds::add(const Hold& hold, std::vector<std::size_t>& calls) {
  calls.push_back(hold.acquired_by);
  if (hold.to != kNever) calls.push_back(hold.ended_by);
}

}  // namespace leasehold::checkers
