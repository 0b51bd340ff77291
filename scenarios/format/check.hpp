#pragma once

#include "scenarios/json/located_value.hpp"
#include "scenarios/json/problems.hpp"
#include "scenarios/scenario.hpp"

namespace leasehold::scenarios::format {

/// What no key can be judged for on its own: lengths once the lease is known, targets against the
/// number of clients, what a calm scenario must be. `root` gives the places.
void check(const Scenario& scenario, const LocatedValue& root, Problems& problems);

}  // namespace leasehold::scenarios::format
