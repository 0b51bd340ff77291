#pragma once

#include <string>

#include "scenarios/explanation/explanation.hpp"

namespace leasehold::reports {

/// The critical moment, with which event it is gone, and what would still have saved it.
std::string critical_text(const scenarios::Explanation& explanation,
                          const scenarios::Reproduction& run);

/// The ways out that were gone before it: a line for each, earliest first. Empty: none.
std::string other_chances_text(const scenarios::Explanation& explanation,
                               const scenarios::Reproduction& run, std::size_t width);

/// `if client 1 stops, or waits until client 0 is through`
std::string chance_text(const scenarios::LastChance& chance,
                        const scenarios::Explanation& explanation,
                        const scenarios::Reproduction& run);

}  // namespace leasehold::reports
