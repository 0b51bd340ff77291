#pragma once

#include <optional>
#include <string>

#include "scenarios/resolve.hpp"

namespace leasehold::bench {

/// The cell of a library scenario and an algorithm; says on stderr what is wrong with them.
std::optional<scenarios::ResolvedCell> find_cell(const std::string& scenario,
                                                 const std::string& algorithm);

}  // namespace leasehold::bench
