#include "scenarios/outlook.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using checkers::Outlook;
using models::WayOut;
using sim::TrueTime;

/// When the event comes; never, or empty if that cannot be told.
std::optional<TrueTime> coming(sim::Kernel& kernel, const WayOut::Event& event) {
  if (const auto* clock = std::get_if<WayOut::ClockReads>(&event)) {
    const sim::HostClock& host = kernel.clock(kernel.host_of(clock->process));
    return host.when(clock->clock, clock->reading.ns(), kernel.now());
  }
  const auto& end = std::get<WayOut::ConnectionEnds>(event);
  return kernel.network().breaks_at(end.connection, end.process);
}

}  // namespace

Outlook outlook(sim::Kernel& kernel, const models::Deployment& deployment, bool release_under_way) {
  const WayOut way = deployment.way_out(kernel.network().messages_on_their_way());
  if (!way.known || release_under_way) return {};
  if (way.needed == 0) return {Outlook::Kind::slow, kernel.now().since_zero().ns()};
  std::vector<TrueTime> times;
  for (const WayOut::Event& event : way.events) {
    const std::optional<TrueTime> time = coming(kernel, event);
    if (!time || (time->is_never() && way.all_must_come)) return {};
    if (!time->is_never()) times.push_back(*time);
  }
  if (times.size() < way.needed) return {Outlook::Kind::stuck, 0};
  std::sort(times.begin(), times.end());
  return {Outlook::Kind::slow, times[way.needed - 1].since_zero().ns()};
}

}  // namespace leasehold::scenarios
