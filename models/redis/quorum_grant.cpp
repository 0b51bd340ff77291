#include "models/redis/quorum_grant.hpp"

#include <bit>

#include "models/attempt.hpp"
#include "models/redis/owner.hpp"

namespace leasehold::models::redis {

using checkers::Grant;

QuorumGrant::Candidate* QuorumGrant::find(std::uint64_t owner) {
  for (Candidate& candidate : candidates_) {
    if (candidate.owner == owner) return &candidate;
  }
  return nullptr;
}

bool QuorumGrant::has_quorum(const Candidate& candidate) const {
  return static_cast<std::uint32_t>(std::popcount(candidate.promised)) >= quorum_;
}

void QuorumGrant::on_lease(sim::Process& server, std::uint64_t key, std::uint64_t owner,
                           sim::BootTime deadline) {
  if (key != kLockKey) return;
  recorder_ = &server.recorder();
  Candidate* candidate = find(owner);
  if (candidate == nullptr) candidate = find(0);
  if (candidate == nullptr) candidate = &candidates_.emplace_back();
  candidate->owner = owner;

  const std::uint32_t node = server.id() - first_node_;
  const auto place = static_cast<std::uint64_t>(candidate - candidates_.data());
  candidate->promised |= 1U << node;
  recorder_->cancel(candidate->ends[node]);
  candidate->ends[node] = recorder_->at(server, sim::ClockKind::boot, deadline.since_zero(), *this,
                                        place * kMaxNodes + node);
  if (!has_quorum(*candidate)) return;
  emit(*candidate, candidate->granted ? Grant::Phase::renewed : Grant::Phase::begun,
       Grant::End::none);
  candidate->granted = true;
}

void QuorumGrant::on_release(sim::Process& server, std::uint64_t, std::uint64_t owner) {
  Candidate* candidate = find(owner);
  if (candidate != nullptr) withdraw(*candidate, server.id() - first_node_, Grant::End::released);
}

void QuorumGrant::on_deadline(std::uint64_t place_and_node) {
  withdraw(candidates_[place_and_node / kMaxNodes],
           static_cast<std::uint32_t>(place_and_node % kMaxNodes), Grant::End::deadline);
}

void QuorumGrant::withdraw(Candidate& candidate, std::uint32_t node, Grant::End why) {
  recorder_->cancel(candidate.ends[node]);
  candidate.promised &= ~(1U << node);
  if (candidate.granted && !has_quorum(candidate)) {
    candidate.granted = false;
    emit(candidate, Grant::Phase::ended, why);
  }
  if (candidate.promised == 0) candidate.owner = 0;
}

void QuorumGrant::emit(const Candidate& candidate, Grant::Phase phase, Grant::End why) {
  const AttemptId attempt = attempt_of(candidate.owner);
  recorder_->emit(Grant{phase, why, client_of(attempt), attempt, 0});
}

}  // namespace leasehold::models::redis
