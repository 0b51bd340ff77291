#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/record/verdict_word.hpp"
#include "reports/check_report.hpp"
#include "reports/violation.hpp"

namespace leasehold::reports {
namespace {

using checkers::CheckedHistory;
using checkers::FailedReleases;
using checkers::Verdict;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

support::Diagnostics unreadable(const std::string& file, const std::string& message) {
  support::Diagnostic wrong;
  wrong.file = file;
  wrong.message = message;
  wrong.expected = "what `leasehold check … --certificate FILE` wrote";
  return {wrong};
}

template <class Word, std::size_t N>
std::optional<Word> worded(const Json& json, const std::array<Word, N>& all,
                           std::string_view (*word)(Word)) {
  for (const Word each : all) {
    if (json.is_string() && json.get_ref<const std::string&>() == word(each)) return each;
  }
  return std::nullopt;
}

using Names = Certificate::Names;
constexpr std::array<const char*, 4> kNames = {"order", "core", "answers", "until"};

const char* key_of(Names names) { return kNames[static_cast<std::size_t>(names)]; }

/// What may prove a violation, the plainest first.
std::vector<std::pair<Names, std::vector<std::size_t>>> proofs_of(const CheckedHistory& history) {
  const checkers::HistoryJudgement& judgement = history.judgement;
  if (!judgement.contradiction.empty()) return {{Names::core, judgement.contradiction}};
  const Violation violation = explain_violation(history);
  std::vector<std::pair<Names, std::vector<std::size_t>>> proofs;
  if (!violation.only_listed) proofs.emplace_back(Names::answers, violation.core);
  if (violation.blocked) proofs.push_back({Names::until, {*violation.blocked}});
  return proofs;
}

}  // namespace

std::optional<Certificate> certificate_of(const CheckedHistory& history,
                                          const checkers::CheckOptions& options) {
  const checkers::HistoryJudgement& judgement = history.judgement;
  Certificate certificate{options.specification.name, options.policy, options.initial,
                          judgement.verdict,          Names::order,   {}};
  const auto name = [&](Names names, const std::vector<std::size_t>& calls) {
    certificate.names = names;
    certificate.calls.clear();
    for (const std::size_t call : calls) certificate.calls.push_back(history.calls[call].event());
  };
  if (judgement.verdict == Verdict::holds) {
    if (!history.judge->proves(judgement.order)) return std::nullopt;
    name(Names::order, judgement.order);
    return certificate;
  }
  if (judgement.verdict != Verdict::violated) return std::nullopt;
  for (const auto& [names, calls] : proofs_of(history)) {
    name(names, calls);
    if (verify(certificate, history) == Verdict::violated) break;
  }
  return certificate;
}

std::string certificate_json(const Certificate& certificate) {
  Json json{{"leasehold_certificate", kVersion},
            {"specification", certificate.specification},
            {"policy", word(certificate.policy)}};
  if (certificate.initial) json["initial"] = edn(*certificate.initial);
  json["verdict"] = checkers::verdict_word(certificate.verdict);
  json[key_of(certificate.names)] = certificate.calls;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

support::Expected<Certificate> parse_certificate(const std::string& text, const std::string& file) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("leasehold_certificate", Json()) != kVersion) {
    return unreadable(file, "is no certificate of this version");
  }
  Certificate certificate;
  const auto policy = worded<FailedReleases>(
      json.value("policy", Json()),
      std::array{FailedReleases::drop, FailedReleases::ends_hold, FailedReleases::observation},
      word);
  const auto verdict =
      worded<Verdict>(json.value("verdict", Json()), std::array{Verdict::holds, Verdict::violated},
                      checkers::verdict_word);
  const Json specification = json.value("specification", Json());
  if (!policy || !verdict || !specification.is_string()) {
    return unreadable(file, "says not what was judged how");
  }
  certificate.policy = *policy;
  certificate.verdict = *verdict;
  certificate.specification = specification.get<std::string>();
  const Json initial = json.value("initial", Json());
  if (initial.is_string()) {
    auto value = checkers::parse_edn(initial.get<std::string>());
    if (!value) return unreadable(file, "has no EDN value in \"initial\"");
    certificate.initial = std::move(value).value();
  }
  certificate.names = Names::core;
  for (const Names names : {Names::answers, Names::until}) {
    if (json.contains(key_of(names))) certificate.names = names;
  }
  if (*verdict == Verdict::holds) certificate.names = Names::order;
  const Json calls = json.value(key_of(certificate.names), Json());
  const bool numbers =
      calls.is_array() &&
      std::all_of(calls.begin(), calls.end(), [](const Json& n) { return n.is_number_unsigned(); });
  if (!numbers) return unreadable(file, "lists no calls");
  certificate.calls = calls.get<std::vector<std::uint64_t>>();
  return certificate;
}

Verdict verify(const Certificate& certificate, const CheckedHistory& history) {
  std::unordered_map<std::uint64_t, std::size_t> by_event;
  for (std::size_t i = 0; i < history.calls.size(); ++i) by_event[history.calls[i].event()] = i;
  std::vector<std::size_t> calls;
  for (const std::uint64_t event : certificate.calls) {
    const auto call = by_event.find(event);
    if (call == by_event.end()) return Verdict::not_applicable;
    calls.push_back(call->second);
  }
  if (certificate.verdict == Verdict::holds) {
    return history.judge->proves(calls) ? Verdict::holds : Verdict::not_applicable;
  }
  if (calls.empty()) return Verdict::not_applicable;
  std::optional<bool> refuted;
  if (certificate.names == Names::answers) {
    refuted = history.judge->refutes_answers(calls);
  } else if (certificate.names == Names::until) {
    refuted = history.judge->refutes_until(calls.front());
  } else {
    refuted = history.judge->refutes(calls);
  }
  if (!refuted) return Verdict::unknown;
  return *refuted ? Verdict::violated : Verdict::not_applicable;
}

}  // namespace leasehold::reports
