#include "reports/timeline_layout.hpp"

#include <algorithm>

namespace leasehold::reports {

using scenarios::LaneIndex;
using scenarios::TimelineBar;
using scenarios::TimelineLane;

namespace {

constexpr int kGapAboveLanes = 6;

}  // namespace

TimelineLayout::TimelineLayout(const scenarios::Timeline& timeline, scenarios::TimeWindow window,
                               int fault_rows)
    : timeline_(timeline), window_(window) {
  lanes_top_ = kAxis + fault_rows * kFaultRow + kGapAboveLanes;
  int y = lanes_top_;
  for (LaneIndex lane = 0; lane < timeline.lanes.size(); ++lane) {
    tops_.push_back(y);
    y += lane_height(lane);
    if (timeline.lanes[lane].part != TimelineLane::Part::resource) continue;
    lock_y_ = y;
    y += kOther;
  }
  height_ = y + 4;
}

double TimelineLayout::x(std::int64_t at_ns) const {
  const std::int64_t within = std::clamp(at_ns, window_.from_ns, window_.to_ns) - window_.from_ns;
  const std::int64_t span = std::max<std::int64_t>(window_.to_ns - window_.from_ns, 1);
  return kLeft + static_cast<double>(within) * (kRight - kLeft) / static_cast<double>(span);
}

bool TimelineLayout::is_client(LaneIndex lane) const {
  return timeline_.lanes[lane].part == TimelineLane::Part::client;
}

int TimelineLayout::lane_height(LaneIndex lane) const { return is_client(lane) ? kClient : kOther; }

int TimelineLayout::line_y(LaneIndex lane) const {
  return lane_y(lane) + (is_client(lane) ? 5 + 3 * kBarStep : kOther / 2);
}

int TimelineLayout::bar_y(const TimelineBar& bar) const {
  int row = 0;
  if (bar.kind == TimelineBar::Kind::grant) row = 1;
  if (bar.kind == TimelineBar::Kind::work) row = 2;
  return lane_y(bar.lane) + 3 + row * kBarStep;
}

}  // namespace leasehold::reports
