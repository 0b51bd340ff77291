#include "checkers/specifications/dense_fenced_mutex.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace leasehold::checkers {
namespace {

using Kind = LockOperation::Kind;

/// The first two grants in a row whose tokens are not: acquires, by their answers.
std::vector<std::size_t> first_gap(const LockHistory& history) {
  std::size_t before = history.size();
  Token token = 0;
  for (const std::uint32_t i :
       in_order(history, [](const LockCall& call) { return call.responded; })) {
    const LockCall& call = history[i];
    if (call.operation.kind != Kind::acquire || call.indeterminate()) continue;
    const Token found = call.operation.token;
    if (token != 0) ++token;
    if (token != 0 && found != 0 && found != token) return {before, i};
    if (found == 0) continue;
    token = found;
    before = i;
  }
  return {};
}

bool goes_on_after_lost_acquire(const LockHistory& history) {
  std::vector<Position> lost;  // by owner, the first
  for (const LockCall& call : history) {
    const OwnerId owner = call.operation.owner;
    if (call.operation.kind != Kind::acquire || !call.indeterminate()) continue;
    if (owner >= lost.size()) lost.resize(owner + 1, kNever);
    lost[owner] = std::min(lost[owner], call.invoked);
  }
  return std::any_of(history.begin(), history.end(), [&lost](const LockCall& call) {
    const OwnerId owner = call.operation.owner;
    return owner < lost.size() && lost[owner] < call.invoked;
  });
}

}  // namespace

HoldsResult judge_dense_tokens(const LockHistory& history) {
  HoldsResult result = DefiniteHolds({.fenced = true}).judge(history);
  if (result.verdict != Verdict::holds) return result;
  std::vector<std::size_t> gap = first_gap(history);
  if (gap.empty()) return result;
  const bool filled = goes_on_after_lost_acquire(history);
  result.verdict = filled ? Verdict::unknown : Verdict::violated;
  result.contradiction = std::move(gap);
  return result;
}

}  // namespace leasehold::checkers
