#include "scenarios/shrink/trials.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios::shrinking {
namespace {

using checkers::FaultRecord;
using checkers::Operation;

/// Notes in the course of a run what makes up a sighting.
class Witness final : public sim::RecordSink {
 public:
  Witness(const WorkloadPlan& taken, Sighting& seen) : taken_(taken), seen_(seen) {}

  void on_record(sim::TrueTime at, std::uint64_t, std::uint16_t kind, const void* record) override {
    const std::int64_t now = at.since_zero().ns();
    switch (kind) {
      case FaultRecord::kRecordKind:
        see(*static_cast<const FaultRecord*>(record), now);
        break;
      case Operation::kRecordKind:
        see(*static_cast<const Operation*>(record), now);
        [[fallthrough]];
      case checkers::Work::kRecordKind:
      case checkers::Effect::kRecordKind:
        seen_.last_deed_ns = now;
        [[fallthrough]];
      case checkers::Grant::kRecordKind:
      case checkers::Belief::kRecordKind:
        ++seen_.size.records;
        break;
      default:
        break;
    }
  }

 private:
  void see(const FaultRecord& fault, std::int64_t now) {
    if (fault.phase == FaultRecord::Phase::applied || fault.phase == FaultRecord::Phase::ended) {
      ++seen_.size.records;
    }
    if (fault.phase != FaultRecord::Phase::bound) return;
    if (seen_.bound_ns.size() <= fault.fault) seen_.bound_ns.resize(fault.fault + 1, kNever);
    seen_.bound_ns[fault.fault] = now;
  }

  void see(const Operation& operation, std::int64_t now) {
    if (operation.kind != Operation::Kind::acquire) return;
    // The round that the client is in is the last that it took.
    const std::size_t taken = taken_.clients[operation.client].size();
    if (seen_.rounds.size() <= operation.client) seen_.rounds.resize(operation.client + 1);
    auto& rounds = seen_.rounds[operation.client];
    rounds.resize(taken);
    if (operation.phase == Operation::Phase::invoked) rounds.back().asked_ns = now;
    if (operation.phase == Operation::Phase::ok) rounds.back().got_ns = now;
  }

  const WorkloadPlan& taken_;
  Sighting& seen_;
};

/// A plan has its faults in that order, and so has a file.
void sort_by_start(FaultPlan& plan) {
  std::sort(plan.faults.begin(), plan.faults.end(), [](const auto& a, const auto& b) {
    return std::tie(a.start_ns, a.id) < std::tie(b.start_ns, b.id);
  });
}

/// Whether the job ran too soon too often, as if it had never been late.
bool ran_too_soon(const checkers::FrequencyRule& rule, const checkers::FrequencyCounts& counts) {
  const std::uint64_t gaps = counts.within_tolerance + counts.early;
  return counts.early > 0 && 100 * counts.within_tolerance < rule.min_within_percent * gaps;
}

}  // namespace

Trials::Trials(const Cell& cell, std::uint64_t seed, checkers::Property property, Basis basis,
               const ShrinkOptions& options)
    : cell_(cell), seed_(seed), property_(property), basis_(basis), options_(options) {
  cell_.scenario = &staged_;
}

std::optional<Shrunk::End> Trials::over() const {
  if (options_.stop != nullptr && *options_.stop) return Shrunk::End::stopped;
  if (accepted_ && runs_ >= options_.max_runs) return Shrunk::End::budget;
  return std::nullopt;
}

bool Trials::accept(Candidate candidate) {
  sort_by_start(candidate.plan.faults);
  const bool known = accepted_ && candidate == best_;
  if (over() || known) return false;
  Sighting seen;
  const bool violated = violates(candidate, seen);
  if (violated) {
    // Rounds that nobody came to are no part of the run.
    if (basis_ == Basis::rounds) candidate.plan.workload = taken_;
    accepted_ = true;
    best_ = std::move(candidate);
    seen_ = std::move(seen);
  }
  if (options_.on_progress) options_.on_progress({runs_, seen_.size});
  return violated;
}

bool Trials::violates(const Candidate& candidate, Sighting& seen) {
  if (!runner_ || !(staged_ == candidate.scenario)) {
    staged_ = candidate.scenario;
    runner_.emplace(cell_);
  }
  Witness witness(taken_, seen);
  Onlookers onlookers;
  onlookers.records = &witness;
  onlookers.rounds = &taken_;
  const RunResult result = runner_->run(seed_, candidate.plan, onlookers);
  ++runs_;
  seen.rounds.resize(taken_.clients.size());
  for (std::size_t i = 0; i < taken_.clients.size(); ++i) {
    seen.rounds[i].resize(taken_.clients[i].size());
    seen.size.rounds += taken_.clients[i].size();
    seen.size.clients += taken_.clients[i].empty() ? 0 : 1;
  }
  seen.bound_ns.resize(candidate.plan.faults.faults.size(), kNever);
  seen.size.faults = candidate.plan.faults.faults.size();
  seen.size.simulated_ns = result.simulated_ns;
  return is_violated(*result.checker);
}

bool Trials::is_violated(const checkers::RunChecker& checker) const {
  if (property_ == checkers::Property::frequency && basis_ == Basis::rounds) {
    const auto rule = frequency_rule(staged_.workload);
    return rule && ran_too_soon(*rule, checker.frequency()->counts);
  }
  return checker.verdicts()[property_].verdict == checkers::Verdict::violated;
}

}  // namespace leasehold::scenarios::shrinking
