#include "models/etcd/grant_ledger.hpp"

#include <algorithm>

#include "models/attempt.hpp"

namespace leasehold::models::etcd {

using checkers::Grant;

void GrantLedger::on_apply(sim::Process& member, raft::LogIndex index, const Command& command,
                           const Applied& applied) {
  if (index <= seen_) return;
  seen_ = index;
  recorder_ = &member.recorder();
  if (command.kind == Command::Kind::put_if_absent) put(command, applied);
  if (command.kind == Command::Kind::delete_key && applied.changed) remove(command);
  if (command.kind == Command::Kind::lease_revoke && applied.changed) revoke(command);
  begin_first();
}

void GrantLedger::put(const Command& command, const Applied& applied) {
  if (applied.changed) {
    entries_.push_back(
        {command.key, command.lease, command.attempt, applied.own_revision, false, false});
    return;
  }
  // The session asks again: what its key stands for passes to the newer attempt.
  Entry* held = live(command.key);
  if (held == nullptr || held->lease != command.lease || held->attempt == command.attempt) return;
  if (held->granted) end(*held, Grant::End::released);
  held->attempt = command.attempt;
  if (held->granted) begin(*held);
}

void GrantLedger::remove(const Command& command) {
  Entry* held = live(command.key);
  if (held == nullptr) return;
  const bool own = held->attempt == command.attempt;
  if (own && held->granted) end(*held, Grant::End::released);
  held->gone = true;
  if (own || !held->granted) entries_.erase(entries_.begin() + (held - entries_.data()));
  settle_gone(Grant::End::deadline);
}

void GrantLedger::revoke(const Command& command) {
  std::erase_if(entries_, [this, &command](const Entry& entry) {
    if (entry.lease != command.lease || entry.gone) return false;
    // A revocation in the name of an attempt is its release; the leader's own names none.
    const bool own = entry.granted && entry.attempt == command.attempt;
    if (own) end(entry, Grant::End::released);
    return own || !entry.granted;
  });
  for (Entry& entry : entries_) {
    if (entry.lease == command.lease) entry.gone = true;
  }
  settle_gone(Grant::End::session);
}

/// The first live key of the prefix has the lock.
void GrantLedger::begin_first() {
  const auto first = std::find_if(entries_.begin(), entries_.end(),
                                  [](const Entry& entry) { return !entry.gone; });
  if (first == entries_.end() || first->granted) return;
  first->granted = true;
  begin(*first);
}

void GrantLedger::begin(Entry& entry) {
  recorder_->emit(Grant{Grant::Phase::begun, Grant::End::none, client_of(entry.attempt),
                        entry.attempt, entry.revision});
}

void GrantLedger::end(const Entry& entry, Grant::End why) {
  recorder_->emit(
      Grant{Grant::Phase::ended, why, client_of(entry.attempt), entry.attempt, entry.revision});
}

/// Ends the grants whose keys are gone and for which nobody's promise stands any more.
void GrantLedger::settle_gone(Grant::End why) {
  std::erase_if(entries_, [this, why](const Entry& entry) {
    if (!entry.gone || is_promised(entry.lease)) return false;
    end(entry, why);
    return true;
  });
}

bool GrantLedger::is_promised(LeaseId lease) const {
  return std::any_of(promises_.begin(), promises_.end(),
                     [lease](const Promise& promise) { return promise.lease == lease; });
}

GrantLedger::Entry* GrantLedger::live(Key key) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [key](const Entry& entry) {
    return entry.key == key && !entry.gone;
  });
  return found == entries_.end() ? nullptr : &*found;
}

void GrantLedger::on_promise(sim::Process& member, LeaseId lease, sim::MonoTime deadline) {
  recorder_ = &member.recorder();
  auto promise = std::find_if(promises_.begin(), promises_.end(), [&](const Promise& p) {
    return p.lease == lease && p.by == member.id();
  });
  if (promise == promises_.end()) {
    promise = promises_.insert(promises_.end(), Promise{lease, member.id(), {}});
  }
  recorder_->cancel(promise->timer);
  promise->timer = recorder_->at(member, sim::ClockKind::mono, deadline.since_zero(), *this,
                                 std::uint64_t{member.id()} << 32 | lease);
  for (const Entry& entry : entries_) {
    if (entry.lease != lease || !entry.granted || entry.gone) continue;
    recorder_->emit(Grant{Grant::Phase::renewed, Grant::End::none, client_of(entry.attempt),
                          entry.attempt, entry.revision});
  }
}

void GrantLedger::on_deadline(std::uint64_t cookie) {
  const auto by = static_cast<sim::ProcessId>(cookie >> 32);
  const auto lease = static_cast<LeaseId>(cookie);
  std::erase_if(promises_, [by, lease](const Promise& promise) {
    return promise.by == by && promise.lease == lease;
  });
  settle_gone(Grant::End::deadline);
}

}  // namespace leasehold::models::etcd
