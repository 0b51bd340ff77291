#include "checkers/linearizability/timeline.hpp"

#include <algorithm>

#include "support/assert.hpp"

namespace leasehold::checkers {
namespace {

void order_events(const std::vector<LetteredCall>& calls, Timeline& timeline) {
  struct At {
    Position position;
    Timeline::Event event;
  };
  std::vector<At> all;
  all.reserve(2 * calls.size());
  for (CallIndex i = 0; i < calls.size(); ++i) {
    LH_ASSERT(calls[i].invoked < calls[i].responded);
    if (calls[i].indeterminate() && calls[i].manner == Manner::observes) continue;
    all.push_back({calls[i].invoked, {i, false}});
    if (!calls[i].indeterminate()) all.push_back({calls[i].responded, {i, true}});
  }
  std::sort(all.begin(), all.end(),
            [](const At& a, const At& b) { return a.position < b.position; });
  while (!all.empty() && !all.back().event.response) all.pop_back();
  timeline.events.reserve(all.size());
  for (const At& at : all) timeline.events.push_back(at.event);
}

}  // namespace

Timeline timeline_of(const std::vector<LetteredCall>& calls) {
  LH_ASSERT(calls.size() < kNoEvent / 2);
  Timeline timeline;
  timeline.slots.assign(calls.size(), 0);
  timeline.invocations.assign(calls.size(), kNoEvent);
  timeline.responses.assign(calls.size(), kNoEvent);
  order_events(calls, timeline);
  std::vector<std::uint32_t> free;
  for (EventIndex i = 0; i < timeline.events.size(); ++i) {
    const Timeline::Event event = timeline.events[i];
    (event.response ? timeline.responses : timeline.invocations)[event.call] = i;
    std::uint32_t& slot = timeline.slots[event.call];
    if (event.response) {
      free.push_back(slot);
    } else if (calls[event.call].indeterminate()) {
      slot = timeline.optional_slots++;
    } else if (free.empty()) {
      slot = timeline.required_slots++;
    } else {
      slot = free.back();
      free.pop_back();
    }
  }
  for (CallIndex i = 0; i < calls.size(); ++i) {
    if (calls[i].indeterminate()) timeline.slots[i] += timeline.required_slots;
  }
  return timeline;
}

}  // namespace leasehold::checkers
