#pragma once

#include "scenarios/timeline/timeline.hpp"

/// A timeline and its parts, by the names that whatever shows one uses.
namespace leasehold::reports {

using scenarios::EventIndex;
using scenarios::kNoEvent;
using scenarios::kNoLane;
using scenarios::LaneIndex;
using scenarios::SharedStretch;
using scenarios::Timeline;
using scenarios::TimelineBar;
using scenarios::TimelineEffect;
using scenarios::TimelineEvent;
using scenarios::TimelineFault;
using scenarios::TimelineFinding;
using scenarios::TimelineLane;
using scenarios::TimelineMessage;
using scenarios::TimelineOverlap;
using scenarios::TimeWindow;

}  // namespace leasehold::reports
