#pragma once

#include <string>

#include "reports/check_report.hpp"
#include "reports/violation.hpp"

namespace leasehold::reports {

/// The part of a history around what makes it illegal, as an SVG picture: a lane for each process,
/// a bar for each call from its invocation to its answer, the core in colour, and on hover what the
/// call was and where it stands in the longest legal prefix.
std::string history_svg(const NamedCheck& check, const Violation& violation);

/// The picture with the same in words, as a page that needs nothing else: no script, no request.
std::string history_page(const NamedCheck& check, const Violation& violation);

}  // namespace leasehold::reports
