#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/timeline/timeline.hpp"

namespace leasehold::reports {

/// Where everything of a timeline's picture stands, from top to bottom: an axis, rows of faults,
/// the clients with three bars, the resource, whom the lock is granted to, the servers.
/// reports/timeline_page.js draws by the same measures.
class TimelineLayout {
 public:
  static constexpr int kWidth = 1120;
  static constexpr int kLeft = 132;  ///< of it for names
  static constexpr int kRight = 1112;
  static constexpr int kAxis = 26;
  static constexpr int kFaultRow = 18;
  static constexpr int kBar = 14;
  static constexpr int kBarStep = 16;
  static constexpr int kClient = 78;
  static constexpr int kOther = 32;
  static constexpr int kClock = 18;  ///< at the bottom of a lane

  TimelineLayout(const scenarios::Timeline& timeline, scenarios::TimeWindow window, int fault_rows);

  [[nodiscard]] double x(std::int64_t at_ns) const;
  [[nodiscard]] int fault_y(int row) const { return kAxis + row * kFaultRow; }
  /// The top of a lane.
  [[nodiscard]] int lane_y(scenarios::LaneIndex lane) const { return tops_[lane]; }
  [[nodiscard]] int lane_height(scenarios::LaneIndex lane) const;
  /// The middle of its clock's line.
  [[nodiscard]] int clock_y(scenarios::LaneIndex lane) const {
    return lane_y(lane) + lane_height(lane) - kClock / 2;
  }
  /// Where messages leave and arrive.
  [[nodiscard]] int line_y(scenarios::LaneIndex lane) const;
  /// The bar of a client's belief, grant or work.
  [[nodiscard]] int bar_y(const scenarios::TimelineBar& bar) const;
  [[nodiscard]] int lock_y() const { return lock_y_; }
  [[nodiscard]] int lanes_top() const { return lanes_top_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  [[nodiscard]] bool is_client(scenarios::LaneIndex lane) const;

  const scenarios::Timeline& timeline_;
  scenarios::TimeWindow window_;
  std::vector<int> tops_;
  int lanes_top_ = 0;
  int lock_y_ = 0;
  int height_ = 0;
};

}  // namespace leasehold::reports
