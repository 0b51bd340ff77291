#include "checkers/exclusion.hpp"

namespace leasehold::checkers {

void BeliefExclusion::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::crashed) overlaps_.end_all_of(at, life.client);
}

void WorkExclusion::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::crashed) overlaps_.end_all_of(at, life.client);
}

void WorkExclusion::end(Stamp at, std::size_t place) { overlaps_.close(place, at); }

void WorkExclusion::reset() {
  overlaps_.reset();
  exposures_ = 0;
}

}  // namespace leasehold::checkers
