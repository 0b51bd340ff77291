#include "scenarios/explanation/last_chances.hpp"

#include <algorithm>
#include <set>

namespace leasehold::scenarios {
namespace {

using checkers::FaultRecord;
using checkers::Property;

/// To how much a time is known that is not that of a record.
constexpr std::int64_t kResolutionNs = 1'000'000;

/// A renewal decides nothing: the next one would do as well.
bool is_about(const Moment& moment, const std::optional<Party>& one) {
  const auto* grant = as<checkers::Grant>(moment);
  const bool renewal = grant != nullptr && grant->phase == checkers::Grant::Phase::renewed;
  return one && !renewal && attempt_of(moment.what) == one->attempt;
}

bool begins_or_ends(const Moment& moment, const std::vector<NeededFault>& needed) {
  const auto* fault = as<FaultRecord>(moment);
  if (fault == nullptr) return false;
  const bool counts = std::any_of(needed.begin(), needed.end(), [&](const NeededFault& one) {
    return one.fault == fault->fault;
  });
  return counts &&
         (fault->phase == FaultRecord::Phase::bound || fault->phase == FaultRecord::Phase::ended);
}

/// The moments up to `last` that satisfy it, latest first. Of one instant the first: what stops
/// something there comes before all of it.
template <class Wanted>
std::vector<std::size_t> candidates(const std::vector<Moment>& moments, checkers::Stamp last,
                                    Wanted wanted) {
  std::vector<std::size_t> all;
  for (std::size_t i = moments.size(); i-- > 0;) {
    if (moments[i].at > last || !wanted(moments[i])) continue;
    if (!all.empty() && moments[all.back()].at.at_ns == moments[i].at.at_ns) {
      all.back() = i;
    } else {
      all.push_back(i);
    }
  }
  return all;
}

class Search {
 public:
  Search(Rerunner& rerunner, const Chronicle& chronicle, const Focus& focus,
         const BegunFaults& faults, const std::vector<NeededFault>& needed)
      : rerunner_(rerunner),
        moments_(chronicle.moments()),
        focus_(focus),
        faults_(faults),
        needed_(needed) {}

  LastChance find(Lever lever) {
    LastChance chance{lever, std::nullopt, std::nullopt};
    std::optional<std::size_t> lost;
    for (const std::size_t candidate : candidates_of(lever)) {
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
  std::vector<std::size_t> candidates_of(Lever lever) const {
    if (lever == Lever::world) {
      return candidates(moments_, focus_.at, [&](const Moment& moment) {
        return is_about(moment, focus_.earlier) || is_about(moment, focus_.later) ||
               begins_or_ends(moment, needed_);
      });
    }
    const std::optional<Party>& who = lever == Lever::earlier ? focus_.earlier : focus_.later;
    bool healed = false;
    bool has_it = false;
    std::set<std::uint64_t> steps;
    for (const Moment& moment : moments_) {
      const auto* phase = as<checkers::RunPhase>(moment);
      healed = healed || (phase != nullptr && phase->phase == checkers::RunPhase::Phase::healed);
      if (!is_about(moment, who)) continue;
      has_it =
          has_it || as<checkers::Grant>(moment) != nullptr || as<checkers::Work>(moment) != nullptr;
      if (has_it && !healed) steps.insert(moment.at.sequence);
    }
    return candidates(moments_, focus_.at,
                      [&](const Moment& moment) { return steps.contains(moment.at.sequence); });
  }

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
  const std::vector<NeededFault>& needed_;
};

/// Where the trouble is that somebody does nothing, to stop him is no remedy.
bool clients_are_levers(Property property) {
  return property != Property::progress && property != Property::frequency;
}

}  // namespace

std::vector<LastChance> last_chances(Rerunner& rerunner, const Chronicle& chronicle,
                                     const Focus& focus, const BegunFaults& faults,
                                     const std::vector<NeededFault>& needed) {
  Search search(rerunner, chronicle, focus, faults, needed);
  std::vector<LastChance> chances;
  if (!faults.plan.faults.empty()) chances.push_back(search.find(Lever::world));
  if (!clients_are_levers(focus.property)) return chances;
  if (focus.earlier) chances.push_back(search.find(Lever::earlier));
  const bool another = focus.later && focus.later->client != focus.earlier->client;
  if (another) chances.push_back(search.find(Lever::later));
  return chances;
}

}  // namespace leasehold::scenarios
