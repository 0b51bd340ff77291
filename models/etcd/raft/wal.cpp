#include "models/etcd/raft/wal.hpp"

#include <algorithm>

namespace leasehold::models::etcd::raft {
namespace {

constexpr std::uint32_t kFileName = 1;

/// One record: the hard state, and an entry unless `index` is 0.
struct WalRecord {
  Term term;
  NodeIndex vote;
  LogIndex commit;
  LogIndex index;
  Term entry_term;
  std::uint32_t unused;
  Payload payload;
};

}  // namespace

Wal::Wal(sim::Process& self) : self_(self), file_(self.file(kFileName)) {}

void Wal::write(const HardState& state) {
  file_.append(sim::DiskRecord::of(WalRecord{state.term, state.vote, state.commit, 0, 0, 0, {}}));
}

void Wal::write(const HardState& state, LogIndex index, const Entry& entry) {
  // A commit index beyond this entry would vouch for entries that a power loss may still take.
  const LogIndex commit = std::min(state.commit, index);
  file_.append(sim::DiskRecord::of(
      WalRecord{state.term, state.vote, commit, index, entry.term, 0, entry.payload}));
}

Wal::Recovered Wal::recover() {
  Recovered found;
  for (std::size_t i = 0; i < file_.size(); ++i) {
    if (file_[i].torn) {
      file_.truncate(i);
      break;
    }
    const auto record = file_[i].as<WalRecord>();
    found.state = HardState{record.term, record.vote, std::max(found.state.commit, record.commit)};
    if (record.index == 0) continue;
    LH_ASSERT(record.index <= found.entries.size() + 1);
    found.entries.resize(record.index - 1);
    found.entries.push_back(Entry{record.entry_term, record.payload});
  }
  LH_ASSERT(found.state.commit <= found.entries.size());
  return found;
}

}  // namespace leasehold::models::etcd::raft
