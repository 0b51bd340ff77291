#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using sim::Duration;
using sim::Task;

// think, acquire, read, then work in slices with a write after each, release
Task<void> CriticalSectionWorker::run() {
  while (true) {
    const Duration think = context_.think.sample(think_time_);
    const Duration work = context_.work.sample(work_time_);
    co_await self_.sleep(think);
    const AttemptId attempt = next_attempt();
    const bool held = co_await acquire(attempt);
    if (!held) continue;
    enter(attempt);
    co_await update(work);
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
