#include <utility>

#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {

using checkers::AttemptId;
using sim::Duration;
using sim::MonoTime;
using sim::Task;
using Guard = PeriodJob::Guard;

// try for the lock, run the job if it is this server's turn, then release or let the lease run out
Task<void> PeriodJobWorker::run() {
  while (const auto round = next_round()) {
    if (round->think_ns > 0) co_await self_.sleep(Duration::nanoseconds(round->think_ns));
    const AttemptId attempt = next_attempt();
    const bool held = co_await acquire(attempt);
    if (!held) continue;
    const MonoTime next_try = self_.mono_now() + period_job_.poll;
    enter(attempt);
    const bool due = co_await is_due();
    if (due) co_await run_job(Duration::nanoseconds(round->work_ns));
    leave(attempt);
    if (period_job_.guard == Guard::hold_to_expiry) {
      lock_->forget();
    } else {
      co_await release(attempt);
    }
    co_await self_.sleep_until(next_try);
  }
}

// Servers are started one after the other: their polls have no common phase.
PlannedRound PeriodJobWorker::draw_round() {
  PlannedRound round;
  if (std::exchange(starting_, false)) {
    const auto poll = static_cast<std::uint64_t>(period_job_.poll.ns());
    round.think_ns = static_cast<std::int64_t>(think_time_.below(poll));
  }
  round.work_ns = context_.work.sample(work_time_).ns();
  return round;
}

Task<bool> PeriodJobWorker::is_due() {
  if (period_job_.guard != Guard::last_run) co_return true;
  const bool known = co_await read();
  const Duration last_run = Duration::milliseconds(static_cast<std::int64_t>(last_job_));
  co_return known&& self_.wall_now().since_zero() - last_run >= period_job_.period;
}

Task<void> PeriodJobWorker::run_job(Duration work) {
  job_ = static_cast<std::uint64_t>(self_.wall_now().since_zero() / Duration::milliseconds(1));
  const bool accepted = co_await write();
  if (!accepted) co_return;
  self_.recorder().emit(checkers::JobRun{client_, attempt()});
  co_await self_.compute(work);
}

}  // namespace leasehold::scenarios
