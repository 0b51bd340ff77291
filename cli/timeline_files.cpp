#include "cli/timeline_files.hpp"

#include "reports/timeline_page.hpp"
#include "reports/trace_events.hpp"

namespace leasehold::cli {

void add_timeline_files(CLI::App& command, TimelineFiles& files) {
  command.add_option("--html", files.html, "write its timeline as a page");
  command.add_option("--svg", files.svg, "write its timeline as a picture");
  command.add_option("--trace-events", files.trace_events, "write it for the Perfetto UI");
}

int write_timeline(const TimelineFiles& files, const scenarios::Reproduction& run) {
  if (!files.any()) return 0;
  const scenarios::Timeline timeline = scenarios::record_timeline(run);
  const reports::TimelineNotes notes{"leasehold replay '" + run.name + "'", {}};
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
