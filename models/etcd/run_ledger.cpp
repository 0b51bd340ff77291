#include "models/etcd/run_ledger.hpp"

#include <algorithm>

#include "models/attempt.hpp"
#include "support/assert.hpp"

namespace leasehold::models::etcd {

using checkers::Grant;
using sim::Duration;

void RunLedger::enter(const sim::Process& client) {
  const auto known = [&client](const Contender& c) { return c.process == &client; };
  if (std::none_of(contenders_.begin(), contenders_.end(), known)) {
    contenders_.push_back(
        {&client, client.wall_now().since_zero() - client.boot_now().since_zero(), true});
  }
  contender(client).alive = true;
}

void RunLedger::leave(const sim::Process& client) { contender(client).alive = false; }

void RunLedger::stamp(const sim::Process& client, checkers::AttemptId attempt, sim::WallTime now) {
  const Duration unstepped = client.boot_now().since_zero() + contender(client).wall_minus_boot;
  stamps_.push_back({attempt, static_cast<std::uint64_t>(now.since_zero().ns()), unstepped});
}

void RunLedger::on_apply(sim::Process& member, raft::LogIndex index, const Command& command,
                         const Applied& applied) {
  if (index <= seen_) return;
  seen_ = index;
  recorder_ = &member.recorder();
  if (command.kind == Command::Kind::put_last_run && applied.changed) {
    begin(command, applied.mod_revision);
  }
}

void RunLedger::begin(const Command& command, Revision revision) {
  const auto stamp = std::find_if(stamps_.begin(), stamps_.end(), [&command](const Stamp& s) {
    return s.attempt == command.attempt && s.value == command.value;
  });
  LH_ASSERT(stamp != stamps_.end());
  auto grant = std::find_if(standing_.begin(), standing_.end(),
                            [&command](const Standing& g) { return g.attempt == command.attempt; });
  const bool begins = grant == standing_.end();
  if (begins) grant = standing_.insert(standing_.end(), Standing{command.attempt, 0, {}});
  grant->revision = revision;
  recorder_->emit(Grant{begins ? Grant::Phase::begun : Grant::Phase::renewed, Grant::End::none,
                        client_of(command.attempt), command.attempt, revision});
  arm(*grant, stamp->unstepped + period_);
  stamps_.erase(stamp);
}

void RunLedger::arm(Standing& grant, Duration due) {
  for (const sim::TimerId timer : grant.ends) recorder_->cancel(timer);
  grant.ends.clear();
  for (const Contender& c : contenders_) {
    grant.ends.push_back(recorder_->at(*c.process, sim::ClockKind::boot, due - c.wall_minus_boot,
                                       *this, grant.attempt));
  }
}

void RunLedger::on_deadline(std::uint64_t attempt) {
  const auto grant = std::find_if(standing_.begin(), standing_.end(),
                                  [attempt](const Standing& g) { return g.attempt == attempt; });
  for (const sim::TimerId timer : grant->ends) recorder_->cancel(timer);
  recorder_->emit(Grant{Grant::Phase::ended, Grant::End::deadline, client_of(attempt), attempt,
                        grant->revision});
  standing_.erase(grant);
}

RunLedger::Contender& RunLedger::contender(const sim::Process& client) {
  const auto found = std::find_if(contenders_.begin(), contenders_.end(),
                                  [&client](const Contender& c) { return c.process == &client; });
  LH_ASSERT(found != contenders_.end());
  return *found;
}

WayOut RunLedger::way_out(std::uint64_t last) const {
  const Duration due = Duration::nanoseconds(static_cast<std::int64_t>(last)) + period_;
  std::vector<WayOut::Event> events;
  for (const Contender& c : contenders_) {
    if (c.alive)
      events.emplace_back(WayOut::ClockReads{c.process->id(), sim::ClockKind::wall, due});
  }
  return WayOut::by(1, std::move(events));
}

}  // namespace leasehold::models::etcd
