#include "sim/world/event_queue.hpp"

#include <algorithm>

namespace leasehold::sim {

EventTicket EventQueue::push_far(std::int64_t time_ns, std::uint32_t slot) {
  LH_ASSERT(time_ns >= 0);
  const PendingEvent event = next_event(time_ns, slot);
  if (event.time >= bottom_end_) return ladder_.push(event);
  if (bottom_.size() >= kSorted) {
    shorten_bottom();
    if (event.time >= bottom_end_) return ladder_.push(event);
  }
  bottom_.insert(event);
  return {static_cast<std::int64_t>(event.time), event.sequence(), kNoNode};
}

void EventQueue::erase_from_ladder(Ticket ticket) {
  const auto time = static_cast<std::uint64_t>(ticket.time_ns);
  // At the very instant where the ladder begins, either part may hold the event.
  if (time > bottom_end_ || !bottom_.holds(time, ticket.sequence)) {
    return ladder_.erase(time, ticket.sequence, ticket.node);
  }
  bottom_.erase(time, ticket.sequence);
  if (bottom_.empty()) refill();
}

void EventQueue::refill() {
  ladder_.refill(bottom_);
  bottom_end_ = std::min(ladder_.begin(), kNoLadder);
}

void EventQueue::shorten_bottom() {
  const std::size_t later = bottom_.size() - kSorted / 2;
  ladder_.put_back(bottom_.all().first(later));
  bottom_.drop_latest(later);
  bottom_end_ = ladder_.begin();
}

void EventQueue::clear() {
  bottom_.resize(0);
  ladder_.clear();
  bottom_end_ = kNoLadder;
  next_low_ = 0;
}

}  // namespace leasehold::sim
