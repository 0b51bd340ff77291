#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using sim::Duration;
using sim::Task;

// think, acquire, read, then work in slices with a write after each, release
Task<void> CriticalSectionWorker::run() {
  while (const auto round = next_round()) {
    co_await self_.sleep(Duration::nanoseconds(round->think_ns));
    const AttemptId attempt = next_attempt();
    const bool held = co_await acquire(attempt);
    if (!held) continue;
    enter(attempt);
    co_await update(Duration::nanoseconds(round->work_ns));
    leave(attempt);
    co_await release(attempt);
  }
}

Task<void> CriticalSectionWorker::update(Duration work) {
  bool mine = co_await read();
  for (std::uint32_t i = 0; mine && i < updates_; ++i) {
    if (reads_again_ && i > 0) mine = co_await read();
    if (!mine) co_return;
    co_await self_.compute(work / updates_);
    mine = co_await write();
  }
}

}  // namespace leasehold::scenarios
