#include "reports/progress.hpp"

#include <algorithm>

#include "reports/number.hpp"
#include "reports/text.hpp"
#include "support/uint128.hpp"

namespace leasehold::reports {
namespace {

constexpr std::int64_t kRedrawNs = 100'000'000;
constexpr std::int64_t kLineNs = 10'000'000'000;
/// Before that, a guess at the rest says more about the start than about the campaign.
constexpr std::int64_t kFirstGuessNs = 1'000'000'000;
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::uint64_t scaled(std::uint64_t value, std::uint64_t by, std::uint64_t of) {
  return static_cast<std::uint64_t>(support::Uint128{value} * by / of);
}

/// A guess is no better than whole seconds, or minutes.
std::string rough_time(std::uint64_t ns) {
  const std::uint64_t seconds = ns / 1'000'000'000 + 1;
  if (seconds < 100) return std::to_string(seconds) + " s";
  if (seconds < 6'000) return std::to_string((seconds + 30) / 60) + " min";
  return std::to_string((seconds + 1'800) / 3'600) + " h";
}

std::string time_left(std::uint64_t done, std::uint64_t planned, std::int64_t elapsed_ns) {
  if (done == 0 || done >= planned || elapsed_ns < kFirstGuessNs) return "";
  return ", " + rough_time(scaled(static_cast<std::uint64_t>(elapsed_ns), planned - done, done)) +
         " left";
}

}  // namespace

std::optional<ProgressMode> progress_mode(std::string_view word, bool terminal) {
  if (word == "auto") return terminal ? ProgressMode::bar : ProgressMode::lines;
  if (word == "bar") return ProgressMode::bar;
  if (word == "lines") return ProgressMode::lines;
  if (word == "none") return ProgressMode::none;
  return std::nullopt;
}

ProgressPace::ProgressPace(ProgressMode mode)
    : mode_(mode), next_ns_(mode == ProgressMode::lines ? kLineNs : 0) {}

bool ProgressPace::is_due(std::int64_t elapsed_ns) {
  if (mode_ == ProgressMode::none || elapsed_ns < next_ns_) return false;
  next_ns_ = elapsed_ns + (mode_ == ProgressMode::bar ? kRedrawNs : kLineNs);
  return true;
}

std::string ProgressPace::written(const std::string& text) const {
  if (mode_ == ProgressMode::none) return "";
  if (mode_ == ProgressMode::bar) return std::string(kEraseLine) + text;
  return "leasehold: " + text + "\n";
}

std::string ProgressPace::cleared() const {
  return mode_ == ProgressMode::bar ? std::string(kEraseLine) : "";
}

std::string Progress::start() {
  return pace_.written(pace_.mode() == ProgressMode::bar ? bar(0, 0)
                                                         : count_text(planned_) + " runs");
}

std::string Progress::update(std::uint64_t runs_done, std::int64_t elapsed_ns) {
  if (!pace_.is_due(elapsed_ns)) return "";
  return pace_.written(pace_.mode() == ProgressMode::bar ? bar(runs_done, elapsed_ns)
                                                         : line(runs_done, elapsed_ns));
}

std::string Progress::finish(std::uint64_t runs_done, std::int64_t elapsed_ns) {
  if (pace_.mode() == ProgressMode::none) return "";
  std::string text = count_text(runs_done);
  if (runs_done < planned_) text += " of " + count_text(planned_);
  return pace_.cleared() + "leasehold: " + text + " runs in " + duration_text(elapsed_ns) + "\n";
}

std::string Progress::line(std::uint64_t done, std::int64_t elapsed_ns) const {
  const std::uint64_t percent = planned_ == 0 ? 100 : scaled(done, 100, planned_);
  return count_text(done) + " of " + count_text(planned_) + " runs (" + std::to_string(percent) +
         " %)" + time_left(done, planned_, elapsed_ns);
}

std::string Progress::bar(std::uint64_t done, std::int64_t elapsed_ns) const {
  const std::string text = line(done, elapsed_ns);
  // The last column stays free: some terminals would go on to the next line.
  constexpr std::size_t kLeastBar = 8;
  if (display_width(text) + kLeastBar + 2 > width_) {
    return abbreviate(text, std::max<std::size_t>(width_, 2) - 1);
  }
  const std::size_t cells = std::min<std::size_t>(30, width_ - 2 - display_width(text));
  const std::size_t full = planned_ == 0 ? cells : scaled(done, cells, planned_);
  std::string drawn;
  for (std::size_t i = 0; i < cells; ++i) drawn += i < full ? "━" : "─";
  return drawn + " " + text;
}

}  // namespace leasehold::reports
