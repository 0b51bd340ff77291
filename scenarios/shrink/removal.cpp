#include "scenarios/shrink/removal.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include "scenarios/shrink/knob.hpp"

namespace leasehold::scenarios::shrinking {
namespace {

using checkers::ClientId;

/// Tries to do without ever smaller parts of a list, down to single items, until none can be
/// spared. `count()` is how many items there are now, `spare(first, n)` tries to take away so many.
template <class Count, class Spare>
bool spare_what_can_be(Count count, Spare spare) {
  bool any = false;
  for (std::size_t part = count(); part > 0;) {
    bool spared = false;
    for (std::size_t first = 0; first < count();) {
      if (spare(first, std::min(part, count() - first))) {
        spared = true;
      } else {
        first += part;
      }
    }
    any = any || spared;
    if (part > 1 || !spared) part /= 2;
  }
  return any;
}

/// Those who have something to do.
std::vector<ClientId> active_clients(const RunPlan& plan) {
  std::vector<ClientId> active;
  if (!plan.workload) return active;
  for (ClientId client = 0; client < plan.workload->clients.size(); ++client) {
    if (!plan.workload->clients[client].empty()) active.push_back(client);
  }
  return active;
}

struct RoundPlace {
  ClientId client;
  std::size_t round;
  std::int64_t asked_ns;
};

/// The last first: what came after the violation goes in one piece.
std::vector<RoundPlace> rounds_from_the_last(const Trials& trials) {
  std::vector<RoundPlace> places;
  if (!trials.best().plan.workload) return places;
  const auto& seen = trials.seen().rounds;
  for (ClientId client = 0; client < seen.size(); ++client) {
    for (std::size_t round = 0; round < seen[client].size(); ++round) {
      places.push_back({client, round, seen[client][round].asked_ns});
    }
  }
  std::sort(places.begin(), places.end(), [](const RoundPlace& a, const RoundPlace& b) {
    return std::tie(a.asked_ns, a.client, a.round) > std::tie(b.asked_ns, b.client, b.round);
  });
  return places;
}

/// When the rounds that are kept are to ask for the lock.
enum class Timing : std::uint8_t {
  as_asked,  ///< after a gap, when they did
  as_got,    ///< when they got it: those that they waited for may be gone
  as_it_comes,
};

/// The rounds of one client that are kept.
std::vector<PlannedRound> kept_rounds(const std::vector<PlannedRound>& rounds,
                                      const std::vector<RoundTimes>& seen,
                                      const std::vector<bool>& spared, Timing timing) {
  std::vector<PlannedRound> kept;
  std::size_t gap = 0;  // the first round that is spared before this one, or this one
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    if (spared[i]) continue;
    kept.push_back(rounds[i]);
    const bool waited = timing == Timing::as_got && seen[i].got_ns != kNever;
    const std::int64_t asks = waited ? seen[i].got_ns : seen[i].asked_ns;
    const bool known = seen[gap].asked_ns != kNever && asks != kNever;
    if (timing != Timing::as_it_comes && known) {
      kept.back().think_ns = rounds[gap].think_ns + asks - seen[gap].asked_ns;
    }
    gap = i + 1;
  }
  return kept;
}

Candidate without_rounds(const Trials& trials, std::span<const RoundPlace> spared, Timing timing) {
  Candidate candidate = trials.best();
  auto& clients = candidate.plan.workload->clients;
  std::vector<std::vector<bool>> gone(clients.size());
  for (std::size_t i = 0; i < clients.size(); ++i) gone[i].resize(clients[i].size());
  for (const RoundPlace& place : spared) gone[place.client][place.round] = true;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    clients[i] = kept_rounds(clients[i], trials.seen().rounds[i], gone[i], timing);
  }
  return candidate;
}

bool spare_rounds(Trials& trials, std::span<const RoundPlace> spared) {
  constexpr std::array kTimings{Timing::as_asked, Timing::as_got, Timing::as_it_comes};
  return std::any_of(kTimings.begin(), kTimings.end(), [&](Timing timing) {
    return trials.accept(without_rounds(trials, spared, timing));
  });
}

/// The word of a partition of clients that have new numbers.
std::uint64_t renumbered_side(std::uint64_t side, std::span<const ClientId> active) {
  std::uint64_t renumbered = side;
  for (std::size_t i = 0; i < active.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    renumbered = (side >> active[i] & 1) != 0 ? renumbered | bit : renumbered & ~bit;
  }
  return renumbered;
}

/// Nothing if a fault hits a client that does nothing.
std::optional<Candidate> renumbered(const Candidate& best, std::span<const ClientId> active) {
  Candidate candidate = best;
  candidate.scenario.clients = static_cast<std::uint32_t>(active.size());
  candidate.plan.workload.emplace();
  for (const ClientId client : active) {
    candidate.plan.workload->clients.push_back(best.plan.workload->clients[client]);
  }
  for (PlannedFault& fault : candidate.plan.faults.faults) {
    // In the other shapes the same word picks the servers: it stays as it is.
    if (fault.shape == PartitionShape::halves) fault.side = renumbered_side(fault.side, active);
    if (fault.target.role != Role::client || !fault.target.index) continue;
    const auto place = std::find(active.begin(), active.end(), *fault.target.index);
    if (place == active.end()) return std::nullopt;
    fault.target.index = static_cast<std::uint32_t>(place - active.begin());
  }
  return candidate;
}

}  // namespace

bool remove_faults(Trials& trials) {
  return spare_what_can_be([&] { return trials.best().plan.faults.faults.size(); },
                           [&](std::size_t first, std::size_t count) {
                             Candidate candidate = trials.best();
                             auto& faults = candidate.plan.faults.faults;
                             const auto begin = faults.begin() + static_cast<std::ptrdiff_t>(first);
                             faults.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                             return trials.accept(std::move(candidate));
                           });
}

bool remove_clients(Trials& trials) {
  return spare_what_can_be([&] { return active_clients(trials.best().plan).size(); },
                           [&](std::size_t first, std::size_t count) {
                             Candidate candidate = trials.best();
                             const auto active = active_clients(candidate.plan);
                             for (std::size_t i = first; i < first + count; ++i) {
                               candidate.plan.workload->clients[active[i]].clear();
                             }
                             return trials.accept(std::move(candidate));
                           });
}

bool remove_rounds(Trials& trials) {
  std::vector<RoundPlace> places = rounds_from_the_last(trials);
  return spare_what_can_be([&] { return places.size(); },
                           [&](std::size_t first, std::size_t count) {
                             const bool gone =
                                 spare_rounds(trials, std::span(places).subspan(first, count));
                             if (gone) places = rounds_from_the_last(trials);
                             return gone;
                           });
}

// The servers come after the clients, and so draw from other streams once there are fewer: it is
// another run, which may or may not do.
bool renumber_clients(Trials& trials) {
  const std::vector<ClientId> active = active_clients(trials.best().plan);
  if (active.empty() || active.size() == trials.best().scenario.clients) return false;
  std::optional<Candidate> candidate = renumbered(trials.best(), active);
  if (candidate && trials.accept(std::move(*candidate))) return true;
  Candidate cut = trials.best();
  if (active.back() + 1 == cut.scenario.clients) return false;
  cut.scenario.clients = active.back() + 1;
  return trials.accept(std::move(cut));
}

bool lower_clients(Trials& trials) {
  Knob clients;
  clients.get = [](const Candidate& candidate) { return candidate.scenario.clients; };
  clients.set = [](Candidate& candidate, std::int64_t value) {
    candidate.scenario.clients = static_cast<std::uint32_t>(value);
  };
  clients.least = 1;
  return lower(trials, clients);
}

}  // namespace leasehold::scenarios::shrinking
