#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leasehold::reports {

enum class ProgressMode : std::uint8_t { bar, lines, none };

/// `auto` is a bar on a terminal and lines elsewhere. Empty if there is no such mode.
std::optional<ProgressMode> progress_mode(std::string_view word, bool terminal);

/// When and how to write on stderr that something goes on. A bar is one line that is redrawn at
/// most ten times a second; lines come every ten seconds and are never animated.
class ProgressPace {
 public:
  explicit ProgressPace(ProgressMode mode);

  [[nodiscard]] ProgressMode mode() const { return mode_; }
  /// Whether to write now. REQUIRES: the elapsed time does not go back.
  bool is_due(std::int64_t elapsed_ns);
  /// The text as it is to be written: in the place of the last one, or on a line of its own.
  [[nodiscard]] std::string written(const std::string& text) const;
  /// What takes a bar away.
  [[nodiscard]] std::string cleared() const;

 private:
  ProgressMode mode_;
  std::int64_t next_ns_;  ///< no earlier than that is anything written again
};

/// How far a campaign is, for stderr. It says what to write and when; the caller writes it, and
/// holds the clock.
class Progress {
 public:
  Progress(ProgressMode mode, std::uint64_t runs_planned, std::size_t width = 80)
      : pace_(mode), planned_(runs_planned), width_(width) {}

  /// The first sign of life.
  std::string start();
  /// What to write now: often nothing. REQUIRES: the elapsed time does not go back.
  std::string update(std::uint64_t runs_done, std::int64_t elapsed_ns);
  /// Clears the bar, and says how it went. `runs_done` may be less than planned.
  std::string finish(std::uint64_t runs_done, std::int64_t elapsed_ns);

 private:
  [[nodiscard]] std::string line(std::uint64_t done, std::int64_t elapsed_ns) const;
  [[nodiscard]] std::string bar(std::uint64_t done, std::int64_t elapsed_ns) const;

  ProgressPace pace_;
  std::uint64_t planned_;
  std::size_t width_;
};

}  // namespace leasehold::reports
