#pragma once

#include <string>

#include "reports/timeline_names.hpp"

namespace leasehold::reports {

struct TimelinePicture {
  std::string svg;  ///< an element without a style of its own: timeline_picture.css has it
  std::size_t messages_left_out = 0;
};

/// A stretch of the run, to scale in true time. Where there are too many messages to be told apart,
/// only those of the attempts that the finding is about are drawn, and those that were lost.
TimelinePicture timeline_picture(const Timeline& timeline, TimeWindow window);

}  // namespace leasehold::reports
