#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using sim::Duration;
using sim::MonoTime;
using sim::Task;

// when a generation falls due: acquire, see whether somebody has built it, build it, release
Task<void> IndexJobWorker::run() {
  const Duration every = index_job_.every.resolve(context_.scenario->yardsticks());
  while (true) {
    const Duration late = context_.think.sample(think_time_);
    const Duration work = context_.work.sample(work_time_);
    job_ = static_cast<std::uint64_t>(self_.mono_now().since_zero() / every) + 1;
    co_await self_.sleep_until(MonoTime::at(every * static_cast<std::int64_t>(job_)) + late);
    const AttemptId attempt = next_attempt();
    const bool held = co_await acquire(attempt);
    if (!held) continue;
    enter(attempt);
    co_await rebuild(work);
    leave(attempt);
    co_await release(attempt);
  }
}

Task<void> IndexJobWorker::rebuild(Duration work) {
  bool mine = co_await read();
  if (last_job_ >= job_) co_return;
  for (std::uint32_t i = 0; mine && i < index_job_.updates; ++i) {
    co_await self_.compute(work / index_job_.updates);
    mine = co_await write();
  }
}

}  // namespace leasehold::scenarios
