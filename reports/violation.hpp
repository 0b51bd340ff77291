#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checkers/explanation/precedence.hpp"
#include "checkers/specifications/check_history.hpp"

namespace leasehold::reports {

/// Why a history is illegal, for people.
struct Violation {
  std::vector<std::size_t> core;            ///< the calls, by invocation
  std::vector<std::size_t> prefix;          ///< a legal order of what came before, if it was built
  std::vector<checkers::Precedence> edges;  ///< what precedes what among the calls of the core
  std::optional<std::size_t> blocked;       ///< by its answer no order explains the answers
  std::string words;                        ///< a paragraph
  bool only_listed = false;                 ///< which says no more than which calls they are
  bool smallest = false;                    ///< no call of the core can be spared
};

/// Of a history that is not judged violated, nothing but its order.
Violation explain_violation(const checkers::CheckedHistory& history);

}  // namespace leasehold::reports
