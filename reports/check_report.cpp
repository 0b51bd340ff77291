#include "reports/check_report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "checkers/record/verdict_word.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"
#include "reports/violation.hpp"

namespace leasehold::reports {
namespace {

using checkers::CheckedCall;
using checkers::CheckedHistory;
using checkers::CheckOptions;
using checkers::EffectViolation;
using checkers::FailedReleases;
using checkers::Verdict;
using checkers::verdict_word;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kPolicies = {"drop", "ends-hold", "observation"};
constexpr std::size_t kMostShown = 12;

std::string lines_of(const CheckedCall& call) {
  const std::string from = std::to_string(call.line);
  if (call.answered_line == 0) return "line " + from;
  return "lines " + from + " and " + std::to_string(call.answered_line);
}

std::string described(const CheckedCall& call) {
  std::string text = "process " + std::to_string(call.process);
  if (!call.text.empty()) text += ": " + printable(call.text);
  return text + "  (" + lines_of(call) + ")";
}

/// What was held for it, where that is worth a word.
std::string memory_text(std::size_t bytes) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  return bytes < kMebibyte ? "" : ", " + count_text(bytes / kMebibyte) + " MiB";
}

/// A paragraph under the verdict.
std::string why_text(const Violation& violation) {
  constexpr std::size_t kColumns = 80;
  constexpr std::size_t kIndent = 11;
  if (violation.words.empty() || violation.only_listed) return "";
  return std::string(kIndent, ' ') + paragraph(printable(violation.words), kIndent, kColumns);
}

std::string service_text(const CheckedHistory& history) {
  const checkers::HistoryJudgement& judgement = history.judgement;
  if (history.cut_after_line) {
    return "  service  unknown: beyond line " + count_text(*history.cut_after_line) +
           " there is no room for it in --memory\n";
  }
  std::string text = "  service  " + std::string(verdict_word(judgement.verdict)) + ", by " +
                     std::string(judgement.procedure);
  if (judgement.steps > 0) text += " in " + count_text(judgement.steps) + " steps";
  text += '\n';
  const std::vector<std::size_t>& calls = judgement.contradiction;
  if (!calls.empty()) text += "           these calls cannot all have happened:\n";
  for (std::size_t i = 0; i < std::min(calls.size(), kMostShown); ++i) {
    text += "             " + described(history.calls[calls[i]]) + "\n";
  }
  if (judgement.verdict == Verdict::violated) {
    const Violation violation = explain_violation(history);
    if (violation.blocked) {
      text += "           no order explains the answers up to this one:\n             " +
              described(history.calls[*violation.blocked]) + "\n";
    }
    text += why_text(violation);
  } else if (judgement.blocked) {
    text += "           the search came as far as:\n             " +
            described(history.calls[*judgement.blocked]) + "\n";
  }
  return text;
}

std::string belief_text(const CheckedHistory& history) {
  std::string text = "  belief   " + std::string(verdict_word(history.views.belief()));
  if (const auto& overlap = history.views.overlap()) {
    text += ": who was told so in line " + std::to_string(overlap->earlier_line) +
            " still held it when another was told in line " + std::to_string(overlap->later_line);
  }
  return text + "\n";
}

std::string_view rule_word(EffectViolation::Rule rule) {
  switch (rule) {
    case EffectViolation::Rule::stale:
      return "stale";
    case EffectViolation::Rule::lost:
      return "lost";
    case EffectViolation::Rule::duplicate:
      break;
  }
  return "duplicate";
}

std::string effect_text(const CheckedHistory& history) {
  std::string text = "  effect   " + std::string(verdict_word(history.views.effect()));
  if (const auto& harm = history.views.harm()) {
    text += ": a " + std::string(rule_word(harm->rule)) + " effect was accepted in line " +
            std::to_string(harm->at.line);
  }
  return text + "\n";
}

std::string policy_text(const CheckedHistory& history) {
  if (!history.under) return "";
  std::string text = "  policy   ";
  for (std::size_t i = 0; i < kPolicies.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::string(kPolicies[i]) + ": " +
            std::string(verdict_word((*history.under)[i]));
  }
  if (history.depends_on_policy()) text += "; THE VERDICT DEPENDS ON WHAT A FAILED RELEASE MEANS";
  return text + "\n";
}

std::string summary_text(const std::vector<NamedCheck>& checks) {
  std::array<std::uint64_t, 3> counts{};
  for (const NamedCheck& check : checks) {
    ++counts[static_cast<std::size_t>(check.history.judgement.verdict)];
  }
  std::string text = count_text(checks.size()) + " histories:";
  for (const Verdict verdict : {Verdict::holds, Verdict::violated, Verdict::unknown}) {
    text += " " + count_text(counts[static_cast<std::size_t>(verdict)]) + " " +
            std::string(verdict_word(verdict)) + (verdict == Verdict::unknown ? "\n" : ",");
  }
  return text;
}

Json call_json(const CheckedCall& call) {
  Json json{{"event", call.event()}, {"process", call.process}, {"line", call.line}};
  if (call.answered_line != 0) json["answered_line"] = call.answered_line;
  if (call.invoked_ns) json["invoked_ns"] = *call.invoked_ns;
  if (call.answered_ns) json["answered_ns"] = *call.answered_ns;
  if (!call.text.empty()) json["text"] = call.text;
  return json;
}

Json check_json(const NamedCheck& check) {
  const CheckedHistory& history = check.history;
  const checkers::HistoryJudgement& judgement = history.judgement;
  Json json{{"history", check.file},
            {"format", checkers::name_of(history.format)},
            {"events", history.events},
            {"calls", history.calls.size()},
            {"verdict", verdict_word(judgement.verdict)},
            {"procedure", judgement.procedure},
            {"service", verdict_word(judgement.verdict)},
            {"belief", verdict_word(history.views.belief())},
            {"effect", verdict_word(history.views.effect())}};
  json["bytes"] = history.bytes();
  if (history.cut_after_line) json["cut_after_line"] = *history.cut_after_line;
  if (judgement.steps > 0) json["steps"] = judgement.steps;
  for (const std::size_t call : judgement.contradiction) {
    json["contradiction"].push_back(call_json(history.calls[call]));
  }
  if (judgement.verdict == Verdict::violated) {
    const Violation violation = explain_violation(history);
    for (const std::size_t call : violation.core) {
      json["core"].push_back(call_json(history.calls[call]));
    }
    json["why"] = violation.words;
    if (violation.blocked) json["blocked"] = call_json(history.calls[*violation.blocked]);
  } else if (judgement.blocked) {
    json["blocked"] = call_json(history.calls[*judgement.blocked]);
  }
  if (const auto& overlap = history.views.overlap()) {
    json["belief_overlap"] = {{"earlier_line", overlap->earlier_line},
                              {"later_line", overlap->later_line}};
  }
  if (const auto& harm = history.views.harm()) {
    json["effect_break"] = {{"rule", rule_word(harm->rule)}, {"line", harm->at.line}};
  }
  if (history.under) {
    for (std::size_t i = 0; i < kPolicies.size(); ++i) {
      json["policies"][std::string(kPolicies[i])] = verdict_word((*history.under)[i]);
    }
    json["depends_on_policy"] = history.depends_on_policy();
  }
  return json;
}

}  // namespace

std::string_view word(FailedReleases policy) { return kPolicies[static_cast<std::size_t>(policy)]; }

std::string check_text(const std::vector<NamedCheck>& checks, const CheckOptions& options) {
  std::string text;
  for (const NamedCheck& check : checks) {
    const CheckedHistory& history = check.history;
    text += printable(check.file) + ": " + std::string(verdict_word(history.judgement.verdict)) +
            "  (" + options.specification.name + "; " +
            std::string(checkers::name_of(history.format)) + ", " + count_text(history.events) +
            " events, " + count_text(history.calls.size()) + " calls" +
            memory_text(history.bytes()) + ")\n";
    text += service_text(history);
    if (options.specification.lock) text += belief_text(history) + effect_text(history);
    text += policy_text(history);
  }
  if (checks.size() > 1) text += summary_text(checks);
  return text;
}

std::string check_json(const std::vector<NamedCheck>& checks, const CheckOptions& options) {
  Json json{{"schema_version", 1},
            {"specification", options.specification.name},
            {"policy", word(options.policy)}};
  if (options.initial) json["initial"] = edn(*options.initial);
  json["histories"] = Json::array();
  Json& summary = json["summary"] = {{"holds", 0}, {"violated", 0}, {"unknown", 0}};
  Json counts = summary;
  for (const NamedCheck& check : checks) {
    json["histories"].push_back(check_json(check));
    Json& count = counts[std::string(verdict_word(check.history.judgement.verdict))];
    count = count.get<std::uint64_t>() + 1;
  }
  json["summary"] = counts;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace leasehold::reports
