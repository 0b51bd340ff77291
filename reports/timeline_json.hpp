#pragma once

#include <nlohmann/json.hpp>

#include "reports/timeline_names.hpp"

namespace leasehold::reports {

/// A timeline as reports/timeline_page.js takes it: whole columns, for a run has many events.
nlohmann::ordered_json timeline_json(const Timeline& timeline, TimeWindow window);

}  // namespace leasehold::reports
