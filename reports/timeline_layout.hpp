#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reports/timeline_names.hpp"

namespace leasehold::reports {

/// Where everything of a timeline's picture stands, from top to bottom: an axis, rows of faults,
/// the clients with three bars, the resource, whom the lock is granted to, the servers with their
/// role and whom they keep the lock for, as far as any server has such bars.
/// reports/timeline_draw.js draws by the same measures.
class TimelineLayout {
 public:
  static constexpr int kWidth = 1120;
  static constexpr int kLeft = 132;  ///< of it for names
  static constexpr int kRight = 1112;
  static constexpr int kAxis = 26;
  static constexpr int kFaultRow = 18;
  static constexpr int kBar = 14;
  static constexpr int kBarStep = 16;
  static constexpr int kOther = 32;       ///< a lane without bars
  static constexpr int kBesideBars = 30;  ///< what a lane with bars has besides them
  static constexpr int kClock = 18;       ///< at the bottom of a lane

  TimelineLayout(const Timeline& timeline, TimeWindow window, int fault_rows);

  [[nodiscard]] double x(std::int64_t at_ns) const;
  [[nodiscard]] int fault_y(int row) const { return kAxis + row * kFaultRow; }
  /// The top of a lane.
  [[nodiscard]] int lane_y(LaneIndex lane) const { return tops_[lane]; }
  [[nodiscard]] int lane_height(LaneIndex lane) const;
  /// The middle of its clock's line.
  [[nodiscard]] int clock_y(LaneIndex lane) const {
    return lane_y(lane) + lane_height(lane) - kClock / 2;
  }
  /// Where messages leave and arrive.
  [[nodiscard]] int line_y(LaneIndex lane) const;
  /// The bar of a client's belief, grant or work, or of a server's role or lock.
  [[nodiscard]] int bar_y(const TimelineBar& bar) const;
  /// What the rows of bars in a lane say, from the top.
  [[nodiscard]] const std::vector<std::string_view>& rows(LaneIndex lane) const;
  [[nodiscard]] int lock_y() const { return lock_y_; }
  [[nodiscard]] int lanes_top() const { return lanes_top_; }
  [[nodiscard]] int height() const { return height_; }

 private:
  void find_rows();

  const Timeline& timeline_;
  TimeWindow window_;
  std::array<std::vector<std::string_view>, 3> rows_;  ///< by the part that the lane has
  std::vector<int> tops_;
  int lanes_top_ = 0;
  int lock_y_ = 0;
  int height_ = 0;
};

}  // namespace leasehold::reports
