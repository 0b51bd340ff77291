#pragma once

#include <optional>

#include "checkers/run_checker.hpp"
#include "scenarios/workload/worker.hpp"

namespace leasehold::scenarios {

/// `critical-section` and `counter`: every hold reads the resource and writes it, `updates` times.
/// The counter reads anew before each write, so that each is an increment of what it saw.
class CriticalSectionWorker final : public Worker {
 public:
  CriticalSectionWorker(sim::Process& self, checkers::ClientId client,
                        const WorkloadContext& context, std::uint32_t updates, bool reads_again)
      : Worker(self, client, context), updates_(updates), reads_again_(reads_again) {}
  sim::Task<void> run() override;

 private:
  sim::Task<void> update(sim::Duration work);

  std::uint32_t updates_;
  bool reads_again_;
};

/// `period-job`: one of several servers that must run a job about once per period, with the lock as
/// the only thing that keeps them apart in time.
class PeriodJobWorker final : public Worker {
 public:
  PeriodJobWorker(sim::Process& self, checkers::ClientId client, const WorkloadContext& context,
                  const PeriodJob& job)
      : Worker(self, client, context), period_job_(job) {}
  sim::Task<void> run() override;

 private:
  PlannedRound draw_round() override;
  sim::Task<void> run_job(sim::Duration work);
  /// Whether a period has passed since the run that the resource remembers, by this host's clock.
  sim::Task<bool> is_due();

  PeriodJob period_job_;
  bool starting_ = true;  ///< has drawn no round yet
};

/// `index-job`: from time to time an index must be rebuilt once, by whoever gets the lock.
class IndexJobWorker final : public Worker {
 public:
  IndexJobWorker(sim::Process& self, checkers::ClientId client, const WorkloadContext& context,
                 const IndexJob& job)
      : Worker(self, client, context), index_job_(job) {}
  sim::Task<void> run() override;

 private:
  sim::Task<void> rebuild(std::uint64_t generation, sim::Duration work);

  IndexJob index_job_;
};

/// `voucher`: one of several pods that handle messages: find a free voucher, claim it, tell the
/// user.
class VoucherWorker final : public Worker {
 public:
  VoucherWorker(sim::Process& self, checkers::ClientId client, const WorkloadContext& context,
                const Voucher& voucher);
  sim::Task<void> run() override;

 private:
  /// Until it is handled, however often it has to come.
  sim::Task<void> handle(PlannedRound message);
  sim::Task<bool> try_to_handle(sim::Duration work);
  /// Claims the voucher that was found, and where a row is kept for each user writes it there.
  sim::Task<bool> give();
  sim::Task<std::uint64_t> given_before();
  sim::Task<bool> find_voucher(checkers::AttemptId attempt);
  sim::Task<bool> claim();
  sim::Task<void> tell_user(checkers::AttemptId attempt);

  Voucher voucher_;
  sim::Duration hold_after_;
  sim::Duration redelivery_;
  std::uint64_t user_ = 0;  ///< the row of the message's user; 0 where nobody keeps one
};

/// What would harm the resource of a workload.
checkers::EffectRules effect_rules(const Workload& workload);
/// The rule that the period job sets, if the workload is one.
std::optional<checkers::FrequencyRule> frequency_rule(const Workload& workload);

}  // namespace leasehold::scenarios
