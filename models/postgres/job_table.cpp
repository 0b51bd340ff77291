#include "models/postgres/job_table.hpp"

#include "models/postgres/log.hpp"

namespace leasehold::models::postgres {
namespace {

constexpr sim::Duration kMicrosecond = sim::Duration::microseconds(1);

}  // namespace

JobTable::JobTable(sim::Process& self, sim::Duration period, ClaimGrant& grants)
    : self_(self),
      period_us_(period / kMicrosecond),
      grants_(grants),
      log_(self.file(kJobFile)),
      unlocked_(self) {
  drop_torn_end(log_);
  if (log_.size() == 0) return;
  committed_ = log_[log_.size() - 1].as<Row>();
  const std::int64_t left_us = committed_.last_run_us + period_us_ - wall_us();
  commit(committed_, self_.boot_now() + kMicrosecond * left_us);
}

sim::Task<std::optional<std::uint64_t>> JobTable::claim(checkers::AttemptId attempt) {
  while (is_due() && locked_) co_await unlocked_.wait();
  if (!is_due()) co_return 0;
  locked_ = true;
  const Row changed{wall_us(), committed_.runs + 1, attempt};
  // The time is kept in whole microseconds, the last begun one not counted.
  const sim::BootTime due = self_.boot_now() + kMicrosecond * (period_us_ - 1);
  log_.append(sim::DiskRecord::of(changed));
  const bool flushed = co_await self_.sync(log_);
  commit(changed, due);
  locked_ = false;
  unlocked_.notify_all();
  if (!flushed) co_return std::nullopt;
  co_return changed.runs;
}

void JobTable::commit(const Row& row, sim::BootTime due) {
  committed_ = row;
  grants_.on_claim(self_, row.attempt, row.runs, due);
}

WayOut JobTable::way_out() const {
  if (is_due()) return WayOut::free();
  const sim::Duration due = kMicrosecond * (committed_.last_run_us + period_us_);
  return WayOut::by(WayOut::ClockReads{self_.id(), sim::ClockKind::wall, due});
}

std::int64_t JobTable::wall_us() const { return self_.wall_now().since_zero() / kMicrosecond; }

}  // namespace leasehold::models::postgres
