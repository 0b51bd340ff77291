#pragma once

#include <string>

#include "cli/command.hpp"
#include "scenarios/incident/reproduction.hpp"

namespace leasehold::cli {

/// Where to write the timeline of a run, in each of its forms; empty: nowhere.
struct TimelineFiles {
  std::string html;
  std::string svg;
  std::string trace_events;

  [[nodiscard]] bool any() const { return !html.empty() || !svg.empty() || !trace_events.empty(); }
};

void add_timeline_files(CLI::App& command, TimelineFiles& files);

/// Returns 0 or the exit code of bad input.
int write_timeline(const TimelineFiles& files, const scenarios::Reproduction& run);

}  // namespace leasehold::cli
