#include "scenarios/explanation/last_chances.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using checkers::FaultRecord;
using checkers::Property;

/// To how much a time is known that is not that of a record.
constexpr std::int64_t kResolutionNs = 1'000'000;

bool is_about(const Moment& moment, const std::optional<Party>& one) {
  return one && attempt_of(moment.what) == one->attempt;
}

bool begins_or_ends(const FaultRecord* fault) {
  return fault != nullptr &&
         (fault->phase == FaultRecord::Phase::bound || fault->phase == FaultRecord::Phase::ended);
}

/// The times at which something happened that matters, latest first, one moment for each.
std::vector<std::size_t> candidates(const Chronicle& chronicle, const Focus& focus) {
  std::vector<std::size_t> all;
  const auto& moments = chronicle.moments();
  for (std::size_t i = moments.size(); i-- > 0;) {
    const Moment& moment = moments[i];
    if (moment.at > focus.at) continue;
    const bool matters = is_about(moment, focus.earlier) || is_about(moment, focus.later) ||
                         begins_or_ends(as<FaultRecord>(moment));
    if (!matters) continue;
    // Of one instant the first record: what stops something there comes before all of it.
    if (!all.empty() && moments[all.back()].at.at_ns == moment.at.at_ns)
      all.back() = i;
    else
      all.push_back(i);
  }
  return all;
}

class Search {
 public:
  Search(Rerunner& rerunner, const Chronicle& chronicle, const Focus& focus,
         const BegunFaults& faults)
      : rerunner_(rerunner),
        moments_(chronicle.moments()),
        focus_(focus),
        faults_(faults),
        candidates_(candidates(chronicle, focus)) {}

  LastChance find(Lever lever) {
    LastChance chance{lever, std::nullopt, std::nullopt};
    std::optional<std::size_t> lost;
    for (const std::size_t candidate : candidates_) {
      const std::int64_t at_ns = moments_[candidate].at.at_ns;
      if (!averts(lever, at_ns)) {
        lost = candidate;
        continue;
      }
      chance.until_ns = at_ns;
      chance.gone_with = candidate;
      if (lever == Lever::world && lost) {
        chance.until_ns = latest_between(at_ns, moments_[*lost].at.at_ns);
        if (*chance.until_ns > at_ns) chance.gone_with = lost;
      }
      return chance;
    }
    return chance;
  }

 private:
  bool averts(Lever lever, std::int64_t at_ns) {
    if (lever == Lever::world) return !rerunner_.violated(calm_from(faults_, at_ns));
    FaultPlan stopped = faults_.plan;
    const Party& who = lever == Lever::earlier ? *focus_.earlier : *focus_.later;
    stopped.faults.push_back(stop(who.client, at_ns));
    return !rerunner_.violated(stopped);
  }

  std::int64_t latest_between(std::int64_t safe_ns, std::int64_t lost_ns) {
    while (lost_ns - safe_ns > kResolutionNs) {
      const std::int64_t middle = safe_ns + (lost_ns - safe_ns) / 2;
      (averts(Lever::world, middle) ? safe_ns : lost_ns) = middle;
    }
    return safe_ns;
  }

  Rerunner& rerunner_;
  const std::vector<Moment>& moments_;
  const Focus& focus_;
  const BegunFaults& faults_;
  std::vector<std::size_t> candidates_;
};

/// Where the trouble is that somebody does nothing, to stop him is no remedy.
bool clients_are_levers(Property property) {
  return property != Property::progress && property != Property::frequency;
}

}  // namespace

std::vector<LastChance> last_chances(Rerunner& rerunner, const Chronicle& chronicle,
                                     const Focus& focus, const BegunFaults& faults) {
  Search search(rerunner, chronicle, focus, faults);
  std::vector<LastChance> chances;
  if (!faults.plan.faults.empty()) chances.push_back(search.find(Lever::world));
  if (!clients_are_levers(focus.property)) return chances;
  if (focus.earlier) chances.push_back(search.find(Lever::earlier));
  const bool another = focus.later && focus.later->client != focus.earlier->client;
  if (another) chances.push_back(search.find(Lever::later));
  return chances;
}

}  // namespace leasehold::scenarios
