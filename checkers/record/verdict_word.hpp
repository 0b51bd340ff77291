#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// In the order of the enumeration: the words that users see and files hold.
inline constexpr std::array<std::string_view, 4> kVerdictWords{"holds", "violated", "unknown",
                                                               "n/a"};

constexpr std::string_view verdict_word(Verdict verdict) {
  return kVerdictWords[static_cast<std::size_t>(verdict)];
}

}  // namespace leasehold::checkers
