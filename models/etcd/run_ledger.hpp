#pragma once

#include <vector>

#include "models/etcd/store.hpp"
#include "models/way_out.hpp"
#include "sim/process/recorder.hpp"

namespace leasehold::models::etcd {

/// The grant predicate of a claim of one run of a job, made by overwriting the time of the last
/// run: begun when the first member applies the transaction that does it. Nobody else claims before
/// the stored time and a period more by his own wall clock; the grant ends when the first of the
/// clients' wall clocks, steps removed, is past that. A step that makes a run due early ends no
/// grant: the next claim then shows as a second one.
class RunLedger final : public ServiceObserver, private sim::DeadlineObserver {
 public:
  explicit RunLedger(sim::Duration period) : period_(period) {}

  /// A client comes to life; the first time, no clock has been stepped yet.
  void enter(const sim::Process& client);
  void leave(const sim::Process& client);
  /// A client has read its clock, and is about to send a claim with that time.
  void stamp(const sim::Process& client, checkers::AttemptId attempt, sim::WallTime now);

  void on_apply(sim::Process& member, raft::LogIndex index, const Command& command,
                const Applied& applied) override;
  void on_promise(sim::Process&, LeaseId, sim::MonoTime) override {}

  /// When the next run falls due, if the last one was at `last`.
  WayOut way_out(std::uint64_t last) const;

 private:
  struct Contender {
    const sim::Process* process = nullptr;
    sim::Duration wall_minus_boot;  ///< steps removed
    bool alive = false;
  };
  struct Stamp {
    checkers::AttemptId attempt = 0;
    std::uint64_t value = 0;
    sim::Duration unstepped;
  };
  struct Standing {
    checkers::AttemptId attempt = 0;
    Revision revision = 0;
    std::vector<sim::TimerId> ends;  ///< one for each contender
  };

  void on_deadline(std::uint64_t attempt) override;
  Contender& contender(const sim::Process& client);
  void begin(const Command& command, Revision revision);
  void arm(Standing& grant, sim::Duration due);

  sim::Duration period_;
  sim::Recorder* recorder_ = nullptr;
  raft::LogIndex seen_ = 0;
  std::vector<Contender> contenders_;
  std::vector<Stamp> stamps_;
  std::vector<Standing> standing_;
};

}  // namespace leasehold::models::etcd
