#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/linearizability/parts.hpp"

namespace leasehold::checkers {

/// What makes a history illegal, as small as could be found.
struct IllegalCore {
  /// The first call, in the order of the responses, that no order can place by its response.
  std::size_t blocked = 0;
  /// A legal order of all that responded before: the longest legal prefix.
  std::vector<std::size_t> prefix;
  /// Calls that cannot all have been answered so, whatever all others did: those may have taken
  /// effect at any time after their invocation, or never. By invocation.
  std::vector<std::size_t> calls;
  /// Of those, one that the blocked call comes before in every order that explains the answers,
  /// although it had been answered when that was asked; nothing if that is not the reason.
  std::optional<std::size_t> overtaken;
  bool smallest = false;  ///< none of the calls can be spared; else the budget ran out
  std::uint64_t steps = 0;

  /// Calls its calls by other numbers.
  template <class Number>
  void renumber(const Number& number) {
    blocked = number(blocked);
    if (overtaken) overtaken = number(*overtaken);
    for (std::size_t& call : prefix) call = number(call);
    for (std::size_t& call : calls) call = number(call);
  }
};

/// How much may be spent on it in all.
struct CoreBudget {
  std::uint64_t steps = 20'000'000;
  SearchBudget search;  ///< of each search
};

/// The first call by whose response the part is illegal. REQUIRES: it is; `by` is such a call.
std::size_t first_blocked(HistoryPart& part, std::size_t by, const SearchBudget& budget);

/// Explains why a part is illegal, in terms of its own calls. To take the answer from a call only
/// adds to what may have happened. So calls lose theirs, many at once and then one by one, as long
/// as the rest stays illegal. REQUIRES: it is illegal by the response of the call `by`.
IllegalCore illegal_core(HistoryPart& part, std::size_t by, const CoreBudget& budget);

}  // namespace leasehold::checkers
