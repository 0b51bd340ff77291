#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checkers/explanation/precedence.hpp"
#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// A call as it is spoken of. Positions are comparable within one history.
struct NamedCall {
  std::string who;       ///< process 3
  std::string what;      ///< acquire → {:fence 7}
  std::string asked;     ///< line 12
  std::string answered;  ///< line 15; empty: never
  Position invoked = 0;
  Position responded = kNever;
};

/// Two holds of a lock that cannot both have been, as a paragraph: the cycle in what must precede
/// what. The calls are an acquire, its release if there is one, and the same of the other. Empty if
/// that is no contradiction: the reason lies elsewhere.
std::string holds_in_words(const std::vector<NamedCall>& calls);

/// The same where leases are what makes the holds too long, whichever they are.
std::string leases_in_words();

/// A renewal of what was not held: by itself, or after the acquire and what ended the hold.
std::string renewal_in_words(const std::vector<NamedCall>& calls);

/// A try that was refused though nobody can have held the lock, and perhaps the acquire that rules
/// out who was not told that it did.
std::string refusal_in_words(const std::vector<NamedCall>& calls);

/// What is known of calls that cannot all have been answered so.
struct CoreFacts {
  std::size_t blocked = 0;  ///< the index of the one that came too late
  std::optional<std::size_t> overtaken;
  std::size_t placed = 0;  ///< how many calls were placed before
  bool smallest = false;
};

/// Such calls as a paragraph, with what precedes what among them.
std::string core_in_words(const std::vector<NamedCall>& calls, const CoreFacts& facts);

/// The cycle in what must precede what among them, if the blocked one overtakes another; else which
/// precede which in real time.
std::vector<Precedence> core_edges(const std::vector<NamedCall>& calls, const CoreFacts& facts);

/// Which of the calls had been answered before which was asked, without what follows from others.
std::vector<Precedence> real_time_edges(const std::vector<NamedCall>& calls);

}  // namespace leasehold::checkers
