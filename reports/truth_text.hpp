#pragma once

#include <string>

#include "scenarios/findings.hpp"

/// What was expected of the runs of a known truth and what came out, a line for each thing looked
/// at, in the same order.
namespace leasehold::reports {

/// `work_exclusion violated`, `effect_safety violated in 20–80 %`, `longest wait 8 s to 9 s`
std::string expected_text(const scenarios::Findings& findings);
/// The same without the property's name, if it is the one thing that both look at: `holds`.
std::string expected_text(const scenarios::Findings& findings, const scenarios::Findings& beside);

/// In how many runs it was violated, how long it lasted: `50 of 50`, `3 of 41 judged of 50`,
/// `8.2 s to 8.6 s`
std::string measured_text(const scenarios::Findings& findings);

}  // namespace leasehold::reports
