#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/record/record.hpp"
#include "scenarios/run_plan.hpp"

namespace leasehold::scenarios {

/// Where the clients of one run take their rounds from: each draws its own, or a plan has them. It
/// outlives crashes, so a client that comes back goes on with the round after the last.
class Rounds {
 public:
  /// `plan`: null where clients draw. `taken`: null, or where to write down what they take. Both
  /// outlive the run.
  Rounds(std::uint32_t clients, const WorkloadPlan* plan, WorkloadPlan* taken)
      : plan_(plan), taken_(taken), next_(clients), kept_(clients) {
    if (taken_ != nullptr) taken_->clients.assign(clients, {});
  }

  /// The client's next round, which `draw()` gives where no plan does; none after its last.
  template <class Draw>
  std::optional<PlannedRound> next(checkers::ClientId client, Draw draw) {
    std::optional<PlannedRound> round;
    if (plan_ == nullptr) {
      round = draw();
    } else if (has_more(client)) {
      round = plan_->clients[client][next_[client]];
    }
    ++next_[client];
    if (round && taken_ != nullptr) taken_->clients[client].push_back(*round);
    return round;
  }

  /// The round that a client took last, kept for whoever takes its place until it is acknowledged.
  void keep(checkers::ClientId client, const PlannedRound& round) { kept_[client] = round; }
  void acknowledge(checkers::ClientId client) { kept_[client].reset(); }
  const std::optional<PlannedRound>& kept(checkers::ClientId client) const { return kept_[client]; }
  /// The number of the round that a client took last, from 1.
  std::size_t number(checkers::ClientId client) const { return next_[client]; }

  /// Whether there is nothing for the client to do, now or later.
  bool is_done(checkers::ClientId client) const { return !kept_[client] && !has_more(client); }

 private:
  bool has_more(checkers::ClientId client) const {
    if (plan_ == nullptr) return true;
    return client < plan_->clients.size() && next_[client] < plan_->clients[client].size();
  }

  const WorkloadPlan* plan_;
  WorkloadPlan* taken_;
  std::vector<std::size_t> next_;
  std::vector<std::optional<PlannedRound>> kept_;
};

}  // namespace leasehold::scenarios
