#pragma once

#include "scenarios/scenario.hpp"

namespace leasehold::scenarios::format {

/// Tells in seconds what the scenario tells in horizons, so that another horizon changes nothing
/// else.
void measure_by_horizon_no_more(Scenario& scenario);

}  // namespace leasehold::scenarios::format
