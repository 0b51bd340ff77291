#pragma once

#include <cstddef>
#include <string>

#include "scenarios/fault_plan.hpp"
#include "scenarios/scenario.hpp"

/// What a scenario puts a lock through, in a line: a rate says nothing without its distribution.
namespace leasehold::reports {

/// `0.2–3 leases`, `median 1.5 s, at most 5 s`. Lengths given in leases stay so if `in_leases`.
std::string distribution_text(const scenarios::DistributionSpec& spec,
                              const scenarios::Yardsticks& yardsticks, bool in_leases);

/// `lease 10 s; work median 1.5 s, at most 5 s; 5 clients; 60 s + 30 s healed`
std::string setting_text(const scenarios::Scenario& scenario);

/// `pause ×1–4 on holder, 0.2–3 leases`
std::string fault_text(const scenarios::FaultTemplate& fault,
                       const scenarios::Yardsticks& yardsticks);

/// All faults in at most so many columns: in full if that fits, else their kinds, else how many.
std::string faults_text(const scenarios::Scenario& scenario, std::size_t width);

/// One fault of one run: `pause of holder for 14.2 s`
std::string fault_text(const scenarios::PlannedFault& fault);

}  // namespace leasehold::reports
