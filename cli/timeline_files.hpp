#pragma once

#include <string>
#include <vector>

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

/// `paragraphs`: why it came out so, for those forms that have room for words; the title and the
/// story of an incident stand above them. Returns 0 or the
/// exit code of bad input.
int write_timeline(const TimelineFiles& files, const scenarios::Reproduction& run,
                   const std::vector<std::string>& paragraphs = {});

}  // namespace leasehold::cli
