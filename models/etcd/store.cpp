#include "models/etcd/store.hpp"

namespace leasehold::models::etcd {

Applied Store::apply(const Command& command) {
  Applied applied;
  switch (command.kind) {
    case Command::Kind::no_op:
      break;
    case Command::Kind::lease_grant:
      applied.changed = leases_.try_emplace(command.lease, command.ttl_s).second;
      break;
    case Command::Kind::lease_revoke:
      revoke(command.lease, applied);
      break;
    case Command::Kind::put_if_absent:
      put_if_absent(command, applied);
      break;
    case Command::Kind::delete_key:
      delete_key(command.key, applied);
      break;
    case Command::Kind::put_last_run:
      put_last_run(command, applied);
      break;
  }
  applied.revision = revision_;
  applied.first_revision = first_revision();
  const KeyValue* key = find(command.key);
  if (key != nullptr) {
    applied.own_revision = key->create_revision;
    applied.lease = key->lease;
  }
  return applied;
}

void Store::put_if_absent(const Command& command, Applied& applied) {
  if (keys_.contains(command.key)) return;
  if (command.lease != 0 && !leases_.contains(command.lease)) {
    applied.status = Status::lease_not_found;
    return;
  }
  applied.changed = true;
  ++revision_;
  keys_[command.key] = KeyValue{revision_, command.lease, command.attempt, revision_};
  created_[revision_] = command.key;
}

void Store::put_last_run(const Command& command, Applied& applied) {
  const KeyValue* last = find(kLastRun);
  const Revision stands = last == nullptr ? 0 : last->mod_revision;
  applied.changed = stands == command.revision;
  applied.mod_revision = applied.changed ? revision_ + 1 : stands;
  if (!applied.changed) {
    applied.status = Status::unequal;
    return;
  }
  ++revision_;
  const Revision created = last == nullptr ? revision_ : last->create_revision;
  keys_[kLastRun] = KeyValue{created, 0, command.value, revision_};
  created_[created] = kLastRun;
}

void Store::delete_key(Key key, Applied& applied) {
  applied.changed = keys_.contains(key);
  if (!applied.changed) {
    applied.status = Status::absent;
    return;
  }
  ++revision_;
  erase(key);
}

/// One revision for all keys of the lease, if it has any.
void Store::revoke(LeaseId lease, Applied& applied) {
  applied.changed = leases_.erase(lease) > 0;
  if (!applied.changed) {
    applied.status = Status::lease_not_found;
    return;
  }
  bool revised = false;
  for (auto entry = keys_.begin(); entry != keys_.end();) {
    const Key key = entry->first;
    const bool attached = entry->second.lease == lease;
    ++entry;
    if (!attached) continue;
    if (!revised) ++revision_;
    revised = true;
    erase(key);
  }
}

void Store::erase(Key key) {
  const auto entry = keys_.find(key);
  created_.erase(entry->second.create_revision);
  keys_.erase(entry);
  last_delete_[key] = revision_;
}

const Store::KeyValue* Store::find(Key key) const {
  const auto entry = keys_.find(key);
  return entry == keys_.end() ? nullptr : &entry->second;
}

const Store::KeyValue* Store::first() const {
  return created_.empty() ? nullptr : find(created_.begin()->second);
}

std::vector<std::uint64_t> Store::values() const {
  std::vector<std::uint64_t> values;
  for (const auto& [revision, key] : created_) values.push_back(find(key)->value);
  return values;
}

std::optional<Key> Store::last_created(Revision most) const {
  auto after = created_.upper_bound(most);
  if (after == created_.begin()) return std::nullopt;
  return (--after)->second;
}

bool Store::was_deleted(Key key, Revision from) const {
  const auto deleted = last_delete_.find(key);
  return deleted != last_delete_.end() && deleted->second >= from;
}

Revision Store::first_revision() const { return created_.empty() ? 0 : created_.begin()->first; }

}  // namespace leasehold::models::etcd
