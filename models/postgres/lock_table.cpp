#include "models/postgres/lock_table.hpp"

namespace leasehold::models::postgres {

bool LockTable::Lock::let_go_if_unheld() {
  if (session_holds + transaction_holds > 0) return false;
  holder.reset();
  return true;
}

bool LockTable::try_lock(std::uint64_t key, Session session, Scope scope) {
  Lock& lock = locks_[key];
  if (lock.holder && *lock.holder != session) return false;
  lock.holder = session;
  ++lock.holds(scope);
  return true;
}

void LockTable::wait(std::uint64_t key, Session session, Scope scope) {
  locks_[key].waiting.push_back({session, scope});
}

void LockTable::stop_waiting(std::uint64_t key, Session session) {
  std::erase_if(locks_[key].waiting, [session](const Waiting& w) { return w.session == session; });
}

bool LockTable::unlock(std::uint64_t key, Session session) {
  if (!holds(key, session)) return false;
  Lock& lock = locks_[key];
  if (lock.session_holds == 0) return false;
  --lock.session_holds;
  lock.let_go_if_unheld();
  return true;
}

std::optional<LockTable::Session> LockTable::grant_next(std::uint64_t key) {
  Lock& lock = locks_[key];
  if (lock.holder || lock.waiting.empty()) return std::nullopt;
  const Waiting next = lock.waiting.front();
  lock.waiting.pop_front();
  lock.holder = next.session;
  ++lock.holds(next.scope);
  return next.session;
}

bool LockTable::holds(std::uint64_t key, Session session) const { return holder(key) == session; }

std::optional<LockTable::Session> LockTable::holder(std::uint64_t key) const {
  const auto found = locks_.find(key);
  return found == locks_.end() ? std::nullopt : found->second.holder;
}

std::vector<LockTable::Session> LockTable::waiting(std::uint64_t key) const {
  std::vector<Session> sessions;
  const auto found = locks_.find(key);
  if (found == locks_.end()) return sessions;
  for (const Waiting& waiting : found->second.waiting) sessions.push_back(waiting.session);
  return sessions;
}

LockTable::Keys LockTable::end_transaction(Session session) {
  Keys keys;
  for (auto& [key, lock] : locks_) {
    if (lock.holder != session) continue;
    lock.transaction_holds = 0;
    if (lock.let_go_if_unheld()) keys.push_back(key);
  }
  return keys;
}

LockTable::Keys LockTable::end_session(Session session) {
  Keys keys;
  for (auto& [key, lock] : locks_) {
    const bool waited = std::erase_if(lock.waiting, [session](const Waiting& w) {
                          return w.session == session;
                        }) > 0;
    const bool held = lock.holder == session;
    if (held) {
      lock.session_holds = lock.transaction_holds = 0;
      lock.let_go_if_unheld();
    }
    if (held || waited) keys.push_back(key);
  }
  return keys;
}

}  // namespace leasehold::models::postgres
