#include "reports/run_view.hpp"

#include <array>
#include <cstdio>

#include "checkers/property_name.hpp"
#include "checkers/record/verdict_word.hpp"
#include "models/describe.hpp"
#include "reports/digest_text.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::Property;
using checkers::Verdict;
using models::attempt_name;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kNameWidth = 17;
constexpr std::size_t kVerdictWidth = 10;

std::string seconds(std::int64_t ns) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%lld.%03lld s",
                static_cast<long long>(ns / 1'000'000'000),
                static_cast<long long>(ns / 1'000'000 % 1'000));
  return text.data();
}

std::string evidence(const checkers::ExclusionResult& result, const std::string& did) {
  if (!result.first) return "";
  const checkers::Overlap& overlap = *result.first;
  const std::int64_t from = overlap.later.begun.at_ns;
  std::string text = attempt_name(overlap.earlier.attempt) + " and " +
                     attempt_name(overlap.later.attempt) + did + " for " +
                     seconds(overlap.ended.at_ns - from) + " from " + seconds(from);
  if (result.pairs > 1) text += ", " + std::to_string(result.pairs) + " pairs in all";
  return text;
}

std::string evidence(const checkers::EffectResult& result) {
  if (!result.first) return "";
  constexpr std::array<const char*, 3> kRules{"stale", "lost update", "duplicate"};
  const checkers::EffectViolation& violation = *result.first;
  return std::string(kRules[static_cast<std::size_t>(violation.rule)]) + ": " +
         attempt_name(violation.effect.attempt) + " at " + seconds(violation.at.at_ns) + " after " +
         attempt_name(violation.earlier_attempt);
}

/// A hold is sure from when its client was told of it to when it asked for its end.
std::string in_words(const checkers::ContradictingCall& call) {
  using Kind = checkers::LockOperation::Kind;
  constexpr std::array<const char*, 4> kKinds{"acquire of ", "renewal of ", "release of ",
                                              "end of "};
  const bool told = call.responded && call.kind != Kind::release;
  std::string text = kKinds[static_cast<std::size_t>(call.kind)] + attempt_name(call.attempt);
  if (call.kind != Kind::ended) text += told ? ", told" : ", asked";
  return text + " at " + seconds((told ? *call.responded : call.invoked).at_ns);
}

std::string evidence(const checkers::LinearizableResult& result) {
  if (result.verdict != Verdict::violated) return "";
  if (result.contradiction.empty()) return "no order of all calls is legal";
  std::string text = "no order is legal of";
  for (std::size_t i = 0; i < result.contradiction.size(); ++i) {
    text += (i == 0 ? ": " : "; ") + in_words(result.contradiction[i]);
  }
  return text;
}

std::string evidence(const checkers::ProgressResult& result) {
  if (result.verdict != Verdict::violated) return "";
  using checkers::Outlook;
  std::string text = "nobody got it for " + seconds(result.longest_ns);
  if (result.outlook.kind == Outlook::Kind::stuck) text += "; stuck for ever";
  if (result.outlook.kind == Outlook::Kind::slow) {
    text += "; free at " + seconds(result.outlook.free_at_ns);
  }
  return text;
}

std::string evidence(const checkers::FrequencyResult* result) {
  if (result == nullptr || result->verdict != Verdict::violated) return "";
  const checkers::FrequencyCounts& counts = result->counts;
  return std::to_string(counts.early) + " early and " + std::to_string(counts.late) + " late of " +
         std::to_string(counts.gaps()) + " gaps, " + std::to_string(counts.missed) + " runs missed";
}

std::string evidence_of(Property property, const checkers::RunChecker& checker) {
  switch (property) {
    case Property::grant_exclusion:
      return evidence(checker.grant_exclusion(), " were granted");
    case Property::belief_exclusion:
      return evidence(checker.belief_exclusion(), " both believed");
    case Property::work_exclusion:
      return evidence(checker.work_exclusion(), " both worked");
    case Property::effect_safety:
      return evidence(checker.effects());
    case Property::progress:
      return evidence(checker.progress());
    case Property::frequency:
      return evidence(checker.frequency());
    case Property::linearizable:
      break;
  }
  return evidence(checker.linearizable());
}

std::string word(const checkers::Judgement& judgement) {
  std::string text(checkers::verdict_word(judgement.verdict));
  if (judgement.vacuous && judgement.verdict == Verdict::holds) text += " (vacuous)";
  return text;
}

}  // namespace

std::string run_view(const scenarios::ResolvedCell& cell, const scenarios::RunResult& result,
                     const std::string& named) {
  const checkers::RunChecker& checker = *result.checker;
  const std::string head =
      cell.algorithm().id + " on " + cell.label() + ", seed " + std::to_string(result.seed) +
      ": lease " + duration_text(cell.scenario().lease.ns()) + ", " + seconds(result.simulated_ns) +
      " simulated, " + std::to_string(result.events) + " events, " +
      std::to_string(checker.acquisition().attempts.acquired) + " acquisitions";
  std::string text = paragraph(head, 2, kWidth);
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    const std::string name(checkers::property_name(property));
    const std::string verdict = word(checker.verdicts()[property]);
    const std::string why = evidence_of(property, checker);
    text += "  " + padded(name, kNameWidth);
    text += why.empty() ? verdict + "\n"
                        : padded(verdict, kVerdictWidth) +
                              paragraph(why, 2 + kNameWidth + kVerdictWidth, kWidth);
  }
  return text + "digest  " + digest_text(result.digest) + "\nreplay  leasehold replay '" + named +
         "'\n";
}

}  // namespace leasehold::reports
