#pragma once

#include <array>
#include <vector>

#include "checkers/record/record.hpp"
#include "models/redis/server.hpp"

namespace leasehold::models::redis {

inline constexpr std::uint32_t kMaxNodes = 9;

/// The grant predicate of a lock on several independent Redis nodes: a quorum has promised the
/// owner's value. A node's promise lasts from the SET that stores the value until the owner's own
/// release is processed there or its deadline passes on that node's clock with steps removed. A
/// node that forgets, or whose clock is set, has promised all the same: when it then votes for
/// somebody else, two grants overlap.
class QuorumGrant final : public KeyspaceObserver, private sim::DeadlineObserver {
 public:
  explicit QuorumGrant(std::uint32_t quorum) : quorum_(quorum) {}
  /// REQUIRES: the nodes' process ids follow one another from `first_node` on.
  void bind(sim::ProcessId first_node) { first_node_ = first_node; }

  void on_lease(sim::Process& server, std::uint64_t key, std::uint64_t owner,
                sim::BootTime deadline) override;
  void on_release(sim::Process& server, std::uint64_t key, std::uint64_t owner) override;

 private:
  /// Whom nodes have promised the lock, and which.
  struct Candidate {
    std::uint64_t owner = 0;     ///< 0: a free place
    std::uint32_t promised = 0;  ///< a bit for each node
    bool granted = false;
    std::array<sim::TimerId, kMaxNodes> ends{};
  };

  Candidate* find(std::uint64_t owner);
  void on_deadline(std::uint64_t place_and_node) override;
  void withdraw(Candidate& candidate, std::uint32_t node, checkers::Grant::End why);
  bool has_quorum(const Candidate& candidate) const;
  void emit(const Candidate& candidate, checkers::Grant::Phase phase, checkers::Grant::End why);

  std::uint32_t quorum_;
  sim::ProcessId first_node_ = 0;
  sim::Recorder* recorder_ = nullptr;
  std::vector<Candidate> candidates_;
};

}  // namespace leasehold::models::redis
