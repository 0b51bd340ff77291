#include "scenarios/cause.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "scenarios/run.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::FaultRecord;

/// Remembers when each fault was in effect.
class FaultsAtWork final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime at, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != FaultRecord::kRecordKind) return;
    const auto& fault = *static_cast<const FaultRecord*>(record);
    const std::int64_t now = at.since_zero().ns();
    if (fault.phase == FaultRecord::Phase::in_effect) {
      spans_.push_back({fault.fault, now, std::numeric_limits<std::int64_t>::max()});
    }
    if (fault.phase != FaultRecord::Phase::ended) return;
    for (Span& span : spans_) {
      if (span.fault == fault.fault) span.to_ns = now;
    }
  }

  /// The faults that were in effect before the end of that time: those that were in it longest
  /// first, after them those that had ended latest.
  std::vector<std::uint32_t> suspects(std::int64_t from_ns, std::int64_t to_ns) const {
    std::vector<Span> spans = spans_;
    std::erase_if(spans, [&](const Span& span) { return span.from_ns >= to_ns; });
    const auto lasted = [&](const Span& span) {
      return std::min(span.to_ns, to_ns) - std::max(span.from_ns, from_ns);
    };
    std::sort(spans.begin(), spans.end(), [&](const Span& a, const Span& b) {
      return std::pair(-lasted(a), a.fault) < std::pair(-lasted(b), b.fault);
    });
    std::vector<std::uint32_t> faults;
    for (const Span& span : spans) faults.push_back(span.fault);
    return faults;
  }

 private:
  struct Span {
    std::uint32_t fault;
    std::int64_t from_ns;
    std::int64_t to_ns;
  };
  std::vector<Span> spans_;
};

FaultPlan without(FaultPlan plan, std::uint32_t fault) {
  plan.faults.erase(plan.faults.begin() + fault);
  return plan;
}

}  // namespace

std::optional<PlannedFault> cause_of(const ResolvedCell& cell, std::uint64_t seed) {
  Runner runner(cell.cell());
  const auto overlap = [&](const FaultPlan& plan, const Onlookers& onlookers = {}) {
    return runner.run(seed, plan, onlookers).checker->work_exclusion().first;
  };
  const FaultPlan plan = draw_fault_plan(cell.scenario(), seed);
  FaultsAtWork faults;
  Onlookers onlookers;
  onlookers.records = &faults;
  const auto first = overlap(plan, onlookers);
  if (!first || overlap({})) return std::nullopt;
  const std::vector<std::uint32_t> suspects =
      faults.suspects(first->earlier.begun.at_ns, first->later.begun.at_ns);
  if (suspects.empty()) return std::nullopt;
  for (const std::uint32_t suspect : suspects) {
    if (!overlap(without(plan, suspect))) return plan.faults[suspect];
  }
  return plan.faults[suspects.front()];
}

}  // namespace leasehold::scenarios
