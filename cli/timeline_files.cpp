#include "cli/timeline_files.hpp"

#include "reports/timeline_page.hpp"
#include "reports/trace_events.hpp"
#include "scenarios/timeline/recorder.hpp"

namespace leasehold::cli {

void add_timeline_files(CLI::App& command, TimelineFiles& files) {
  command.add_option("--html", files.html, "write its timeline as a page");
  command.add_option("--svg", files.svg, "write its timeline as a picture");
  command.add_option("--trace-events", files.trace_events, "write it for the Perfetto UI");
}

int write_timeline(const TimelineFiles& files, const scenarios::Reproduction& run,
                   const std::vector<std::string>& paragraphs) {
  if (!files.any()) return 0;
  const scenarios::Timeline timeline = scenarios::record_timeline(run);
  if (timeline.events.size() >= scenarios::kMostTimelineEvents) {
    return bad_input(run.name, "has too many events for a timeline",
                     "a run of fewer than 500,000, such as one with a shorter horizon");
  }
  std::vector<std::string> told;
  for (const std::string& text : {run.title, run.story}) {
    if (!text.empty()) told.push_back(text);
  }
  told.insert(told.end(), paragraphs.begin(), paragraphs.end());
  const reports::TimelineNotes notes{"leasehold replay '" + run.name + "'", told};
  int failed = 0;
  if (!files.html.empty()) {
    failed = write_output(files.html, reports::timeline_page(timeline, notes));
  }
  if (failed == 0 && !files.svg.empty()) {
    failed = write_output(files.svg, reports::timeline_svg(timeline, notes));
  }
  if (failed == 0 && !files.trace_events.empty()) {
    failed = write_output(files.trace_events, reports::trace_events_json(timeline));
  }
  return failed;
}

}  // namespace leasehold::cli
