#include "checkers/specifications/leased_judge.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <numeric>
#include <string_view>
#include <utility>

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

}  // namespace

support::Expected<bool> LeasedJudge::accept(const RecordedCall& call) {
  auto read = reader_.read(call);
  if (!read) return std::move(read).error();
  if (!*read) return false;
  const Failure failure = (*read)->failure;
  LeasedMutex::Operation operation;
  operation.kind = (*read)->operation.kind;
  operation.grant = (*read)->operation.owner;
  if (failure != Failure::none) {
    const bool ends = policy_ == FailedReleases::ends_hold && failure == Failure::lease_gone;
    operation.refused = policy_ == FailedReleases::observation && failure != Failure::other;
    if (!ends && !operation.refused) return false;
  }
  const RecordedEvent* untimed = !call.invocation.time_ns ? &call.invocation : nullptr;
  if (call.responded != kNever && !call.completion->time_ns) untimed = &*call.completion;
  if (untimed != nullptr) return wrong_at(*untimed, "leases are judged by time", "a time");
  operation.invoked_ns = *call.invocation.time_ns;
  if (call.responded != kNever) operation.responded_ns = *call.completion->time_ns;
  operation.lease_ns = nanoseconds(call.value(), {"lease_ns", "lease-ns", "ttl_ns", "ttl-ns"});
  operation.deadline_ns = nanoseconds(call.value(), {"deadline_ns", "deadline-ns"});
  calls_.push_back({operation, call.invoked, call.responded});
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
  calls_.push_back({operation, at, at + 1});
  return true;
}

LeasedJudge::Calls LeasedJudge::settled() const {
  Calls calls = calls_;
  std::vector<std::pair<Position, std::int64_t*>> times;
  std::vector<std::size_t> by_invocation(calls.size());
  std::iota(by_invocation.begin(), by_invocation.end(), std::size_t{0});
  std::sort(by_invocation.begin(), by_invocation.end(),
            [&calls](std::size_t a, std::size_t b) { return calls[a].invoked < calls[b].invoked; });
  for (auto& call : calls) {
    times.emplace_back(call.invoked, &call.operation.invoked_ns);
    if (!call.indeterminate()) times.emplace_back(call.responded, &call.operation.responded_ns);
  }
  std::sort(times.begin(), times.end());
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const auto& [at, time] : times) latest = *time = std::max(latest, *time);

  std::map<std::uint64_t, std::uint64_t> grants;  // the latest that each owner asked for
  std::uint64_t grant = 0;
  for (const std::size_t i : by_invocation) {
    std::uint64_t& number = calls[i].operation.grant;
    const auto [owned, fresh] = grants.try_emplace(number, grant + 1);
    if (fresh || calls[i].operation.kind == Kind::acquire) owned->second = ++grant;
    number = owned->second;
  }
  return calls;
}

HistoryJudgement LeasedJudge::judge(const SearchBudget& budget) {
  return judge_by_search(LeasedMutex(), settled(), budget);
}

bool LeasedJudge::proves(const std::vector<std::size_t>& order) const {
  return is_linearization(LeasedMutex(), settled(), order);
}

std::optional<bool> LeasedJudge::refutes(const std::vector<std::size_t>& calls) const {
  return is_illegal(LeasedMutex(), up_to(settled(), calls));
}

}  // namespace leasehold::checkers
