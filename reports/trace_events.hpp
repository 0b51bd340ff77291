#pragma once

#include <string>

#include "reports/timeline_names.hpp"

namespace leasehold::reports {

/// The run in the trace-event format, which the Perfetto UI and chrome://tracing open: a process
/// for each lane, what lasts as asynchronous slices (they need not nest), what happened as
/// instants, messages as flows between slices of a nanosecond, and the clocks as counters.
std::string trace_events_json(const Timeline& timeline);

}  // namespace leasehold::reports
