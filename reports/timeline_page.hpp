#pragma once

#include <string>
#include <vector>

#include "reports/timeline_names.hpp"

namespace leasehold::reports {

/// What is said of a run beside its picture.
struct TimelineNotes {
  std::string replay;                   ///< the command that runs it again
  std::vector<std::string> paragraphs;  ///< why it came out so, if somebody found out
};

/// A page that needs nothing else. With scripting off it shows what the run's title is about, as a
/// picture and in words; with it, the whole run, event by event.
std::string timeline_page(const Timeline& timeline, const TimelineNotes& notes);

/// The picture alone, with its title and the command.
std::string timeline_svg(const Timeline& timeline, const TimelineNotes& notes);

}  // namespace leasehold::reports
