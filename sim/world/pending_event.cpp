#include "sim/world/pending_event.hpp"

namespace leasehold::sim {

bool SortedEvents::erase(std::uint64_t time, std::uint32_t sequence) {
  const PendingEvent wanted{static_cast<std::uint64_t>(sequence) << 32, time};
  // Those before the wanted event, whose slot is not known, begin here.
  PendingEvent* const end = first() + size_;
  PendingEvent* const after =
      std::partition_point(first(), end, [&](const PendingEvent& e) { return !(e < wanted); });
  const PendingEvent& found = after[-1];
  if (found.time != time || found.sequence() != sequence) return false;
  std::copy(after, end, after - 1);
  --size_;
  return true;
}

}  // namespace leasehold::sim
