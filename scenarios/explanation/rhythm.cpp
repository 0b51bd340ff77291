#include "scenarios/explanation/rhythm.hpp"

#include <algorithm>
#include <vector>

#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Grant;
using checkers::JobRun;
using sim::TraceEvent;

/// By how much a request comes after the lock is free that was held back for it.
constexpr std::int64_t kJustAfterNs = 10'000'000;

/// When each client last sent something to a server before a time.
class LastRequests final : public sim::TraceSink {
 public:
  LastRequests(std::uint32_t clients, std::int64_t from_ns, std::int64_t before_ns)
      : at_ns_(clients), from_ns_(from_ns), before_ns_(before_ns) {}

  void on_event(const TraceEvent& event) override {
    const bool sent = event.kind == TraceEvent::Kind::segment_sent ||
                      event.kind == TraceEvent::Kind::datagram_sent;
    const std::int64_t at_ns = event.at.since_zero().ns();
    const bool to_a_server = event.process < at_ns_.size() && event.peer > at_ns_.size();
    if (sent && to_a_server && from_ns_ < at_ns && at_ns < before_ns_) {
      at_ns_[event.process] = at_ns;
    }
  }

  /// Latest first.
  std::vector<TooEarly> all(std::size_t free) const {
    std::vector<TooEarly> requests;
    for (std::size_t client = 0; client < at_ns_.size(); ++client) {
      if (!at_ns_[client]) continue;
      requests.push_back({static_cast<checkers::ClientId>(client), *at_ns_[client], free});
    }
    std::stable_sort(requests.begin(), requests.end(),
                     [](const TooEarly& a, const TooEarly& b) { return a.asked_ns > b.asked_ns; });
    return requests;
  }

 private:
  std::vector<std::optional<std::int64_t>> at_ns_;
  std::int64_t from_ns_;
  std::int64_t before_ns_;
};

/// When the lock of the earlier run came free within the gap.
std::optional<std::size_t> came_free(const Chronicle& chronicle, const Focus& focus) {
  return chronicle.find(*focus.first, [&](const Moment& moment) {
    const auto* grant = as<Grant>(moment);
    return grant != nullptr && grant->phase == Grant::Phase::ended &&
           grant->attempt == focus.earlier->attempt && moment.at < focus.at;
  });
}

}  // namespace

GapBounds gap_bounds(const Scenario& scenario) {
  const checkers::FrequencyRule rule = frequency_rule(scenario.workload).value();
  const std::int64_t tolerance_ns = rule.period_ns * rule.tolerance_percent / 100;
  return {rule.period_ns - tolerance_ns, rule.period_ns + tolerance_ns};
}

std::optional<Gap> gap_after(const std::optional<Party>& run, const Chronicle& chronicle) {
  const auto& moments = chronicle.moments();
  Gap gap;
  std::size_t next = 0;
  if (run) {
    const auto began = chronicle.find(0, [&](const Moment& moment) {
      const auto* job = as<JobRun>(moment);
      return job != nullptr && job->attempt == run->attempt;
    });
    if (!began) return std::nullopt;
    gap.from_ns = moments[*began].at.at_ns;
    next = *began + 1;
  }
  gap.ended_by =
      chronicle.find(next, [](const Moment& moment) { return as<JobRun>(moment) != nullptr; });
  gap.until_ns = moments[gap.ended_by.value_or(moments.size() - 1)].at.at_ns;
  return gap;
}

std::optional<TooEarly> asked_too_early(Rerunner& rerunner, const Chronicle& chronicle,
                                        const Focus& focus, const BegunFaults& faults,
                                        std::uint32_t clients) {
  if (!focus.first || !focus.earlier) return std::nullopt;
  const auto free = came_free(chronicle, focus);
  if (!free) return std::nullopt;
  const std::int64_t free_ns = chronicle.moments()[*free].at.at_ns;
  LastRequests requests(clients, chronicle.moments()[*focus.first].at.at_ns, free_ns);
  Onlookers onlookers;
  onlookers.trace = &requests;
  rerunner.run(faults.plan, onlookers);
  for (const TooEarly& request : requests.all(*free)) {
    const std::int64_t longer_ns = free_ns - request.asked_ns + kJustAfterNs;
    const PlannedFault held_back = stop(request.client, request.asked_ns, longer_ns);
    if (!rerunner.violated_with(held_back, faults)) return request;
  }
  return std::nullopt;
}

}  // namespace leasehold::scenarios
