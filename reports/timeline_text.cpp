#include "reports/timeline_text.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "checkers/record/verdict_word.hpp"
#include "models/describe.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {

using checkers::Property;
using models::attempt_name;

std::string time_text(std::int64_t at_ns, int decimals) {
  std::int64_t unit = 1'000'000'000;
  for (int i = 0; i < decimals; ++i) unit /= 10;
  return fixed_point(at_ns / unit, decimals) + " s";
}

std::string ahead_text(std::int64_t ahead_ns) {
  if (std::abs(ahead_ns) < 1'000) return "±0";
  return (ahead_ns < 0 ? "−" : "+") + duration_text(std::abs(ahead_ns));
}

std::string bar_name(const Timeline& timeline, const TimelineBar& bar) {
  if (bar.kind != TimelineBar::Kind::leads) {
    return bar.attempt == 0 ? "" : attempt_name(bar.attempt);
  }
  std::string name(timeline.leader_word);
  if (bar.term != 0) name += ", term " + std::to_string(bar.term);
  return name;
}

std::string bar_name_in_full(const Timeline& timeline, const TimelineBar& bar) {
  const std::string name = bar_name(timeline, bar);
  return bar.token == 0 ? name : name + ", token " + std::to_string(bar.token);
}

std::string bar_text(const Timeline& timeline, const TimelineBar& bar) {
  const std::string& lane = timeline.lanes[bar.lane].name;
  const std::string name = bar_name_in_full(timeline, bar);
  std::string what;
  switch (bar.kind) {
    case TimelineBar::Kind::belief:
      what = lane + " believes that it holds the lock (" + name + ")";
      break;
    case TimelineBar::Kind::grant:
      what = "the lock is granted to " + lane + " (" + name + ")";
      break;
    case TimelineBar::Kind::work:
      what = lane + " works (" + name + ")";
      break;
    case TimelineBar::Kind::stopped:
      what = lane + " is stopped";
      break;
    case TimelineBar::Kind::down:
      what = lane + " is down";
      break;
    case TimelineBar::Kind::leads:
      what = lane + " is " + name;
      break;
    case TimelineBar::Kind::keeps:
      what = lane + " keeps the lock for " + name;
      break;
  }
  const std::int64_t from = timeline.at_ns(bar.from);
  const std::int64_t to = timeline.at_ns(bar.to);
  return what + "\n" + time_text(from) + " to " + time_text(to) + ", " + duration_text(to - from) +
         "; then: " + std::string(bar.ended);
}

Phrase phrase_of(TimelineEvent::Kind kind) {
  switch (kind) {
    case TimelineEvent::Kind::sent:
      return {"sends ", " to "};
    case TimelineEvent::Kind::arrived:
      return {"receives ", " from "};
    case TimelineEvent::Kind::lost:
      return {"never gets ", " from "};
    case TimelineEvent::Kind::stalled:
      return {"", " to "};
    case TimelineEvent::Kind::connection:
      return {"", ": "};
    default:
      return {"", ""};
  }
}

std::string event_text(const Timeline& timeline, const TimelineEvent& event) {
  const Phrase phrase = phrase_of(event.kind);
  std::string text = std::string(phrase.before) + timeline.text(event.text);
  if (phrase.peer.empty() || event.peer == kNoLane) return text;
  return text + std::string(phrase.peer) + timeline.lanes[event.peer].name;
}

namespace {

std::string pair_text(const TimelineFinding& finding) {
  return attempt_name(finding.attempts[0]) + " and " + attempt_name(finding.attempts[1]) +
         ", for " + duration_text(finding.to_ns - finding.from_ns) + " from " +
         time_text(finding.from_ns);
}

/// And not another one whose name begins alike.
bool names(const std::string& text, const std::string& attempt) {
  const std::size_t found = text.find(attempt);
  if (found == std::string::npos) return false;
  const std::size_t end = found + attempt.size();
  return end == text.size() || text[end] < '0' || text[end] > '9';
}

}  // namespace

bool concerns_finding(const Timeline& timeline, const std::string& text) {
  if (timeline.findings.empty()) return false;
  const std::vector<checkers::AttemptId>& attempts = timeline.findings.front().attempts;
  return std::any_of(attempts.begin(), attempts.end(), [&](checkers::AttemptId attempt) {
    return names(text, attempt_name(attempt));
  });
}

EventIndex focus_event(const Timeline& timeline) {
  using Kind = TimelineEvent::Kind;
  if (timeline.findings.empty()) return 0;
  const TimelineFinding& finding = timeline.findings.front();
  const bool effect = finding.property == Property::effect_safety;
  const std::int64_t at_ns = effect ? finding.to_ns : finding.from_ns;
  const Kind kind = effect                                           ? Kind::effect
                    : finding.property == Property::work_exclusion   ? Kind::work
                    : finding.property == Property::belief_exclusion ? Kind::belief
                                                                     : Kind::grant;
  EventIndex first = 0;
  while (first + 1 < timeline.events.size() && timeline.at_ns(first) < at_ns) ++first;
  for (EventIndex i = first; i < timeline.events.size(); ++i) {
    if (timeline.at_ns(i) > at_ns) break;
    if (timeline.events[i].kind == kind) return i;
  }
  return first;
}

std::string headline(const Timeline& timeline) {
  if (timeline.findings.empty()) {
    for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
      const auto verdict = timeline.verdicts[static_cast<Property>(i)].verdict;
      if (verdict == checkers::Verdict::violated) {
        return "Violated: " + std::string(checkers::kPropertyNames[i]);
      }
    }
    return "Nothing was violated";
  }
  const TimelineFinding& finding = timeline.findings.front();
  switch (finding.property) {
    case Property::work_exclusion:
      return "Two clients worked at once: " + pair_text(finding);
    case Property::belief_exclusion:
      return "Two clients believed that they hold the lock: " + pair_text(finding);
    case Property::grant_exclusion:
      return "The lock was granted twice: to " + pair_text(finding);
    case Property::effect_safety:
      return "The resource came to harm: at " + time_text(finding.to_ns) + " it accepted what " +
             attempt_name(finding.attempts[1]) + " sent, after " +
             attempt_name(finding.attempts[0]);
    default:
      return "Nobody got the lock for " + duration_text(finding.to_ns - finding.from_ns) +
             " from " + time_text(finding.from_ns) + ", though somebody wanted it";
  }
}

std::string fault_course(const Timeline& timeline, const TimelineFault& fault) {
  if (fault.applied == kNoEvent) return "never came to pass";
  std::vector<std::string> names;
  for (const LaneIndex lane : fault.targets) names.push_back(timeline.lanes[lane].name);
  const std::int64_t from = timeline.at_ns(fault.applied);
  std::string course = joined(names, ", ") + ": ";
  course += fault.until_ns > from ? "from " + time_text(from) + " to " + time_text(fault.until_ns)
                                  : "at " + time_text(from);
  return course + (fault.in_effect == kNoEvent
                       ? ", never felt"
                       : ", felt from " + time_text(timeline.at_ns(fault.in_effect)));
}

bool is_clock_fault(scenarios::FaultKind kind) {
  using scenarios::FaultKind;
  return kind == FaultKind::clock_rate || kind == FaultKind::clock_slew ||
         kind == FaultKind::clock_step;
}

std::string_view word(checkers::Judgement judgement) {
  if (judgement.vacuous && judgement.verdict == checkers::Verdict::holds) return "holds (vacuous)";
  return checkers::verdict_word(judgement.verdict);
}

}  // namespace leasehold::reports
