#include "scenarios/timeline/findings.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/fault_kinds.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;

void add(std::vector<TimelineFinding>& findings, Property property,
         const checkers::ExclusionResult& result) {
  if (result.verdict != Verdict::violated || !result.first) return;
  const checkers::Overlap& overlap = *result.first;
  findings.push_back({property,
                      overlap.later.begun.at_ns,
                      overlap.ended.at_ns,
                      {overlap.earlier.attempt, overlap.later.attempt}});
}

void add(std::vector<TimelineFinding>& findings, const checkers::EffectResult& result) {
  if (result.verdict != Verdict::violated || !result.first) return;
  const checkers::EffectViolation& violation = *result.first;
  findings.push_back({Property::effect_safety,
                      violation.earlier_at.at_ns,
                      violation.at.at_ns,
                      {violation.earlier_attempt, violation.effect.attempt}});
}

void add(std::vector<TimelineFinding>& findings, const checkers::ProgressResult& result) {
  if (result.verdict != Verdict::violated) return;
  findings.push_back(
      {Property::progress, result.since_ns, result.since_ns + result.longest_ns, {}});
}

bool must_exclude(const TimelineBar& a, const TimelineBar& b) {
  using Kind = TimelineBar::Kind;
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::grant) return a.attempt != b.attempt;
  return (a.kind == Kind::belief || a.kind == Kind::work) && a.lane != b.lane;
}

}  // namespace

std::vector<TimelineFinding> findings_of(const checkers::RunChecker& checker) {
  std::vector<TimelineFinding> findings;
  add(findings, Property::work_exclusion, checker.work_exclusion());
  add(findings, checker.effects());
  add(findings, Property::belief_exclusion, checker.belief_exclusion());
  add(findings, Property::grant_exclusion, checker.grant_exclusion());
  add(findings, checker.progress());
  return findings;
}

void find_overlaps(Timeline& timeline) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < timeline.bars.size(); ++i) {
    const TimelineBar& bar = timeline.bars[i];
    std::erase_if(open, [&](std::size_t other) { return timeline.bars[other].to <= bar.from; });
    for (const std::size_t other : open) {
      const TimelineBar& earlier = timeline.bars[other];
      if (!must_exclude(earlier, bar)) continue;
      timeline.overlaps.push_back({other, i, bar.from, std::min(earlier.to, bar.to)});
    }
    open.push_back(i);
  }
}

void bound_faults(Timeline& timeline) {
  for (TimelineFault& fault : timeline.faults) {
    if (fault.applied == kNoEvent) continue;
    const FaultKindInfo& kind = info(fault.planned.kind);
    const std::int64_t applied = timeline.at_ns(fault.applied);
    fault.until_ns = applied;
    if (kind.takes(FaultParameter::duration) && fault.ended != kNoEvent) {
      fault.until_ns = timeline.at_ns(fault.ended);
    } else if (kind.takes(FaultParameter::restart_after)) {
      const auto& down = fault.planned.restart_after_ns;
      fault.until_ns = down ? std::min(applied + *down, timeline.healed_ns) : timeline.end_ns;
    }
  }
}

std::vector<SharedStretch> shared_stretches(const Timeline& timeline) {
  std::vector<SharedStretch> all;
  for (const TimelineOverlap& overlap : timeline.overlaps) {
    all.push_back({overlap.earlier, overlap.from, overlap.to});
    all.push_back({overlap.later, overlap.from, overlap.to});
  }
  std::sort(all.begin(), all.end(), [](const SharedStretch& a, const SharedStretch& b) {
    return std::pair(a.bar, a.from) < std::pair(b.bar, b.from);
  });
  std::vector<SharedStretch> joined;
  for (const SharedStretch& stretch : all) {
    const bool goes_on =
        !joined.empty() && joined.back().bar == stretch.bar && stretch.from <= joined.back().to;
    if (goes_on) {
      joined.back().to = std::max(joined.back().to, stretch.to);
    } else {
      joined.push_back(stretch);
    }
  }
  return joined;
}

TimeWindow opening_window(const Timeline& timeline) {
  if (timeline.findings.empty()) return {0, timeline.end_ns};
  const TimelineFinding& finding = timeline.findings.front();
  TimeWindow window{finding.from_ns, std::max(finding.to_ns, finding.from_ns)};
  for (const TimelineBar& bar : timeline.bars) {
    const auto& attempts = finding.attempts;
    if (std::find(attempts.begin(), attempts.end(), bar.attempt) == attempts.end()) continue;
    window.from_ns = std::min(window.from_ns, timeline.at_ns(bar.from));
  }
  // At least so much that the lengths of things can be told.
  constexpr std::int64_t kLeastNs = 20'000'000;
  const std::int64_t margin = std::max(kLeastNs, (window.to_ns - window.from_ns) / 8);
  return {std::max<std::int64_t>(0, window.from_ns - margin),
          std::min(timeline.end_ns, window.to_ns + margin)};
}

}  // namespace leasehold::scenarios
