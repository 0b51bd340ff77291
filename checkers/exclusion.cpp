#include "checkers/exclusion.hpp"

#include <algorithm>

#include "support/assert.hpp"

namespace leasehold::checkers {

void GrantExclusion::observe(Stamp at, const Grant& grant) {
  if (grant.phase == Grant::Phase::begun) overlaps_.begin(at, grant.client, grant.attempt);
  if (grant.phase == Grant::Phase::ended) overlaps_.end(at, grant.attempt);
}

void BeliefExclusion::observe(Stamp at, const Belief& belief) {
  if (belief.phase == Belief::Phase::begun) {
    overlaps_.begin(at, belief.client, belief.attempt);
  } else {
    overlaps_.end(at, belief.attempt);
  }
}

void BeliefExclusion::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::crashed) overlaps_.end_all_of(at, life.client);
}

WorkExclusion::Effects* WorkExclusion::find(AttemptId attempt) {
  for (Effects& effects : effects_) {
    if (effects.attempt == attempt) return &effects;
  }
  return nullptr;
}

void WorkExclusion::observe(Stamp at, const Work& work) {
  if (work.phase == Work::Phase::entered) {
    LH_ASSERT(find(work.attempt) == nullptr);
    overlaps_.begin(at, work.client, work.attempt);
    effects_.push_back({work.client, work.attempt});
    return;
  }
  LH_ASSERT(work.effects_outstanding <= work.effects_sent);
  Effects* effects = find(work.attempt);
  LH_ASSERT(effects != nullptr);
  if (work.effects_outstanding > 0) ++exposures_;
  effects->left = true;
  effects->sent = work.effects_sent;
  end_if_settled(at, *effects);
}

void WorkExclusion::settle_one(Stamp at, AttemptId attempt) {
  Effects* effects = find(attempt);
  if (effects == nullptr) return;
  ++effects->settled;
  end_if_settled(at, *effects);
}

void WorkExclusion::end_if_settled(Stamp at, Effects& effects) {
  if (!effects.left || effects.settled < effects.sent) return;
  overlaps_.end(at, effects.attempt);
  effects = effects_.back();
  effects_.pop_back();
}

void WorkExclusion::observe(Stamp at, const ClientLife& life) {
  if (life.phase != ClientLife::Phase::crashed) return;
  overlaps_.end_all_of(at, life.client);
  std::erase_if(effects_, [&](const Effects& effects) { return effects.client == life.client; });
}

void WorkExclusion::reset() {
  overlaps_.reset();
  effects_.clear();
  exposures_ = 0;
}

}  // namespace leasehold::checkers
