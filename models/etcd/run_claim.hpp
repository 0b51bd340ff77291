#pragma once

#include "models/etcd/polled_claim.hpp"
#include "models/etcd/run_ledger.hpp"

namespace leasehold::models::etcd {

/// `etcd-cas` with compare=mod: the claim of the next run of a job that is due every T seconds, by
/// compare-and-set on the time of the last one. No lease, no lock.
class RunClaim final : public PolledClaim {
 public:
  RunClaim(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
           const Options& options, sim::Duration period, RunLedger& ledger);
  ~RunClaim() override;

  sim::Task<Answer> release() override;

 private:
  sim::Task<Answer> claim(AttemptId attempt, sim::MonoTime until) override;

  sim::Duration period_;
  RunLedger& ledger_;
};

}  // namespace leasehold::models::etcd
