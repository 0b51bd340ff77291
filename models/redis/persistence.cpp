#include "models/redis/persistence.hpp"

#include <utility>

namespace leasehold::models::redis {

using sim::DiskRecord;
using sim::Duration;
using sim::Task;
using sim::WallTime;

namespace {

enum FileName : std::uint32_t { kLog, kSnapshot, kUnfinishedSnapshot };

constexpr Duration kLongestPutOff = Duration::seconds(2);
constexpr Duration kSaveRetry = Duration::seconds(5);

}  // namespace

PersistenceMode persistence_mode(std::string_view word) {
  if (word == "rdb") return PersistenceMode::rdb;
  if (word == "aof-everysec") return PersistenceMode::aof_everysec;
  if (word == "aof-always") return PersistenceMode::aof_always;
  LH_ASSERT(word == "none");
  return PersistenceMode::none;
}

Persistence::Persistence(sim::Process& self, PersistenceMode mode)
    : self_(self),
      mode_(mode),
      file_(self.file(mode == PersistenceMode::rdb ? kSnapshot : kLog)),
      last_sync_s_(wall_s()),
      written_(self),
      synced_(self),
      last_save_s_(wall_s()),
      saved_(self) {}

std::int64_t Persistence::wall_s() const {
  return self_.wall_now().since_zero() / Duration::seconds(1);
}

void Persistence::load(Keyspace& keys) {
  if (mode_ == PersistenceMode::none) return;
  const std::size_t intact = mode_ == PersistenceMode::rdb ? file_.size() : intact_size(file_);
  for (std::size_t i = 0; i < intact; ++i) apply(file_[i].as<Change>(), keys);
  if (intact < file_.size()) file_.truncate(intact);
}

Persistence::Change Persistence::set_to(const Entry& entry) {
  return Change{Change::Kind::set, entry.key, entry.value, entry.expires_ms, 0};
}

void Persistence::apply(const Change& change, Keyspace& keys) {
  if (change.kind == Change::Kind::erase) return keys.erase(change.key);
  Entry& entry = keys.at(change.key);
  entry.value = change.value;
  entry.expires_ms = change.expires_ms;
}

/// How much of a log counts: up to the first torn record, whole transactions only
/// (aof-load-truncated yes).
std::size_t Persistence::intact_size(const sim::File& log) {
  std::size_t intact = 0;
  for (std::size_t i = 0; i < log.size() && !log[i].torn; ++i) {
    if (log[i].as<Change>().more == 0) intact = i + 1;
  }
  return intact;
}

void Persistence::log_set(const Entry& entry) { log(set_to(entry)); }

void Persistence::log_erase(std::uint64_t key) { log(Change{Change::Kind::erase, key, 0, 0, 0}); }

void Persistence::log(const Change& change) {
  if (mode_ == PersistenceMode::none) return;
  if (mode_ == PersistenceMode::rdb) return count_change();
  if (in_transaction_) buffer_.back().more = 1;
  in_transaction_ = true;
  buffer_.push_back(change);
}

void Persistence::end_transaction() {
  if (!std::exchange(in_transaction_, false)) return;
  if (!sync_running_) write_buffer();
}

// ------------------------------------------------------------------------------------------ AOF

void Persistence::write_buffer() {
  for (const Change& change : buffer_) file_.append(DiskRecord::of(change));
  unsynced_ = unsynced_ || !buffer_.empty();
  buffer_.clear();
  put_off_since_ = sim::MonoTime::never();
  if (mode_ != PersistenceMode::aof_everysec || !unsynced_) return;
  if (!syncer_started_) self_.spawn(sync_every_second());
  syncer_started_ = true;
  written_.notify_all();
}

bool Persistence::must_commit() {
  if (mode_ == PersistenceMode::aof_always) return unsynced_;
  if (mode_ != PersistenceMode::aof_everysec || buffer_.empty()) return false;
  if (put_off_since_.is_never()) put_off_since_ = self_.mono_now();
  return self_.mono_now() - put_off_since_ >= kLongestPutOff;
}

Task<bool> Persistence::commit() {
  if (mode_ == PersistenceMode::aof_everysec) {
    while (sync_running_) co_await synced_.wait();
    co_return true;
  }
  unsynced_ = false;
  const bool ok = co_await self_.sync(file_);
  co_return ok;
}

// Due when the wall clock's second differs from that of the last one: a clock that was set back
// puts it off.
Task<void> Persistence::sync_every_second() {
  while (true) {
    while (!unsynced_) co_await written_.wait();
    co_await self_.sleep_until(WallTime::at(Duration::seconds(last_sync_s_ + 1)));
    last_sync_s_ = wall_s();
    unsynced_ = false;
    sync_running_ = true;
    const bool ok = co_await self_.sync(file_);
    sync_running_ = false;
    failed_ = !ok;
    unsynced_ = unsynced_ || !ok;
    write_buffer();
    synced_.notify_all();
  }
}

// ------------------------------------------------------------------------------------------ RDB

void Persistence::count_change() {
  ++changes_;
  for (SavePoint& point : save_points_) {
    if (point.armed || changes_ < point.changes) continue;
    point.armed = true;
    self_.spawn(save_when_due(point));
  }
}

bool Persistence::is_due(const SavePoint& point) const {
  return wall_s() - last_save_s_ > point.seconds;
}

Task<void> Persistence::save_when_due(SavePoint& point) {
  while (changes_ >= point.changes) {
    while (saving_) co_await saved_.wait();
    const Duration due = Duration::seconds(last_save_s_ + point.seconds + 1);
    co_await self_.sleep_until(WallTime::at(due));
    if (saving_ || changes_ < point.changes || !is_due(point)) continue;
    co_await save();
    if (failed_) co_await self_.sleep(kSaveRetry);
  }
  point.armed = false;
}

// The child that the fork left writes the keys as they were at the fork.
Task<void> Persistence::save() {
  saving_ = true;
  const std::uint64_t saved_changes = changes_;
  std::vector<DiskRecord> snapshot;
  for (const Entry& entry : keys_->entries()) snapshot.push_back(DiskRecord::of(set_to(entry)));
  sim::File& unfinished = self_.file(kUnfinishedSnapshot);
  unfinished.replace(snapshot);
  bool ok = co_await self_.sync(unfinished);
  if (ok) {
    file_.replace(std::move(snapshot));
    ok = co_await self_.sync(file_);
  }
  failed_ = !ok;
  if (ok) {
    changes_ -= saved_changes;
    last_save_s_ = wall_s();
  }
  saving_ = false;
  saved_.notify_all();
}

}  // namespace leasehold::models::redis
