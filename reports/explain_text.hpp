#pragma once

#include <string>

#include "reports/table.hpp"
#include "scenarios/explanation/explanation.hpp"

/// How a violation came about, until when it could have been averted, and what it rests on.
namespace leasehold::reports {

std::string explain_text(const scenarios::Explanation& explanation,
                         const scenarios::Reproduction& run, const Console& console);

/// The same for programs: times in ns of true time.
std::string explain_json(const scenarios::Explanation& explanation,
                         const scenarios::Reproduction& run);

}  // namespace leasehold::reports
