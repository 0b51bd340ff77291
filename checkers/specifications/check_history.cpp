#include "checkers/specifications/check_history.hpp"

#include <utility>

#include "checkers/formats/pairing.hpp"

namespace leasehold::checkers {
namespace {

constexpr std::size_t kLongestWords = 80;

std::string words_of(const RecordedCall& call) {
  std::string text = call.invocation.f;
  if (!call.invocation.key.is_nil()) text += " " + edn(call.invocation.key);
  if (!call.invocation.value.is_nil()) text += " " + edn(call.invocation.value);
  const bool answered = call.completion && !call.completion->value.is_nil() &&
                        call.completion->value != call.invocation.value;
  if (answered) text += " → " + edn(call.completion->value);
  if (call.outcome == RecordedCall::Outcome::failed) text += ", which failed";
  if (call.outcome == RecordedCall::Outcome::indeterminate) text += ", whose answer was lost";
  if (text.size() <= kLongestWords) return text;
  std::size_t end = kLongestWords;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // within a code point
  return text.substr(0, end) + "…";
}

/// Hands everything that was recorded on to those who want to know.
class Intake {
 public:
  Intake(CheckedHistory& history, bool owned) : history_(history), owned_(owned) {}

  void take(const RecordedCall& call) {
    if (owned_) history_.views.observe(call);
    if (!accepted(history_.judge->accept(call))) return;
    CheckedCall shown = shown_as(call.invocation, call.invoked);
    shown.responded = call.responded;
    if (call.completion) {
      shown.answered_line = call.completion->place.line;
      shown.answered_ns = call.completion->time_ns;
    }
    std::string text;
    if (history_.calls.wants_text()) text = words_of(call);
    shown.text = text;
    history_.calls.push_back(shown);
  }

  void take(const RecordedEvent& fact, Position at) {
    if (owned_) history_.views.observe_fact(fact, at);
    if (!accepted(history_.judge->accept_fact(fact, at))) return;
    CheckedCall shown = shown_as(fact, at);
    const std::string text = fact.f + " " + edn(fact.value);
    shown.text = text;
    history_.calls.push_back(shown);
  }

  [[nodiscard]] const support::Diagnostics& problems() const { return problems_; }

 private:
  bool accepted(support::Expected<bool> answer) {
    if (answer) return *answer;
    constexpr std::size_t kMost = 3;  // the wrong specification makes every line wrong
    if (problems_.size() < kMost) problems_.push_back(answer.error().front());
    return false;
  }
  static CheckedCall shown_as(const RecordedEvent& event, Position at) {
    CheckedCall shown;
    shown.process = event.process.number;
    shown.invoked = at;
    shown.line = event.place.line;
    shown.invoked_ns = event.time_ns;
    return shown;
  }

  CheckedHistory& history_;
  bool owned_;
  support::Diagnostics problems_;
};

}  // namespace

support::Expected<CheckedHistory> read_history(std::unique_ptr<ByteSource> source,
                                               const CheckOptions& options) {
  auto opened = open_history(std::move(source));
  if (!opened) return std::move(opened).error();
  CheckedHistory history;
  history.format = opened->format;
  ReadingRules rules = rules_of(opened->format);
  if (options.initial) rules.initial = options.initial;
  rules.failed_releases = options.policy;
  history.judge = options.specification.judge(rules);
  Intake intake(history, options.specification.exclusive);
  Pairing pairing([&intake](RecordedCall& call) { intake.take(call); },
                  [&intake](const RecordedEvent& fact, Position at) { intake.take(fact, at); });
  const auto problem = pair_events(*opened->events, pairing, [&](std::uint64_t line) {
    if (history.bytes() > options.budget.bytes) history.cut_after_line = line;
    return history.cut_after_line.has_value();
  });
  history.events = pairing.events();
  if (problem) return support::Diagnostics{*problem};
  if (!intake.problems().empty()) return intake.problems();
  return history;
}

void judge_history(CheckedHistory& history, const CheckOptions& options) {
  if (history.cut_after_line) {
    history.judgement.procedure = "nothing";
    return;
  }
  history.judgement = history.judge->judge(options.budget);
  if (options.certify) history.judge->complete(history.judgement, options.budget);
  history.views.finish();
  constexpr std::array kPolicies = {FailedReleases::drop, FailedReleases::ends_hold,
                                    FailedReleases::observation};
  std::array<Verdict, 3> under{};
  for (std::size_t i = 0; i < kPolicies.size(); ++i) {
    const auto verdict = history.judge->judge_under(kPolicies[i], options.budget);
    if (!verdict) return;
    under[i] = *verdict;
  }
  history.under = under;
}

}  // namespace leasehold::checkers
