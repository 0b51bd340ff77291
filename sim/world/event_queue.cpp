#include "sim/world/event_queue.hpp"

#include <algorithm>
#include <span>

namespace leasehold::sim {

void EventQueue::erase(Ticket ticket) {
  // At the very instant where the ladder begins, either part may hold the event.
  if (static_cast<std::uint64_t>(ticket.time_ns) > bottom_end_ || !erase_from_bottom(ticket)) {
    ladder_.erase(static_cast<std::uint64_t>(ticket.time_ns), ticket.sequence);
  }
  if (bottom_.empty() && bottom_end_ != kAfterAll) refill();
}

bool EventQueue::erase_from_bottom(Ticket ticket) {
  const PendingEvent wanted{static_cast<std::uint64_t>(ticket.sequence) << 32,
                            static_cast<std::uint64_t>(ticket.time_ns)};
  // The last event that is not before the wanted one, whose slot is not known.
  const auto after = std::partition_point(bottom_.begin(), bottom_.end(),
                                          [&](const PendingEvent& e) { return !(e < wanted); });
  if (after == bottom_.begin()) return false;
  const auto place = after - 1;
  if (place->time != wanted.time || place->sequence() != ticket.sequence) return false;
  bottom_.erase(place);
  return true;
}

void EventQueue::refill() {
  ladder_.refill(bottom_);
  bottom_end_ = ladder_.begin();
}

void EventQueue::shorten_bottom() {
  const std::size_t later = bottom_.size() - kSorted / 2;
  ladder_.put_back(std::span(bottom_).first(later));
  bottom_.erase(bottom_.begin(), bottom_.begin() + static_cast<std::ptrdiff_t>(later));
  bottom_end_ = ladder_.begin();
}

void EventQueue::clear() {
  bottom_.clear();
  ladder_.clear();
  bottom_end_ = kAfterAll;
  next_sequence_ = 0;
}

}  // namespace leasehold::sim
