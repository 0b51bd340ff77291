#include "reports/violation.hpp"

#include <algorithm>

#include "checkers/explanation/words.hpp"

namespace leasehold::reports {
namespace {

using checkers::CheckedCall;
using checkers::CheckedHistory;
using checkers::NamedCall;

/// Longer histories are explained without what has to be searched for from their beginning.
constexpr std::size_t kMostSearched = 20'000;

NamedCall named(const CheckedCall& call) {
  const auto line = [](std::uint64_t number) { return "line " + std::to_string(number); };
  return {"process " + std::to_string(call.process),
          call.text.empty() ? "call" : std::string(call.text),
          line(call.line),
          call.answered_line == 0 ? "" : line(call.answered_line),
          call.invoked,
          call.responded};
}

std::vector<NamedCall> named(const CheckedHistory& history, const std::vector<std::size_t>& calls) {
  std::vector<NamedCall> names;
  for (const std::size_t call : calls) names.push_back(named(history.calls[call]));
  return names;
}

std::string list_in_words(const std::vector<NamedCall>& calls) {
  std::string text = "These calls cannot all have happened:";
  for (const NamedCall& call : calls) {
    text += " " + call.who + "'s " + call.what + " (" + call.asked + ");";
  }
  text.back() = '.';
  return text;
}

std::string contradiction_in_words(checkers::Contradiction by,
                                   const std::vector<NamedCall>& calls) {
  switch (by) {
    case checkers::Contradiction::leases:
      return checkers::leases_in_words();
    case checkers::Contradiction::renewal:
      return checkers::renewal_in_words(calls);
    case checkers::Contradiction::refusal:
      return checkers::refusal_in_words(calls);
    case checkers::Contradiction::holds:
      break;
  }
  return checkers::holds_in_words(calls);
}

}  // namespace

Violation explain_violation(const CheckedHistory& history) {
  const checkers::HistoryJudgement& judgement = history.judgement;
  Violation violation;
  if (judgement.verdict != checkers::Verdict::violated) {
    violation.prefix = judgement.order;
    return violation;
  }
  if (!judgement.contradiction.empty()) {
    violation.core = judgement.contradiction;
    const std::vector<NamedCall> calls = named(history, violation.core);
    violation.words = contradiction_in_words(judgement.by, calls);
    violation.only_listed = violation.words.empty();
    if (violation.only_listed) violation.words = list_in_words(calls);
    violation.smallest = true;
  } else if (judgement.blocked && history.calls.size() <= kMostSearched) {
    checkers::CoreBudget budget;
    budget.steps = 400'000;
    budget.search.steps = 20'000;
    const checkers::IllegalCore core = history.judge->explain(*judgement.blocked, budget);
    violation.core = core.calls;
    violation.prefix = core.prefix;
    violation.blocked = core.blocked;
    violation.smallest = core.smallest;
    const auto index_of = [&core](std::size_t call) {
      const auto found = std::find(core.calls.begin(), core.calls.end(), call);
      return static_cast<std::size_t>(found - core.calls.begin());
    };
    checkers::CoreFacts facts{index_of(core.blocked), {}, core.prefix.size(), core.smallest};
    if (core.overtaken) facts.overtaken = index_of(*core.overtaken);
    const std::vector<NamedCall> calls = named(history, core.calls);
    violation.words = checkers::core_in_words(calls, facts);
    violation.edges = checkers::core_edges(calls, facts);
    return violation;
  } else if (judgement.blocked) {
    violation.core = {*judgement.blocked};
    violation.blocked = judgement.blocked;
    violation.words = list_in_words(named(history, violation.core));
    violation.only_listed = true;
  }
  violation.edges = checkers::real_time_edges(named(history, violation.core));
  return violation;
}

}  // namespace leasehold::reports
