#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {
namespace {

/// Picks one of several callables by the alternative of a variant.
template <class... Callables>
struct Overloaded : Callables... {
  using Callables::operator()...;
};

}  // namespace

std::unique_ptr<Worker> make_worker(sim::Process& self, checkers::ClientId client,
                                    const WorkloadContext& context) {
  return std::visit(
      Overloaded{[&](const CriticalSection& section) -> std::unique_ptr<Worker> {
                   return std::make_unique<CriticalSectionWorker>(self, client, context,
                                                                  section.updates, false);
                 },
                 [&](const Counter& counter) -> std::unique_ptr<Worker> {
                   return std::make_unique<CriticalSectionWorker>(self, client, context,
                                                                  counter.updates, true);
                 },
                 [&](const PeriodJob& job) -> std::unique_ptr<Worker> {
                   return std::make_unique<PeriodJobWorker>(self, client, context, job);
                 },
                 [&](const IndexJob& job) -> std::unique_ptr<Worker> {
                   return std::make_unique<IndexJobWorker>(self, client, context, job);
                 },
                 [&](const Voucher& voucher) -> std::unique_ptr<Worker> {
                   return std::make_unique<VoucherWorker>(self, client, context, voucher);
                 }},
      context.scenario->workload);
}

checkers::EffectRules effect_rules(const Workload& workload) {
  checkers::EffectRules rules;
  rules.rows = std::holds_alternative<Voucher>(workload);
  // That vouchers are looked at out of turn harms nobody; that one is given away twice does.
  rules.stale = !rules.rows && !std::holds_alternative<PeriodJob>(workload);
  rules.lost = rules.rows || std::holds_alternative<Counter>(workload);
  rules.duplicate = std::holds_alternative<IndexJob>(workload);
  return rules;
}

std::optional<checkers::FrequencyRule> frequency_rule(const Workload& workload) {
  const auto* job = std::get_if<PeriodJob>(&workload);
  if (job == nullptr) return std::nullopt;
  checkers::FrequencyRule rule;
  rule.period_ns = job->period.ns();
  rule.tolerance_percent = job->tolerance_per_mille / 10;
  rule.min_within_percent = job->min_within_per_mille / 10;
  return rule;
}

}  // namespace leasehold::scenarios
