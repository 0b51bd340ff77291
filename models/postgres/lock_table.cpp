#include "models/postgres/lock_table.hpp"

namespace leasehold::models::postgres {

bool LockTable::try_lock(std::uint64_t key, Session session) {
  Lock& lock = locks_[key];
  if (lock.holder && *lock.holder != session) return false;
  lock.holder = session;
  ++lock.count;
  return true;
}

bool LockTable::unlock(std::uint64_t key, Session session) {
  if (!holds(key, session)) return false;
  Lock& lock = locks_[key];
  if (--lock.count == 0) lock.holder.reset();
  return true;
}

std::optional<LockTable::Session> LockTable::grant_next(std::uint64_t key) {
  Lock& lock = locks_[key];
  if (lock.holder || lock.waiting.empty()) return std::nullopt;
  const Session next = lock.waiting.front();
  lock.waiting.pop_front();
  lock.holder = next;
  lock.count = 1;
  return next;
}

bool LockTable::holds(std::uint64_t key, Session session) const { return holder(key) == session; }

std::optional<LockTable::Session> LockTable::holder(std::uint64_t key) const {
  const auto found = locks_.find(key);
  return found == locks_.end() ? std::nullopt : found->second.holder;
}

std::vector<std::uint64_t> LockTable::end_session(Session session) {
  std::vector<std::uint64_t> keys;
  for (auto& [key, lock] : locks_) {
    const bool waited = std::erase(lock.waiting, session) > 0;
    const bool held = lock.holder == session;
    if (held) {
      lock.holder.reset();
      lock.count = 0;
    }
    if (held || waited) keys.push_back(key);
  }
  return keys;
}

}  // namespace leasehold::models::postgres
