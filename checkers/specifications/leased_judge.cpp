#include "checkers/specifications/leased_judge.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "checkers/explanation/explain.hpp"
#include "checkers/specifications/judge_by_search.hpp"
#include "checkers/specifications/verify.hpp"

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;
using Failure = LockRead::Failure;

support::Diagnostics wrong_at(const RecordedEvent& event, std::string message,
                              std::string expected) {
  support::Diagnostic wrong;
  wrong.line = static_cast<int>(event.place.line);
  wrong.column = static_cast<int>(event.place.column);
  wrong.message = std::move(message);
  wrong.expected = std::move(expected);
  return {wrong};
}

/// The number of nanoseconds under one of the keys; nothing if there is none.
std::optional<std::int64_t> nanoseconds(const Value& value,
                                        std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Value* found = value.find(key);
    if (found != nullptr && found->is_integer() && found->integer >= 0) return found->integer;
  }
  return std::nullopt;
}

std::string_view word(const Value& map, std::string_view key) {
  const Value* found = map.find(key);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

/// What is left of a part of the history without the grants that none of the calls is about. These
/// do not matter: a legal order is one still without them, and what remains is sooner done.
LeasedHistory with_grants_of(const std::vector<std::size_t>& calls, const LeasedHistory& history,
                             LeasedHistory part) {
  std::set<std::uint64_t> grants;
  for (const std::size_t call : calls) grants.insert(history[call].operation.grant);
  std::erase_if(part,
                [&grants](const auto& call) { return !grants.contains(call.operation.grant); });
  return part;
}

/// A history without what never helps, and which number each call that is left has in the whole.
struct Needed {
  LeasedHistory calls;
  std::vector<std::size_t> numbers;
};

/// An acquire that was not answered never helps, unless its grant was renewed: others only have to
/// wait for it, and a release does as well without. Many clients that wait for the lock when a
/// history ends would else be as many choices for a search.
Needed without_idle_acquires(const LeasedHistory& history) {
  std::set<std::uint64_t> renewed;
  for (const auto& call : history) {
    if (call.operation.kind == Kind::renew) renewed.insert(call.operation.grant);
  }
  Needed needed;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const LeasedMutex::Operation& operation = history[i].operation;
    const bool idle = history[i].indeterminate() && operation.kind == Kind::acquire &&
                      !renewed.contains(operation.grant);
    if (idle) continue;
    needed.calls.push_back(history[i]);
    needed.numbers.push_back(i);
  }
  return needed;
}

HistoryJudgement search(const LeasedHistory& history, const SearchBudget& budget) {
  const Needed needed = without_idle_acquires(history);
  HistoryJudgement judgement = judge_by_search(LeasedMutex(), needed.calls, budget);
  for (std::size_t& call : judgement.order) call = needed.numbers[call];
  if (judgement.blocked) judgement.blocked = needed.numbers[*judgement.blocked];
  return judgement;
}

}  // namespace

support::Expected<bool> LeasedJudge::accept(const RecordedCall& call) {
  auto read = reader_.read(call);
  if (!read) return std::move(read).error();
  if (!*read) return false;
  LeasedMutex::Operation operation;
  operation.kind = (*read)->operation.kind;
  operation.grant = (*read)->operation.owner;
  const RecordedEvent* untimed = !call.invocation.time_ns ? &call.invocation : nullptr;
  if (call.responded != kNever && !call.completion->time_ns) untimed = &*call.completion;
  if (untimed != nullptr) return wrong_at(*untimed, "leases are judged by time", "a time");
  operation.invoked_ns = *call.invocation.time_ns;
  if (call.responded != kNever) operation.responded_ns = *call.completion->time_ns;
  operation.lease_ns = nanoseconds(call.value(), {"lease_ns", "lease-ns", "ttl_ns", "ttl-ns"});
  operation.deadline_ns = nanoseconds(call.value(), {"deadline_ns", "deadline-ns"});
  calls_.push_back({operation, call.invoked, call.responded}, (*read)->failure);
  return true;
}

support::Expected<bool> LeasedJudge::accept_fact(const RecordedEvent& fact, Position at) {
  if (fact.f != "grant" || word(fact.value, "phase") != "ended") return false;
  const std::string_view end = word(fact.value, "end");
  if (end != "deadline" && end != "session") return false;
  if (!fact.time_ns) return wrong_at(fact, "leases are judged by time", "a time");
  const Value* owner = fact.value.find("owner");
  if (owner == nullptr) return wrong_at(fact, "a grant of nobody", "an owner");
  LeasedMutex::Operation operation;
  operation.kind = Kind::ended;
  operation.grant = reader_.number_of(*owner);
  operation.invoked_ns = operation.responded_ns = *fact.time_ns;
  calls_.push_back({operation, at, at + 1}, Failure::none);
  return true;
}

HistoryJudgement LeasedJudge::judge(FailedReleases policy, const SearchBudget& budget) const {
  const Read read = calls_.under(policy);
  const LeasedHistory history = settle_leases(calls_.of(read));
  LeasedHoldsResult found = judge_leased_holds(history);
  HistoryJudgement judgement;
  if (found.verdict == Verdict::unknown) {
    judgement = search(history, budget);
  } else {
    judgement.verdict = found.verdict;
    judgement.procedure = "leases";
    judgement.order = std::move(found.order);
    judgement.contradiction = std::move(found.contradiction);
    judgement.by = found.by_renewal ? Contradiction::renewal : Contradiction::leases;
    judgement.bytes = found.bytes + history.capacity() * sizeof(history.front());
  }
  for (std::size_t& call : judgement.order) call = read.number(call);
  for (std::size_t& call : judgement.contradiction) call = read.number(call);
  if (judgement.blocked) judgement.blocked = read.number(*judgement.blocked);
  return judgement;
}

std::optional<Verdict> LeasedJudge::judge_under(FailedReleases policy, const SearchBudget& budget) {
  if (!calls_.has_policies()) return std::nullopt;
  return judge(policy, budget).verdict;
}

IllegalCore LeasedJudge::explain(std::size_t blocked, const CoreBudget& budget) const {
  const Read read = calls_.under(policy_);
  const Needed needed = without_idle_acquires(settle_leases(calls_.of(read)));
  const auto by =
      std::lower_bound(needed.numbers.begin(), needed.numbers.end(), read.indices({blocked}).at(0));
  IllegalCore core = explain_illegal(LeasedMutex(), needed.calls,
                                     static_cast<std::size_t>(by - needed.numbers.begin()), budget);
  core.renumber([&](std::size_t call) { return read.number(needed.numbers[call]); });
  return core;
}

bool LeasedJudge::proves(const std::vector<std::size_t>& order) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(order);
  return indices.size() == order.size() &&
         is_linearization(LeasedMutex(), settle_leases(calls_.of(read)), indices);
}

std::optional<bool> LeasedJudge::refutes(const std::vector<std::size_t>& calls) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(calls);
  if (indices.size() != calls.size()) return false;
  const LeasedHistory history = settle_leases(calls_.of(read));
  return is_illegal(LeasedMutex(), with_grants_of(indices, history, up_to(history, indices)));
}

std::optional<bool> LeasedJudge::refutes_answers(const std::vector<std::size_t>& calls) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices(calls);
  if (indices.size() != calls.size()) return false;
  const LeasedHistory history = settle_leases(calls_.of(read));
  return is_illegal(LeasedMutex(),
                    with_grants_of(indices, history, with_answers_to(history, indices)));
}

std::optional<bool> LeasedJudge::refutes_until(std::size_t call) const {
  const Read read = calls_.under(policy_);
  const std::vector<std::size_t> indices = read.indices({call});
  if (indices.empty()) return false;
  return is_illegal(LeasedMutex(), up_to(settle_leases(calls_.of(read)), indices));
}

}  // namespace leasehold::checkers
