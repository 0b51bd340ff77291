#include "checkers/specifications/lock_judge.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "checkers/explanation/explain.hpp"
#include "checkers/linearizability/definite_holds.hpp"
#include "checkers/linearizability/earliest_deadline.hpp"
#include "checkers/specifications/dense_fenced_mutex.hpp"
#include "checkers/specifications/judge_by_search.hpp"
#include "checkers/specifications/verify.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;

LockReading reading_of(const LockKind& kind) {
  return {kind.owned, kind.rules.fenced, kind.rules.strict_try, false};
}

/// The order of holds without any waiting: acquires where they respond, releases where they are
/// invoked. Empty if that is none.
template <Specification S>
std::vector<std::size_t> order_of_holds(const S& specification, const LockHistory& history) {
  const auto counts_at = [&history](std::size_t call) {
    const bool acquires = history[call].operation.kind == Kind::acquire;
    return acquires ? history[call].responded : history[call].invoked;
  };
  std::vector<std::size_t> calls(history.size());
  std::iota(calls.begin(), calls.end(), std::size_t{0});
  std::sort(calls.begin(), calls.end(),
            [&](std::size_t a, std::size_t b) { return counts_at(a) < counts_at(b); });
  std::vector<std::size_t> order;
  typename S::State state = specification.initial();
  for (const std::size_t call : calls) {
    const bool lost = history[call].indeterminate();
    if (lost && history[call].operation.kind == Kind::acquire) continue;
    const auto after = specification.step(state, history[call].operation);
    if (!after && lost) continue;
    if (!after) return {};
    state = *after;
    order.push_back(call);
  }
  return order;
}

}  // namespace

LockJudge::LockJudge(const LockKind& kind, const ReadingRules& rules)
    : kind_(kind), policy_(rules.failed_releases), reader_(reading_of(kind)) {}

support::Expected<bool> LockJudge::accept(const RecordedCall& call) {
  auto read = reader_.read(call);
  if (!read) return std::move(read).error();
  if (!*read) return false;
  calls_.push_back({(*read)->operation, call.invoked, call.responded}, (*read)->failure);
  return true;
}

template <class Use>
auto LockJudge::with_specification(Use&& use) const {
  if (!kind_.owned) return use(Semaphore(kind_.permits));
  if (kind_.dense) return use(DenseFencedMutex());
  if (kind_.permits > 1) return use(OwnedSemaphore(kind_.permits));
  return use(OwnerMutex(kind_.rules));
}

HistoryJudgement LockJudge::judge(const Read& read, const SearchBudget& budget) const {
  const LockHistory& history = calls_.of(read);
  HistoryJudgement judgement;
  if (kind_.owned) {
    judgement = judge_owners(history, budget);
  } else if (read.refusals) {
    judgement = search(history, budget);
  } else {
    EarliestDeadlineResult found = judge_by_earliest_deadline(history, kind_.permits);
    judgement.verdict = found.verdict;
    judgement.procedure = "earliest deadline";
    judgement.order = std::move(found.order);
    judgement.blocked = found.late;
    judgement.bytes = found.bytes;
  }
  for (std::size_t& call : judgement.order) call = read.number(call);
  for (std::size_t& call : judgement.contradiction) call = read.number(call);
  if (judgement.blocked) judgement.blocked = read.number(*judgement.blocked);
  return judgement;
}

HistoryJudgement LockJudge::judge_owners(const LockHistory& history,
                                         const SearchBudget& budget) const {
  HistoryJudgement judgement;
  HoldsResult found = kind_.dense ? judge_dense_tokens(history)
                                  : DefiniteHolds(kind_.rules, kind_.permits).judge(history);
  if (found.verdict == Verdict::unknown) return search(history, budget);
  judgement.verdict = found.verdict;
  judgement.procedure = "definite holds";
  judgement.contradiction = std::move(found.contradiction);
  if (!judgement.contradiction.empty()) {
    const LockOperation& first = history[judgement.contradiction.front()].operation;
    const bool refused = first.kind == Kind::acquire && first.refused;
    if (refused) judgement.by = Contradiction::refusal;
  }
  judgement.bytes = found.bytes;
  return judgement;
}

void LockJudge::complete(HistoryJudgement& judgement, const SearchBudget& budget) const {
  if (judgement.verdict != Verdict::holds || !judgement.order.empty()) return;
  const Read read = calls_.under(policy_);
  const LockHistory& history = calls_.of(read);
  judgement.order = with_specification(
      [&](const auto& specification) { return order_of_holds(specification, history); });
  // Refused tries have to be put where somebody holds the lock, and lost answers may have to land
  // late: for these no order is at hand.
  if (judgement.order.empty()) judgement.order = search(history, budget).order;
  for (std::size_t& call : judgement.order) call = read.number(call);
}

HistoryJudgement LockJudge::search(const LockHistory& history, const SearchBudget& budget) const {
  return with_specification(
      [&](const auto& specification) { return judge_by_search(specification, history, budget); });
}

std::optional<Verdict> LockJudge::judge_under(FailedReleases policy, const SearchBudget& budget) {
  if (!calls_.has_policies()) return std::nullopt;
  return judge(calls_.under(policy), budget).verdict;
}

IllegalCore LockJudge::explain(std::size_t blocked, const CoreBudget& budget) const {
  const Read read = calls_.under(policy_);
  IllegalCore core = with_specification([&](const auto& specification) {
    return explain_illegal(specification, calls_.of(read), read.indices({blocked}).at(0), budget);
  });
  core.renumber([&read](std::size_t call) { return read.number(call); });
  return core;
}

bool LockJudge::proves(const std::vector<std::size_t>& order) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(order);
  return indices.size() == order.size() && with_specification([&](const auto& specification) {
           return is_linearization(specification, calls_.of(read), indices);
         });
}

std::optional<bool> LockJudge::refutes(const std::vector<std::size_t>& calls) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(calls);
  if (indices.size() != calls.size()) return false;
  const LockHistory cut = window(calls_.of(read), indices);
  return with_specification(
      [&](const auto& specification) { return is_illegal(specification, cut); });
}

std::optional<bool> LockJudge::refutes_answers(const std::vector<std::size_t>& calls) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(calls);
  if (indices.size() != calls.size()) return false;
  LockHistory asked = with_answers_to(calls_.of(read), indices);
  if (others_do_not_matter()) {
    std::set<OwnerId> owners;
    for (const std::size_t call : indices) owners.insert(calls_.of(read)[call].operation.owner);
    std::erase_if(asked,
                  [&owners](const auto& call) { return !owners.contains(call.operation.owner); });
  }
  return with_specification(
      [&](const auto& specification) { return is_illegal(specification, asked); });
}

std::optional<bool> LockJudge::refutes_until(std::size_t call) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices({call});
  if (indices.empty()) return false;
  const LockHistory cut = up_to(calls_.of(read), indices);
  return with_specification(
      [&](const auto& specification) { return is_illegal(specification, cut); });
}

/// Whether a legal order is one still without the calls of an owner: nobody needs another to hold
/// the lock, unless refused tries or tokens have to be explained.
bool LockJudge::others_do_not_matter() const {
  return kind_.owned && !kind_.rules.strict_try && !kind_.dense;
}

/// The part of the history in which the calls are enough to see that it is illegal: up to the last
/// of them, and of a lock with owners only what theirs did since they last held nothing.
LockHistory LockJudge::window(const LockHistory& history,
                              const std::vector<std::size_t>& calls) const {
  LockHistory cut = up_to(history, calls);
  if (!others_do_not_matter()) return cut;
  std::map<OwnerId, Position> begins;  // of the part, by owner
  for (const std::size_t call : calls) {
    Position& begin = begins.try_emplace(history[call].operation.owner, kNever).first->second;
    begin = std::min(begin, history[call].invoked);
  }
  std::map<OwnerId, std::int64_t> held;  // where the part begins
  for (const LockCall& call : cut) {
    const auto begin = begins.find(call.operation.owner);
    if (begin == begins.end() || call.invoked >= begin->second || call.operation.refused) continue;
    constexpr std::int64_t kUnknown = std::int64_t{1} << 40;
    held[begin->first] += call.indeterminate()                   ? kUnknown
                          : call.operation.kind == Kind::acquire ? 1
                                                                 : -1;
  }
  for (const auto& [owner, count] : held) {
    if (count != 0) begins[owner] = 0;
  }
  std::erase_if(cut, [&begins](const LockCall& call) {
    const auto begin = begins.find(call.operation.owner);
    return begin == begins.end() || call.invoked < begin->second;
  });
  return cut;
}

}  // namespace leasehold::checkers
