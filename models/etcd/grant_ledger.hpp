#pragma once

#include <map>
#include <vector>

#include "models/etcd/store.hpp"
#include "sim/process/recorder.hpp"

namespace leasehold::models::etcd {

/// The grant predicate of a lock that is the first key of a prefix, in create order: begun when the
/// first member applies what makes it so. It ends when its owner's own delete is applied, or when
/// its lease is both revoked and past every deadline that a leader promised for it, each on that
/// leader's clock. A key that vanishes otherwise (a revocation too early, lost state, a delete sent
/// for an older attempt) ends no grant before the promise does: the next one then shows as a
/// second.
class GrantLedger final : public ServiceObserver, private sim::DeadlineObserver {
 public:
  void on_apply(sim::Process& member, raft::LogIndex index, const Command& command,
                const Applied& applied) override;
  void on_promise(sim::Process& member, LeaseId lease, sim::MonoTime deadline) override;

 private:
  struct Entry {
    Key key = 0;
    LeaseId lease = 0;
    checkers::AttemptId attempt = 0;
    Revision revision = 0;
    bool granted = false;
    bool gone = false;  ///< granted, and its key is there no more
  };
  struct Promise {
    LeaseId lease = 0;
    sim::ProcessId by = 0;
    sim::TimerId timer;
  };

  void on_deadline(std::uint64_t cookie) override;
  Entry* live(Key key);
  void put(const Command& command, const Applied& applied);
  void remove(const Command& command);
  void revoke(const Command& command);
  void begin_first();
  void begin(Entry& entry);
  void end(const Entry& entry, checkers::Grant::End why);
  bool is_promised(LeaseId lease) const;
  void settle_gone(checkers::Grant::End why);

  sim::Recorder* recorder_ = nullptr;
  raft::LogIndex seen_ = 0;
  std::vector<Entry> entries_;  ///< in create order
  std::vector<Promise> promises_;
};

}  // namespace leasehold::models::etcd
