#include "sim/world/disk.hpp"

#include <algorithm>

namespace leasehold::sim {

void File::make_durable(std::uint64_t upto) {
  if (upto <= durable_writes_) return;
  const auto writes = static_cast<std::size_t>(upto - durable_writes_);
  LH_ASSERT(writes <= unsynced_.size());
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
  durable_writes_ = upto;
}

void File::lose_unsynced(std::size_t kept_writes, bool torn) {
  const bool tears =
      torn && kept_writes < unsynced_.size() && unsynced_[kept_writes].kind == Write::Kind::append;
  if (tears) unsynced_[kept_writes++].records.front().torn = true;
  const std::uint64_t written_before = written();
  make_durable(durable_writes_ + kept_writes);
  unsynced_.clear();
  durable_writes_ = written_before;  // a sync that was under way covers nothing any more
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
  sync.upto = sync.file->written();
  sync.ok = failures_due_ == 0;
  if (failures_due_ > 0) --failures_due_;
  const Duration takes = fsync_.sample(latency_) * slowdown_;
  busy_until_ = std::max(now, busy_until_) + takes;
  return busy_until_;
}

void Disk::finish_sync(const PendingSync& sync) {
  if (sync.ok) sync.file->make_durable(sync.upto);
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
