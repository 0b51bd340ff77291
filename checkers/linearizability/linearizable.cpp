#include "checkers/linearizability/linearizable.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "checkers/attempt_table.hpp"
#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/earliest_deadline.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

void Linearizable::observe(Stamp at, const Operation& operation) {
  if (specification_ == LockSpecification::none) return;
  static_assert(static_cast<int>(Operation::Kind::acquire) == 0);
  static_assert(static_cast<int>(Operation::Kind::renew) == 1);
  static_assert(static_cast<int>(Operation::Kind::release) == 2);
  const auto what = static_cast<Event::What>(operation.kind);
  events_.push_back({at, operation.attempt, operation.client, what, operation.phase, {}});
  if (specification_ != LockSpecification::mutex) order_.observe(at, operation);
}

void Linearizable::observe(Stamp at, const Grant& grant) {
  if (specification_ == LockSpecification::none || specification_ == LockSpecification::mutex)
    return;
  order_.observe(at, grant);
  if (grant.phase == Grant::Phase::renewed) return;
  const bool begun = grant.phase == Grant::Phase::begun;
  const auto what = begun ? Event::What::granted : Event::What::ended;
  events_.push_back({at, grant.attempt, grant.client, what, {}, grant.end});
}

const LinearizableResult& Linearizable::finish() {
  result_ = {};
  if (specification_ == LockSpecification::none) {
    result_.verdict = Verdict::not_applicable;
    return result_;
  }
  result_.order_break = order_.first_break();
  if (specification_ != LockSpecification::mutex && !result_.order_break) {
    result_.verdict = Verdict::holds;
  } else {
    judge_history();
  }
  return result_;
}

void Linearizable::judge_history() {
  const LockHistory calls = history();
  std::vector<std::size_t> contradiction;
  if (specification_ == LockSpecification::mutex) {
    const EarliestDeadlineResult judged = judge_by_earliest_deadline(calls);
    result_.verdict = judged.verdict;
    if (judged.late) contradiction = {*judged.late};
  } else {
    HoldsResult judged = DefiniteHolds(rules_of(specification_)).judge(calls);
    result_.verdict = judged.verdict;
    if (judged.verdict == Verdict::violated) contradiction = std::move(judged.contradiction);
  }
  for (const std::size_t call : contradiction) {
    result_.contradiction.push_back(explain(calls[call]));
  }
  if (result_.verdict != Verdict::unknown) return;
  const OwnerMutex specification(rules_of(specification_));
  const SearchResult searched = LinearizationSearch(specification, calls, budget_).run();
  result_.verdict = searched.verdict;
  result_.search_steps = searched.steps;
}

ContradictingCall Linearizable::explain(const LockCall& call) const {
  const Event& invoked = event_at(call.invoked);
  std::optional<Stamp> responded;
  if (!call.indeterminate()) responded = event_at(call.responded).at;
  return {call.operation.kind, invoked.client, invoked.attempt, invoked.at, responded};
}

struct Linearizable::Attempt {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::array<std::size_t, 3> open = {kNone, kNone, kNone};  ///< its calls, by Event::What
  bool acquired = false;                                    ///< it was told so
  bool proved = false;        ///< it was told something that implies that it held
  std::size_t ended = kNone;  ///< the event that ended the grant it was told of
};

LockHistory Linearizable::history() const {
  LockHistory calls;
  AttemptTable<OwnerId> numbers;
  std::vector<Attempt> attempts(1);  // by number, from 1
  const bool released_proves = !rules_of(specification_).release_of_nothing_succeeds;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const Event& event = events_[i];
    OwnerId& owner = numbers[event.attempt];
    if (owner == 0) {
      owner = static_cast<OwnerId>(attempts.size());
      attempts.emplace_back();
    }
    Attempt& attempt = attempts[owner];
    if (event.what == Event::What::granted) {
      // A grant that was over before its client was told of any is not the one it was told of.
      if (!attempt.acquired) attempt.ended = Attempt::kNone;
      continue;
    }
    if (event.what == Event::What::ended) {
      if (attempt.ended == Attempt::kNone) attempt.ended = i;
      continue;
    }
    std::size_t& open = attempt.open[static_cast<std::size_t>(event.what)];
    if (event.phase == Operation::Phase::invoked) {
      const auto kind = static_cast<LockOperation::Kind>(event.what);
      open = calls.size();
      calls.push_back({{kind, false, owner, 0}, position(i), kNever});
    } else if (event.phase != Operation::Phase::indeterminate) {
      LH_ASSERT(open != Attempt::kNone);
      const bool ok = event.phase == Operation::Phase::ok;
      calls[open].responded = position(i);
      calls[open].operation.refused = !ok;
      if (ok && event.what == Event::What::acquire) attempt.acquired = true;
      if (ok && (event.what != Event::What::release || released_proves)) attempt.proved = true;
    }
  }
  settle(calls, attempts);
  return calls;
}

void Linearizable::settle(LockHistory& calls, const std::vector<Attempt>& attempts) const {
  std::erase_if(calls, [&](const LockCall& call) {
    if (call.operation.refused) return true;
    if (specification_ == LockSpecification::mutex) return false;
    const bool idle = call.operation.kind == LockOperation::Kind::renew && call.indeterminate();
    return idle || !attempts[call.operation.owner].proved;
  });
  const std::size_t operations = calls.size();
  for (std::size_t i = 0; i < operations; ++i) {
    LockCall& call = calls[i];
    const OwnerId owner = call.operation.owner;
    if (specification_ == LockSpecification::mutex) call.operation.owner = 0;
    const std::size_t ended = attempts[owner].ended;
    if (call.operation.kind != LockOperation::Kind::acquire || ended == Attempt::kNone) continue;
    if (!may_be_ended_by(specification_, events_[ended].end) || position(ended) < call.invoked)
      continue;
    // The acquire took effect before what it obtained was ended, whenever its client learned of it.
    const Position at = position(ended);
    call.responded = std::min(call.responded, at - 1);
    calls.push_back({{LockOperation::Kind::ended, false, owner, 0}, at, at + 1});
  }
}

void Linearizable::reset() {
  order_.reset();
  events_.clear();
  result_ = {};
}

}  // namespace leasehold::checkers
