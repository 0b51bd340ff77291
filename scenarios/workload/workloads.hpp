#pragma once

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

}  // namespace leasehold::scenarios
