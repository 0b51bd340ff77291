#include "checkers/linearizability/definite_holds.hpp"

#include <algorithm>
#include <utility>

#include "checkers/linearizability/invocation_order.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

using Kind = LockOperation::Kind;

namespace {

/// Whether reading the calls as they stand reads those of each owner in order: they follow one
/// another, unless the service ends a hold while its owner acquires.
bool stands_in_order(const LockHistory& history) {
  Position latest = 0;
  for (const LockCall& call : history) {
    if (call.invoked < latest || call.operation.kind == Kind::ended) return false;
    latest = call.invoked;
  }
  return true;
}

/// Whether the owner ever has two calls open at once, be it after what was read so far.
bool has_two_open(const LockHistory& history, OwnerId owner) {
  std::vector<std::pair<Position, Position>> spans;
  for (const LockCall& call : history) {
    if (call.operation.owner != owner || call.operation.kind == Kind::ended) continue;
    spans.emplace_back(call.invoked, call.indeterminate() ? call.invoked : call.responded);
  }
  std::sort(spans.begin(), spans.end());
  return std::adjacent_find(spans.begin(), spans.end(), [](const auto& a, const auto& b) {
           return b.first < a.second;
         }) != spans.end();
}

std::vector<std::uint32_t> reading_order(const LockHistory& history) {
  const bool ends = std::any_of(history.begin(), history.end(), [](const LockCall& call) {
    return call.operation.kind == Kind::ended;
  });
  if (!ends) return by_invocation(history);
  return in_order(history, [](const LockCall& call) {
    const bool acquired = call.operation.kind == Kind::acquire && !call.indeterminate();
    return acquired ? call.responded : call.invoked;
  });
}

}  // namespace

DefiniteHolds::DefiniteHolds(OwnerRules rules, std::uint32_t permits)
    : rules_(rules), permits_(permits) {
  LH_ASSERT(rules.reentrancy >= 1);
  LH_ASSERT(permits >= 1);
  LH_ASSERT((rules.reentrancy > 1 ? 1 : 0) + (rules.fenced ? 1 : 0) + (permits > 1 ? 1 : 0) <= 1);
}

HoldsResult DefiniteHolds::judge(const LockHistory& history) {
  LH_ASSERT(history.size() < kNone);
  history_ = &history;
  if (!hold_after_hold()) {
    keeps_ = true;
    clear();
    read_calls();
    if (result_.verdict == Verdict::holds) compare_holds();
    if (rules_.strict_try && result_.verdict == Verdict::holds) try_refusals();
  }
  result_.bytes = bytes();
  return std::move(result_);
}

void DefiniteHolds::clear() {
  in_turn_ = true;
  latest_to_ = 0;
  latest_token_ = 0;
  owners_.clear();
  open_.clear();
  free_open_ = kNone;
  definite_.clear();
  others_.clear();
  refusals_.clear();
  first_ghost_ = kNever;
  doubt_.reset();
  result_ = {Verdict::holds, {}, 0};
}

std::size_t DefiniteHolds::bytes() const {
  return owners_.capacity() * sizeof(Owner) + open_.capacity() * sizeof(Open) +
         (definite_.capacity() + others_.capacity()) * sizeof(Hold) +
         refusals_.capacity() * sizeof(CallIndex);
}

/// Whether one look is enough, as it is at most histories that hold.
bool DefiniteHolds::hold_after_hold() {
  keeps_ = false;
  clear();
  if (rules_.strict_try || permits_ > 1) return false;
  read_calls();
  return in_turn_ && !doubt_ && result_.verdict == Verdict::holds;
}

void DefiniteHolds::read_calls() {
  const auto count = static_cast<CallIndex>(history_->size());
  bool more = true;
  if (stands_in_order(*history_)) {
    for (CallIndex i = 0; i < count && more; ++i) more = read(i);
  } else {
    const std::vector<CallIndex> order = reading_order(*history_);
    for (CallIndex i = 0; i < count && more; ++i) more = read(order[i]);
  }
  if (!more) return;
  for (Owner& owner : owners_) leave_open(owner);
}

bool DefiniteHolds::read(CallIndex index) {
  const LockCall& read = call(index);
  if (read.operation.owner >= owners_.size()) owners_.resize(read.operation.owner + 1);
  Owner& owner = owners_[read.operation.owner];
  if (read.operation.kind == Kind::ended) {
    if (rules_.strict_try || permits_ > 1) return unknown();
    end_holds(owner, index);
    owner.ended = read.invoked;
    return true;
  }
  if (read.invoked < owner.responded) return unknown();
  const bool went_on = owner.lost_acquire || owner.lost_release;
  if (went_on && rules_.strict_try) return unknown();
  owner.responded = read.indeterminate() ? read.invoked : read.responded;
  switch (read.operation.kind) {
    case Kind::acquire:
      return acquire(owner, index);
    case Kind::release:
      return release(owner, index);
    default:
      break;
  }
  return read.indeterminate() || owner.depth > 0 || contradict({index}, !went_on);
}

bool DefiniteHolds::acquire(Owner& owner, CallIndex index) {
  const LockCall& acquire = call(index);
  if (acquire.operation.refused) {
    refusals_.push_back(index);
    return true;
  }
  if (acquire.indeterminate()) {
    owner.lost_acquire = true;
    first_ghost_ = std::min(first_ghost_, acquire.invoked);
    return true;
  }
  if (owner.ended > acquire.invoked) return unknown();
  if (permits_ == 1 && owner.depth == rules_.reentrancy) {
    std::vector<std::size_t> calls = {index};
    for (std::uint32_t i = owner.open; i != kNone; i = open_[i].below) {
      calls.push_back(open_[i].acquired_by);
    }
    std::reverse(calls.begin(), calls.end());
    return contradict(std::move(calls), !owner.spare_release);
  }
  push(owner, index);
  return true;
}

bool DefiniteHolds::release(Owner& owner, CallIndex index) {
  const LockCall& release = call(index);
  if (release.operation.refused) {
    return owner.depth == 0 ||
           contradict({open_[owner.open].acquired_by, index}, !owner.spare_release);
  }
  const bool lost = release.indeterminate();
  const bool nothing_lost = !owner.lost_acquire && !owner.lost_release;
  owner.lost_release = owner.lost_release || lost;
  if (owner.depth == 0) {
    // If this one succeeded, it may be another, lost one that found nothing.
    owner.spare_release = owner.spare_release || owner.lost_release;
    return lost || rules_.release_of_nothing_succeeds || contradict({index}, nothing_lost);
  }
  const CallIndex acquired_by = pop(owner);
  // Within a reentrant hold only the outermost acquire and release are seen by the others.
  if (permits_ > 1 || owner.depth == 0) add(owner, acquired_by, index);
  return true;
}

void DefiniteHolds::push(Owner& owner, CallIndex acquired_by) {
  const Open open{acquired_by, owner.open};
  if (free_open_ == kNone) {
    owner.open = static_cast<std::uint32_t>(open_.size());
    open_.push_back(open);
  } else {
    owner.open = free_open_;
    free_open_ = std::exchange(open_[owner.open], open).below;
  }
  ++owner.depth;
}

DefiniteHolds::CallIndex DefiniteHolds::pop(Owner& owner) {
  const std::uint32_t top = owner.open;
  owner.open = std::exchange(open_[top].below, free_open_);
  free_open_ = top;
  --owner.depth;
  return open_[top].acquired_by;
}

void DefiniteHolds::end_holds(Owner& owner, CallIndex ended_by) {
  if (owner.depth == 0) return;
  CallIndex outermost = kNone;
  while (owner.depth > 0) outermost = pop(owner);
  add(owner, outermost, ended_by);
}

void DefiniteHolds::leave_open(Owner& owner) {
  while (owner.depth > 0) {
    const CallIndex acquired_by = pop(owner);
    if (permits_ > 1 || owner.depth == 0) add(owner, acquired_by, kNone);
  }
}

void DefiniteHolds::add(const Owner& owner, CallIndex acquired_by, CallIndex ended_by) {
  const Position to = ended_by == kNone ? kNever : call(ended_by).invoked;
  const Hold hold{call(acquired_by).responded, to, acquired_by, ended_by};
  if (!keeps_) {
    follow(owner, hold);
  } else {
    (owner.spare_release ? others_ : definite_).push_back(hold);
  }
}

void DefiniteHolds::follow(const Owner& owner, const Hold& hold) {
  const Token token = rules_.fenced ? call(hold.acquired_by).operation.token : 0;
  const bool risen = token == 0 || token > latest_token_;
  in_turn_ = in_turn_ && risen && hold.from > latest_to_ && !owner.spare_release;
  latest_to_ = hold.to;
  if (token != 0) latest_token_ = token;
}

Position DefiniteHolds::latest_end(const Hold& hold) const {
  if (hold.ended_by == kNone) return kNever;
  const LockCall& end = call(hold.ended_by);
  return end.operation.kind == Kind::ended ? end.invoked : end.responded;
}

void DefiniteHolds::compare_holds() {
  if (!compare(definite_, true)) return;
  if (!others_.empty()) {
    others_.insert(others_.end(), definite_.begin(), definite_.end());
    if (!compare(others_, false)) return;
  }
  if (doubt_) conclude(*doubt_, false);
}

bool DefiniteHolds::compare(std::vector<Hold>& holds, bool certain) {
  const auto earlier = [](const Hold& a, const Hold& b) { return a.from < b.from; };
  if (!std::is_sorted(holds.begin(), holds.end(), earlier)) {
    std::sort(holds.begin(), holds.end(), earlier);
  }
  return permits_ == 1 ? compare_neighbours(holds, certain) : count_permits(holds, certain);
}

bool DefiniteHolds::compare_neighbours(const std::vector<Hold>& holds, bool certain) {
  const Hold* before = nullptr;
  const Hold* tokened = nullptr;
  for (const Hold& hold : holds) {
    const Hold* contradicted = before != nullptr && hold.from < before->to ? before : nullptr;
    before = &hold;
    const Token token = rules_.fenced ? call(hold.acquired_by).operation.token : 0;
    if (token != 0) {
      const bool risen = tokened == nullptr || token > call(tokened->acquired_by).operation.token;
      if (!risen) contradicted = tokened;
      tokened = &hold;
    }
    if (contradicted == nullptr) continue;
    std::vector<std::size_t> calls;
    for (const Hold* held : {contradicted, &hold}) {
      calls.push_back(held->acquired_by);
      if (held->ended_by != kNone) calls.push_back(held->ended_by);
    }
    return conclude(std::move(calls), certain);
  }
  return true;
}

bool DefiniteHolds::count_permits(const std::vector<Hold>& holds, bool certain) {
  std::vector<const Hold*> open;
  for (const Hold& hold : holds) {
    std::erase_if(open, [&](const Hold* other) { return other->to < hold.from; });
    open.push_back(&hold);
    if (open.size() <= permits_) continue;
    std::vector<std::size_t> calls;
    for (const Hold* held : open) {
      calls.push_back(held->acquired_by);
      if (held->ended_by != kNone) calls.push_back(held->ended_by);
    }
    return conclude(std::move(calls), certain);
  }
  return true;
}

// Between two definite holds the earlier one may last until its release has responded and the later
// one may begin when its acquire was invoked; both may be had in full at once. After the last one,
// an indeterminate acquire may have taken the lock for good.
void DefiniteHolds::try_refusals() {
  const std::vector<Hold>& holds = definite_;
  for (const CallIndex refusal : refusals_) {
    const LockCall& refused = call(refusal);
    const Position after_all = holds.empty() ? 0 : holds.back().to;
    bool met = first_ghost_ != kNever && refused.responded > std::max(first_ghost_, after_all);
    for (std::size_t i = 0; i < holds.size() && !met; ++i) {
      const Position earliest = call(holds[i].acquired_by).invoked;
      const Position from = i == 0 ? earliest : std::max(earliest, holds[i - 1].to);
      const Position next = i + 1 == holds.size() ? kNever : holds[i + 1].from;
      const Position to = std::min(latest_end(holds[i]), next);
      met = refused.invoked < to && from < refused.responded;
    }
    if (!met) {
      conclude(unexplained(refusal), true);
      return;
    }
  }
}

/// The refused try, and if a grant that nobody was told of might have been in its way by its
/// answer, the next acquire: that grant would have been in the way of this one too.
std::vector<std::size_t> DefiniteHolds::unexplained(CallIndex refusal) const {
  const Position answered = call(refusal).responded;
  const bool pending = std::any_of(history_->begin(), history_->end(), [&](const LockCall& other) {
    return other.operation.kind == Kind::acquire && !other.operation.refused &&
           other.invoked < answered && answered < other.responded;
  });
  const auto next = std::find_if(definite_.begin(), definite_.end(),
                                 [&](const Hold& hold) { return answered < hold.to; });
  if (!pending || next == definite_.end()) return {refusal};
  return {refusal, next->acquired_by};
}

bool DefiniteHolds::unknown() {
  result_ = {Verdict::unknown, {}, 0};
  return false;
}

bool DefiniteHolds::contradict(std::vector<std::size_t> calls, bool certain) {
  const OwnerId owner = (*history_)[calls.front()].operation.owner;
  if (certain && has_two_open(*history_, owner)) return unknown();
  if (certain) return conclude(std::move(calls), true);
  if (!doubt_) doubt_ = std::move(calls);
  return true;
}

bool DefiniteHolds::conclude(std::vector<std::size_t> calls, bool certain) {
  result_.verdict = certain ? Verdict::violated : Verdict::unknown;
  result_.contradiction = std::move(calls);
  return false;
}

}  // namespace leasehold::checkers
