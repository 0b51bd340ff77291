#include "models/etcd/run_claim.hpp"

#include "models/milestone.hpp"

// Whoever changes the time of the last run runs the job: claimed first, so at most once. T is the
// lease of the setting.
//   (1) get last_run, and its mod_revision r; 0 if the job never ran
//   (2) it is less than T ago by our wall clock: not due; wait and start again
//   (3) Txn: if mod_revision(last_run) == r then put(last_run, now)
//   (4) succeeded: ours, the next run falls due T later, whatever becomes of us
//   (5) failed: another claimed it since (1); wait and start again
//   (6) no answer: it may be ours, and nobody will ever know; wait and start again
//   (7) release: nothing is given back
namespace leasehold::models::etcd {

using sim::Duration;
using sim::MonoTime;
using sim::Task;
using sim::WallTime;

RunClaim::RunClaim(sim::Process& self, ClientId client, const std::vector<sim::ProcessId>& members,
                   const Options& options, Duration period, RunLedger& ledger)
    : PolledClaim(self, client, members, options), period_(period), ledger_(ledger) {
  ledger_.enter(self);
}

RunClaim::~RunClaim() { ledger_.leave(self()); }

Task<LockClient::Answer> RunClaim::claim(AttemptId attempt, MonoTime until) {
  reach(*this, Milestone::What::acquire_sent, attempt);
  const Request get{0, Verb::get_last_run, 0, kLastRun, 0, 0, 0, 0};
  const std::optional<Reply> last = co_await etcd().call(get, until);  // (1)
  if (!last || last->status != Status::ok) co_return Answer::no;
  const WallTime now = self().wall_now();
  const Duration last_run = Duration::nanoseconds(static_cast<std::int64_t>(last->value));
  const bool ran = last->mod_revision != 0;
  if (ran && now.since_zero() - last_run < period_) co_return Answer::no;  // (2)

  ledger_.stamp(self(), attempt, now);
  const MonoTime sent = self().mono_now();
  const Request put{0,
                    Verb::put_last_run,
                    0,
                    kLastRun,
                    0,
                    attempt,
                    last->mod_revision,
                    static_cast<std::uint64_t>(now.since_zero().ns())};
  const std::optional<Reply> claimed = co_await etcd().call(put, until);           // (3)
  if (!claimed || claimed->status == Status::timeout) co_return Answer::unknown;   // (6)
  if (claimed->status != Status::ok) co_return Answer::no;                         // (5)
  believe(attempt, token_of(claimed->mod_revision), deadline_at(sent + period_));  // (4)
  co_return Answer::yes;
}

Task<LockClient::Answer> RunClaim::release() {
  stop_believing();
  reach(*this, Milestone::What::release_sent, attempt());
  co_return Answer::no;  // (7)
}

}  // namespace leasehold::models::etcd
