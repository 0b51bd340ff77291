#include "scenarios/incident/trail.hpp"

namespace leasehold::scenarios {

void TrailSink::on_event(const sim::TraceEvent& event) {
  if (++events_ % trail_.stride != 0) return;
  trail_.digests.push_back(Trail::short_of(event.digest));
  if (trail_.digests.size() <= Trail::kMost) return;
  // Every other one stays, and from now on they lie twice as far apart.
  std::vector<std::uint16_t> kept;
  for (std::size_t i = 1; i < trail_.digests.size(); i += 2) kept.push_back(trail_.digests[i]);
  trail_.digests = std::move(kept);
  trail_.stride *= 2;
}

void TrailFollower::on_event(const sim::TraceEvent& event) {
  if (++events_ % other_.stride != 0 || parting_) return;
  const std::size_t index = events_ / other_.stride - 1;
  const std::uint16_t digest = Trail::short_of(event.digest);
  if (index >= other_.digests.size() || other_.digests[index] == digest) return;
  parting_ = Parting{events_ - other_.stride, events_, event.at.since_zero().ns(),
                     other_.digests[index], digest};
}

}  // namespace leasehold::scenarios
