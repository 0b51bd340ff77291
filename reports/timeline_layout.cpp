#include "reports/timeline_layout.hpp"

#include <algorithm>

namespace leasehold::reports {

namespace {

constexpr int kGapAboveLanes = 6;

}  // namespace

TimelineLayout::TimelineLayout(const Timeline& timeline, TimeWindow window, int fault_rows)
    : timeline_(timeline), window_(window) {
  find_rows();
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

void TimelineLayout::find_rows() {
  const auto& bars = timeline_.bars;
  const auto any = [&](TimelineBar::Kind kind) {
    return std::any_of(bars.begin(), bars.end(), [&](const auto& bar) { return bar.kind == kind; });
  };
  rows_[static_cast<std::size_t>(TimelineLane::Part::client)] = {"believes", "granted", "works"};
  auto& servers = rows_[static_cast<std::size_t>(TimelineLane::Part::server)];
  if (any(TimelineBar::Kind::leads)) servers.push_back("role");
  if (any(TimelineBar::Kind::keeps)) servers.push_back("keeps");
}

const std::vector<std::string_view>& TimelineLayout::rows(LaneIndex lane) const {
  return rows_[static_cast<std::size_t>(timeline_.lanes[lane].part)];
}

int TimelineLayout::lane_height(LaneIndex lane) const {
  if (rows(lane).empty()) return kOther;
  return kBesideBars + static_cast<int>(rows(lane).size()) * kBarStep;
}

int TimelineLayout::line_y(LaneIndex lane) const {
  if (rows(lane).empty()) return lane_y(lane) + kOther / 2;
  return lane_y(lane) + 5 + static_cast<int>(rows(lane).size()) * kBarStep;
}

int TimelineLayout::bar_y(const TimelineBar& bar) const {
  using Kind = TimelineBar::Kind;
  int row = 0;
  if (bar.kind == Kind::grant) row = 1;
  if (bar.kind == Kind::work) row = 2;
  if (bar.kind == Kind::keeps) row = static_cast<int>(rows(bar.lane).size()) - 1;
  return lane_y(bar.lane) + 3 + row * kBarStep;
}

}  // namespace leasehold::reports
