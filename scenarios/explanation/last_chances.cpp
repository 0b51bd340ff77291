#include "scenarios/explanation/last_chances.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using checkers::FaultRecord;
using checkers::Property;

/// To how much a time is known that is not that of a record.
constexpr std::int64_t kResolutionNs = 1'000'000;
/// Longer than anything takes that follows at once.
constexpr std::int64_t kAMomentNs = 100'000'000;

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

/// A message leaves at it or has arrived: it may come later, or not at all.
bool is_of_a_message(const Moment& moment) {
  using What = checkers::Milestone::What;
  const auto* grant = as<checkers::Grant>(moment);
  const auto* milestone = as<checkers::Milestone>(moment);
  return as<checkers::Effect>(moment) != nullptr ||
         (grant != nullptr && grant->phase == checkers::Grant::Phase::begun) ||
         (milestone != nullptr &&
          (milestone->what == What::acquire_sent || milestone->what == What::effect_sent ||
           milestone->what == What::release_sent));
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

  /// The world as a whole, or one of the faults that are needed.
  LastChance of_faults(std::optional<std::size_t> needed) {
    LastChance chance{needed ? Lever::fault : Lever::world, {Way::calm}};
    chance.needed = needed;
    std::optional<std::size_t> lost;
    const auto all = candidates(moments_, focus_.at, [&](const Moment& moment) {
      return is_about(moment, focus_.earlier) || is_about(moment, focus_.later) ||
             begins_or_ends(moment, needed_);
    });
    for (const std::size_t candidate : all) {
      const std::int64_t at_ns = moments_[candidate].at.at_ns;
      if (!averted_from(at_ns, needed)) {
        lost = candidate;
        continue;
      }
      chance.until_ns = at_ns;
      chance.gone_with = candidate;
      if (lost) {
        chance.until_ns = latest_between(at_ns, moments_[*lost].at.at_ns, needed);
        if (*chance.until_ns > at_ns) chance.gone_with = lost;
      }
      return chance;
    }
    return chance;
  }

  /// A client. `other`: whom it waits for.
  LastChance of_client(Lever lever, const Party& one, const std::optional<Party>& other) {
    LastChance chance{lever};
    chance.client = one.client;
    const std::int64_t through_ns = through(other) + kAMomentNs;
    const auto steps = candidates(moments_, focus_.at,
                                  [&](const Moment& moment) { return is_about(moment, one); });
    for (const std::size_t step : steps) {
      chance.ways = ways_that_avert(one.client, step, through_ns);
      if (chance.ways.empty()) continue;
      chance.until_ns = moments_[step].at.at_ns;
      chance.gone_with = step;
      return chance;
    }
    return chance;
  }

 private:
  std::vector<Way> ways_that_avert(checkers::ClientId client, std::size_t step,
                                   std::int64_t through_ns) {
    const std::int64_t at_ns = moments_[step].at.at_ns;
    const std::int64_t for_ns = through_ns - at_ns;
    std::vector<Way> ways;
    const auto attempt = [&](Way way, const PlannedFault& otherwise) {
      if (!rerunner_.violated_with(otherwise, faults_)) ways.push_back(way);
    };
    attempt(Way::stop, stop(client, at_ns));
    attempt(Way::wait, stop(client, at_ns, for_ns));
    if (!is_of_a_message(moments_[step])) return ways;
    const bool to_resource = as<checkers::Grant>(moments_[step]) == nullptr;
    attempt(to_resource ? Way::effects_held_back : Way::service_held_back,
            hold_back(client, to_resource ? Peers::resource : Peers::servers, at_ns, for_ns));
    attempt(Way::broken_off, break_off(client, at_ns));
    return ways;
  }

  /// When somebody is out of the way: its hold is over, or else a lease after the violation.
  std::int64_t through(const std::optional<Party>& other) const {
    std::int64_t last = focus_.at.at_ns;
    if (focus_.second) last = std::max(last, moments_[*focus_.second].at.at_ns);
    if (focus_.due_ns) last = std::max(last, *focus_.due_ns);
    for (const Moment& moment : moments_) {
      const auto* work = as<checkers::Work>(moment);
      if (work == nullptr || !other || work->attempt != other->attempt) continue;
      if (work->phase == checkers::Work::Phase::left) last = std::max(last, moment.at.at_ns);
    }
    return last;
  }

  bool averted_from(std::int64_t at_ns, std::optional<std::size_t> needed) {
    if (!needed) return !rerunner_.violated(calm_from(faults_, at_ns));
    const auto place =
        std::find(faults_.index.begin(), faults_.index.end(), needed_[*needed].fault);
    const auto fault = static_cast<std::size_t>(place - faults_.index.begin());
    return !rerunner_.violated(over_by(faults_, fault, at_ns));
  }

  std::int64_t latest_between(std::int64_t safe_ns, std::int64_t lost_ns,
                              std::optional<std::size_t> needed) {
    while (lost_ns - safe_ns > kResolutionNs) {
      const std::int64_t middle = safe_ns + (lost_ns - safe_ns) / 2;
      (averted_from(middle, needed) ? safe_ns : lost_ns) = middle;
    }
    return safe_ns;
  }

  Rerunner& rerunner_;
  const std::vector<Moment>& moments_;
  const Focus& focus_;
  const BegunFaults& faults_;
  const std::vector<NeededFault>& needed_;
};

/// Where the trouble is that somebody does nothing, to stop him is no remedy; who does something
/// too early may wait.
bool clients_are_levers(const Focus& focus) {
  if (focus.property == Property::frequency) return focus.due_ns.has_value();
  return focus.property != Property::progress;
}

}  // namespace

std::vector<LastChance> last_chances(Rerunner& rerunner, const Chronicle& chronicle,
                                     const Focus& focus, const BegunFaults& faults,
                                     const std::vector<NeededFault>& needed) {
  Search search(rerunner, chronicle, focus, faults, needed);
  std::vector<LastChance> chances;
  if (!faults.plan.faults.empty()) chances.push_back(search.of_faults(std::nullopt));
  if (needed.size() > 1) {
    for (std::size_t i = 0; i < needed.size(); ++i) chances.push_back(search.of_faults(i));
  }
  if (!clients_are_levers(focus)) return chances;
  if (focus.earlier && !focus.due_ns) {
    chances.push_back(search.of_client(Lever::earlier, *focus.earlier, focus.later));
  }
  const bool another =
      focus.later && (focus.due_ns || focus.later->client != focus.earlier->client);
  if (another) chances.push_back(search.of_client(Lever::later, *focus.later, focus.earlier));
  return chances;
}

}  // namespace leasehold::scenarios
