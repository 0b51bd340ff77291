#pragma once

#include <map>

#include "checkers/record/record.hpp"
#include "models/redis/server.hpp"

namespace leasehold::models::redis {

/// The grant predicate of a lock that is one key of one Redis server: from the SET that stores the
/// owner's value until that owner's own release is processed or its promised deadline passes on the
/// server's clock with steps removed. A restart, an eviction, a step or a stranger's DEL that frees
/// the key early ends no grant: the next SET then shows as a second one.
class SingleGrant final : public KeyspaceObserver, private sim::DeadlineObserver {
 public:
  void on_lease(sim::Process& server, std::uint64_t key, std::uint64_t owner,
                sim::BootTime deadline) override;
  void on_release(sim::Process& server, std::uint64_t key, std::uint64_t owner) override;

 private:
  void on_deadline(std::uint64_t owner) override;
  void end(std::uint64_t owner, checkers::Grant::End why);

  sim::Recorder* recorder_ = nullptr;
  std::map<std::uint64_t, sim::TimerId> granted_;  ///< by owner
};

}  // namespace leasehold::models::redis
