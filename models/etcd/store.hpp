#pragma once

#include <map>
#include <optional>
#include <vector>

#include "models/etcd/protocol.hpp"
#include "models/etcd/raft/node.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::etcd {

/// What one command did.
struct Applied {
  Status status = Status::ok;
  /// put_if_absent: the key was absent; delete_key: it was there; put_last_run: it was as compared.
  bool changed = false;
  Revision revision = 0;        ///< of the store afterwards
  Revision own_revision = 0;    ///< create_revision of the key, 0 if absent
  Revision first_revision = 0;  ///< the least of all keys
  Revision mod_revision = 0;    ///< put_last_run: of the key, 0 if absent
  LeaseId lease = 0;            ///< of the key
};

/// Sees what the members do, for the grant predicate. They behave the same with or without one.
class ServiceObserver {
 public:
  /// Every member applies every command; the first to do so makes it happen.
  virtual void on_apply(sim::Process& member, raft::LogIndex index, const Command& command,
                        const Applied& applied) = 0;
  /// The member, as leader, will not revoke the lease before its clock reads `deadline`.
  virtual void on_promise(sim::Process& member, LeaseId lease, sim::MonoTime deadline) = 0;

 protected:
  ~ServiceObserver() = default;
};

/// The replicated state of one member: keys with their revisions, and which leases there are. Each
/// command that changes a key takes the next revision; the first is 2, as in etcd.
class Store {
 public:
  struct KeyValue {
    Revision create_revision = 0;
    LeaseId lease = 0;
    std::uint64_t value = 0;  ///< of a lock's key, who has it; of kLastRun, a time
    Revision mod_revision = 0;
  };

  Applied apply(const Command& command);

  Revision revision() const { return revision_; }
  const KeyValue* find(Key key) const;
  /// The one that was created first; null if there are no keys.
  const KeyValue* first() const;
  /// What their keys hold, in the order in which these were created.
  std::vector<std::uint64_t> values() const;
  /// The key with the greatest create_revision <= `most`.
  std::optional<Key> last_created(Revision most) const;
  /// Whether the key was deleted at a revision >= `from`.
  bool was_deleted(Key key, Revision from) const;

 private:
  void put_if_absent(const Command& command, Applied& applied);
  void put_last_run(const Command& command, Applied& applied);
  void delete_key(Key key, Applied& applied);
  void revoke(LeaseId lease, Applied& applied);
  void erase(Key key);
  Revision first_revision() const;

  Revision revision_ = 1;
  std::map<Key, KeyValue> keys_;
  std::map<Revision, Key> created_;          ///< live keys by create_revision
  std::map<Key, Revision> last_delete_;      ///< history, which no run is long enough to compact
  std::map<LeaseId, std::uint32_t> leases_;  ///< TTL in seconds
};

}  // namespace leasehold::models::etcd
