#include "models/milestone.hpp"
#include "scenarios/workload/workloads.hpp"

// The vouchers are the rows of the resource, and one lock stands for all of them: who takes it for
// the voucher that it has found meets there whoever found the same one. A message is a round of its
// pod: its think time is how long it took to arrive, its work time what the pod computes with the
// voucher in its hands. A pod that crashes takes its message with it, or whoever takes its place
// gets that again: then a row is kept for each user, in which the voucher stands that he has been
// given.
namespace leasehold::scenarios {

using checkers::AttemptId;
using checkers::Milestone;
using sim::Duration;
using sim::Task;

VoucherWorker::VoucherWorker(sim::Process& self, checkers::ClientId client,
                             const WorkloadContext& context, const Voucher& voucher)
    : Worker(self, client, context),
      voucher_(voucher),
      hold_after_(voucher.hold_after.resolve(context.scenario->yardsticks())),
      redelivery_(voucher.redelivery.resolve(context.scenario->yardsticks())) {}

Task<void> VoucherWorker::run() {
  if (const auto again = context_.rounds->kept(client_)) {
    co_await self_.sleep(redelivery_);
    co_await handle(*again);
  }
  while (const auto round = next_round()) {
    co_await self_.sleep(Duration::nanoseconds(round->think_ns));
    co_await handle(*round);
  }
}

Task<void> VoucherWorker::handle(PlannedRound message) {
  Rounds& queue = *context_.rounds;
  if (voucher_.acknowledge == Voucher::Acknowledge::when_done) {
    queue.keep(client_, message);
    user_ = models::resource::kFirstKey * (client_ + 1) + queue.number(client_);
  }
  bool handled = co_await try_to_handle(Duration::nanoseconds(message.work_ns));
  while (!handled) {
    co_await self_.sleep(redelivery_);
    handled = co_await try_to_handle(Duration::nanoseconds(message.work_ns));
  }
  queue.acknowledge(client_);
}

// lock-first: acquire, look, work, claim, release, tell the user
// read-first: look, work, acquire, claim, release, tell the user
Task<bool> VoucherWorker::try_to_handle(Duration work) {
  const bool reads_first = voucher_.order == Voucher::Order::read_first;
  const AttemptId attempt = next_attempt();
  if (reads_first) {
    const bool found = co_await find_voucher(attempt);
    if (!found) co_return false;
    co_await self_.compute(work);
  }
  const bool held = co_await acquire(attempt);
  if (!held) co_return false;
  enter(attempt);
  bool claimed = true;
  if (!reads_first) {
    claimed = co_await find_voucher(attempt);
    co_await self_.compute(work);
  }
  if (claimed) claimed = co_await give();
  co_await self_.sleep(hold_after_);
  leave(attempt);
  co_await release(attempt);
  if (claimed) co_await tell_user(attempt);
  co_return claimed;
}

/// Under the lock or before it: the table does not ask. False: refused by fencing.
Task<bool> VoucherWorker::find_voucher(AttemptId attempt) {
  co_await step();
  models::reach(*lock_, Milestone::What::effect_sent, attempt);
  const Cause cause{attempt, lock_->token(), 0};
  const auto found = co_await resource_.find_free_row(cause);
  job_ = found.job;
  co_return found.accepted;
}

// The voucher and the row of its user are written one after the other, in no transaction.
Task<bool> VoucherWorker::give() {
  std::uint64_t given = 0;
  if (user_ != 0 && voucher_.recognise) given = co_await given_before();
  bool claimed = given > 0;
  if (!claimed) claimed = co_await claim();
  if (!claimed || user_ == 0) co_return claimed;
  job_ = user_;
  models::reach(*lock_, Milestone::What::effect_sent, attempt());
  const auto written = co_await resource_.claim_row(cause(), false, given);
  co_return written.accepted;
}

/// How often the user of the message has been given a voucher.
Task<std::uint64_t> VoucherWorker::given_before() {
  models::reach(*lock_, Milestone::What::effect_sent, attempt());
  const Cause user{attempt(), lock_->token(), user_};
  const auto row = co_await resource_.look_at_row(user);
  co_return row.version;
}

Task<bool> VoucherWorker::claim() {
  const bool is_conditional = voucher_.claim != Voucher::Claim::blind;
  while (true) {
    const bool mine = co_await still_mine();
    if (!mine) co_return false;
    models::reach(*lock_, Milestone::What::effect_sent, attempt());
    const auto claimed = co_await resource_.claim_row(cause(), is_conditional);
    if (!claimed.taken) co_return claimed.accepted;
    if (voucher_.claim == Voucher::Claim::unchecked) co_return true;
    const bool found = co_await find_voucher(attempt());
    if (!found) co_return false;
  }
}

Task<void> VoucherWorker::tell_user(AttemptId attempt) {
  co_await step();
  models::reach(*lock_, Milestone::What::effect_sent, attempt);
  const Cause cause{attempt, 0, job_};
  co_await resource_.give_notice(cause);
}

}  // namespace leasehold::scenarios
