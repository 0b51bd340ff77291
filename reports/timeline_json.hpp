#pragma once

#include <nlohmann/json.hpp>

#include "scenarios/timeline/timeline.hpp"

namespace leasehold::reports {

/// A timeline as reports/timeline_page.js takes it: whole columns, for a run has many events.
nlohmann::ordered_json timeline_json(const scenarios::Timeline& timeline,
                                     scenarios::TimeWindow window);

}  // namespace leasehold::reports
