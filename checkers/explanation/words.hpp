#pragma once

#include <cstddef>
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

/// Calls that cannot all have been answered so, as a paragraph, with what precedes what among them.
/// `blocked` is the index in `calls` of the one that came too late, `placed` how many were placed
/// before.
std::string core_in_words(const std::vector<NamedCall>& calls, std::size_t blocked,
                          std::size_t placed, bool smallest);

/// Which of the calls had been answered before which was asked, without what follows from others.
std::vector<Precedence> real_time_edges(const std::vector<NamedCall>& calls);

}  // namespace leasehold::checkers
