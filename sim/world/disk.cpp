#include "sim/world/disk.hpp"

#include <algorithm>

namespace leasehold::sim {

void File::make_durable(std::size_t writes) {
  for (std::size_t i = 0; i < writes; ++i) {
    Write& write = unsynced_[i];
    switch (write.kind) {
      case Write::Kind::append:
        durable_.push_back(write.records.front());
        break;
      case Write::Kind::truncate:
        durable_.resize(write.size);
        break;
      case Write::Kind::replace:
        durable_ = std::move(write.records);
        break;
    }
  }
  unsynced_.erase(unsynced_.begin(), unsynced_.begin() + static_cast<std::ptrdiff_t>(writes));
}

void File::lose_unsynced(std::size_t kept_writes, bool torn) {
  const bool tears =
      torn && kept_writes < unsynced_.size() && unsynced_[kept_writes].kind == Write::Kind::append;
  if (tears) unsynced_[kept_writes++].records.front().torn = true;
  make_durable(kept_writes);
  unsynced_.clear();
  records_ = durable_;
}

Disk::Disk(std::uint64_t seed, std::uint32_t host, const Distribution& fsync)
    : latency_(Rng::stream(seed, host, purpose("disk.fsync"))),
      damage_(Rng::stream(seed, host, purpose("disk.damage"))),
      fsync_(fsync) {}

File& Disk::file(std::uint32_t process, std::uint32_t name) {
  std::unique_ptr<File>& file = files_[{process, name}];
  if (!file) file = std::make_unique<File>();
  return *file;
}

TrueTime Disk::begin_sync(TrueTime now, PendingSync& sync) {
  sync.writes = sync.file->unsynced_.size();
  sync.ok = failures_due_ == 0;
  if (failures_due_ > 0) --failures_due_;
  const Duration takes = fsync_.sample(latency_) * slowdown_;
  busy_until_ = std::max(now, busy_until_) + takes;
  return busy_until_;
}

void Disk::finish_sync(const PendingSync& sync) {
  if (sync.ok) sync.file->make_durable(std::min(sync.writes, sync.file->unsynced_.size()));
}

void Disk::power_loss() {
  busy_until_ = TrueTime();
  for (auto& [key, file] : files_) {
    const std::size_t writes = file->unsynced_.size();
    const std::size_t kept = damage_.below(writes + 1);
    file->lose_unsynced(kept, damage_.chance(1, 4));
  }
}

}  // namespace leasehold::sim
