#include "reports/timeline_picture.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>

#include "reports/page_kit.hpp"
#include "reports/scenario_text.hpp"
#include "reports/svg.hpp"
#include "reports/text.hpp"
#include "reports/timeline_layout.hpp"
#include "reports/timeline_text.hpp"

namespace leasehold::reports {
namespace {

using svg::at;
using svg::label;
using svg::line;
using svg::number;
using svg::rect;
using Layout = TimelineLayout;

constexpr std::size_t kMostMessages = 240;
constexpr std::size_t kManyMessages = 80;  ///< from then on they are drawn more faintly
constexpr double kCharacter = 6.2;         ///< the width of one, about
constexpr int kClockSwing = 7;

/// What separates two ticks of an axis: 1, 2 or 5 of a power of ten.
std::int64_t tick_step(std::int64_t span_ns) {
  std::int64_t step = 1'000;
  while (true) {
    for (const int factor : {1, 2, 5}) {
      if (span_ns / (step * factor) <= 9) return step * factor;
    }
    step *= 10;
  }
}

int decimals_of(std::int64_t step_ns) {
  int decimals = 0;
  for (std::int64_t unit = 1'000'000'000; unit > step_ns && decimals < 6; unit /= 10) ++decimals;
  return decimals;
}

class Picture {
 public:
  Picture(const Timeline& timeline, TimeWindow window)
      : timeline_(timeline),
        window_(window),
        fault_rows_(rows_of_faults()),
        layout_(timeline, window, fault_row_count_) {
    for (const TimelineLane& lane : timeline.lanes) {
      for (const auto& point : lane.wall_clock()) {
        most_ahead_ = std::max(most_ahead_, std::abs(point.ahead_ns));
      }
    }
    choose_messages();
  }

  [[nodiscard]] std::string svg() const {
    const std::string size = std::to_string(layout_.height());
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" class=\"timeline\"" +
                      attribute("width", Layout::kWidth) + attribute("height", layout_.height()) +
                      " viewBox=\"0 0 " + std::to_string(Layout::kWidth) + " " + size + "\">";
    out += "<title>" + escaped(headline(timeline_)) + "</title>\n" + patterns();
    out += axis() + finding() + lanes() + fault_bands() + messages() + bars() + overlaps() +
           names() + lock_lane() + effects() + clocks();
    return out + "</svg>\n";
  }
  [[nodiscard]] std::size_t messages_left_out() const { return left_out_; }

 private:
  struct FaultRow {
    const TimelineFault* fault;
    int row;
  };

  [[nodiscard]] bool shows(std::int64_t from_ns, std::int64_t to_ns) const {
    return from_ns <= window_.to_ns && to_ns >= window_.from_ns;
  }
  [[nodiscard]] double x(EventIndex event) const { return layout_.x(timeline_.at_ns(event)); }

  /// The pattern of stopped processes and of overlaps.
  static std::string patterns() {
    std::string out = "<defs>";
    for (const auto& [id, kind] : {std::pair{"hatch", "hatch"}, std::pair{"stops", "stops"}}) {
      out += "<pattern" + attribute("id", id) +
             " width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
             "patternTransform=\"rotate(45)\"><line" +
             attribute("class", kind) + " x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern>";
    }
    return out + "</defs>\n";
  }

  [[nodiscard]] std::string axis() const {
    const std::int64_t step = tick_step(window_.to_ns - window_.from_ns);
    std::string out;
    for (std::int64_t tick = (window_.from_ns + step - 1) / step * step; tick <= window_.to_ns;
         tick += step) {
      const double where = layout_.x(tick);
      out += line("grid", where, Layout::kAxis - 8, where, layout_.height());
      const std::string text = time_text(tick, decimals_of(step));
      if (where < Layout::kRight - text_width(text) / 2) out += label("tick", where, 12, text);
    }
    if (timeline_.healed_ns > 0 && shows(timeline_.healed_ns, timeline_.healed_ns)) {
      const double where = layout_.x(timeline_.healed_ns);
      out += line("healed", where, Layout::kAxis - 8, where, layout_.height(), "the faults end");
    }
    return out + label("axis", 0, 12, "true time") + "\n";
  }

  [[nodiscard]] std::string finding() const {
    if (timeline_.findings.empty()) return "";
    const auto& finding = timeline_.findings.front();
    const double from = layout_.x(finding.from_ns);
    return rect("finding", from, Layout::kAxis - 6, layout_.x(finding.to_ns) - from,
                layout_.height() - Layout::kAxis + 6, headline(timeline_)) +
           "\n";
  }

  // ------------------------------------------------------------------------------------ lanes

  [[nodiscard]] std::string lanes() const {
    std::string out;
    for (LaneIndex i = 0; i < timeline_.lanes.size(); ++i) {
      const TimelineLane& lane = timeline_.lanes[i];
      const int y = layout_.lane_y(i);
      const int line_y = layout_.line_y(i);
      out += line("rule", 0, y, Layout::kRight, y);
      out += label("lane", 0, y + 15, abbreviate(lane.name, 14));
      out += line("life", Layout::kLeft, line_y, Layout::kRight, line_y);
      int row = 0;
      for (const std::string_view text : layout_.rows(i)) {
        out += label("row", Layout::kLeft - 8, y + 14 + row++ * Layout::kBarStep, text);
      }
      if (row > 0) {
        out += label("row", Layout::kLeft - 8, y + 20 + row * Layout::kBarStep, "clock");
      }
    }
    const int lock = layout_.lock_y();
    out += line("rule", 0, lock, Layout::kRight, lock) + label("lane", 0, lock + 15, "the lock") +
           label("row", Layout::kLeft - 8, lock + 15, "granted to");
    return out + "\n";
  }

  [[nodiscard]] std::string clocks() const {
    std::string out;
    for (LaneIndex i = 0; i < timeline_.lanes.size(); ++i) {
      const TimelineLane& lane = timeline_.lanes[i];
      const int middle = layout_.clock_y(i);
      std::string points;
      std::int64_t last = 0;
      const auto& clock = lane.wall_clock();
      for (std::size_t p = 0; p < clock.size(); ++p) {
        // What lies outside is cut off where the picture ends, at the value that it has there.
        const auto& point = clock[p];
        if (point.at_ns > window_.to_ns && p > 0 && clock[p - 1].at_ns >= window_.to_ns) break;
        const bool next_is_before = p + 1 < clock.size() && clock[p + 1].at_ns <= window_.from_ns;
        if (next_is_before) continue;
        last = point.ahead_ns;
        const double share = static_cast<double>(point.ahead_ns) /
                             static_cast<double>(std::max<std::int64_t>(most_ahead_, 1));
        points += number(layout_.x(point.at_ns)) + "," + number(middle - share * kClockSwing) + " ";
      }
      out += "<polyline class=\"clock\"" + attribute("points", points) + "><title>" +
             escaped(lane.name + ": its clock is " + ahead_text(last) + " ahead of true time") +
             "</title></polyline>";
    }
    return out + "\n";
  }

  // ----------------------------------------------------------------------------------- faults

  /// In each row none covers another, nor what is written beside it.
  std::vector<FaultRow> rows_of_faults() {
    std::vector<FaultRow> rows;
    const TimelineLayout unplaced(timeline_, window_, 0);
    std::vector<double> taken;  // to where, by row
    for (const TimelineFault& fault : timeline_.faults) {
      if (fault.applied == kNoEvent) continue;
      const std::int64_t from = timeline_.at_ns(fault.applied);
      if (!shows(from, fault.until_ns)) continue;
      const std::string text = fault_text(fault.planned);
      const double to = unplaced.x(fault.until_ns);
      const double written = label_of_fault(text, unplaced.x(from), to);
      const double left = std::min(unplaced.x(std::min(from, fault.planned.start_ns)), written);
      std::size_t row = 0;
      while (row < taken.size() && taken[row] > left) ++row;
      if (row == taken.size()) taken.push_back(0);
      taken[row] = std::max(to, written + text_width(text)) + 6;
      rows.push_back({&fault, static_cast<int>(row)});
    }
    fault_row_count_ = static_cast<int>(taken.size());
    return rows;
  }

  static double text_width(const std::string& text) {
    return kCharacter * static_cast<double>(display_width(text));
  }

  /// On the band if there is room, else beside it.
  static double label_of_fault(const std::string& text, double from, double to) {
    const double width = text_width(text);
    if (width + 8 <= to - from) return from + 5;
    const double beside = std::max(to, from + 3) + 5;
    return beside + width <= Layout::kRight ? beside
                                            : std::max<double>(Layout::kLeft, from - 5 - width);
  }

  [[nodiscard]] std::string fault_bands() const {
    std::string out;
    if (!fault_rows_.empty()) out += label("lane", 0, layout_.fault_y(0) + 12, "faults");
    for (const auto& [fault, row] : fault_rows_) {
      const double from = x(fault->applied);
      const double width = layout_.x(fault->until_ns) - from;
      const std::string text = fault_text(fault->planned);
      const std::string title = text + "\n" + fault_course(timeline_, *fault);
      const bool clock = is_clock_fault(fault->planned.kind);
      for (const LaneIndex lane : fault->targets) {
        const int bottom = layout_.lane_y(lane) + layout_.lane_height(lane) - 1;
        const int tall = clock ? Layout::kClock : layout_.lane_height(lane) - 2;
        out += rect("hit", from, bottom - tall, std::max(width, 2.0), tall, title);
      }
      const int y = layout_.fault_y(row) + 1;
      constexpr int kTall = Layout::kFaultRow - 3;
      if (fault->planned.start_ns < timeline_.at_ns(fault->applied)) {
        const double planned = layout_.x(fault->planned.start_ns);
        out += line("waits", planned, y + kTall / 2.0, from, y + kTall / 2.0);
      }
      out += rect("fault", from, y, std::max(width, 3.0), kTall, title);
      if (fault->in_effect != kNoEvent) {
        const std::int64_t felt = timeline_.at_ns(fault->in_effect);
        if (shows(felt, felt)) out += line("felt", layout_.x(felt), y, layout_.x(felt), y + kTall);
      }
      const double left = label_of_fault(text, from, from + width);
      out += label("on-fault", left, layout_.fault_y(row) + 12, text);
    }
    return out + "\n";
  }

  // ------------------------------------------------------------------------------------- bars

  [[nodiscard]] std::string bars() const {
    constexpr std::array<const char*, 7> kKinds{"belief", "grant", "work", "stopped",
                                                "down",   "leads", "keeps"};
    std::string out;
    std::map<std::pair<LaneIndex, TimelineBar::Kind>, double> drawn_to;
    for (const TimelineBar& bar : timeline_.bars) {
      if (!shows(timeline_.at_ns(bar.from), timeline_.at_ns(bar.to))) continue;
      const double from = x(bar.from);
      // Of those too narrow to be told apart one is enough.
      double& drawn = drawn_to.try_emplace({bar.lane, bar.kind}, -1).first->second;
      if (x(bar.to) < drawn + 1) continue;
      drawn = x(bar.to);
      const double width = x(bar.to) - from;
      const char* kind = kKinds[static_cast<std::size_t>(bar.kind)];
      const std::string title = bar_text(timeline_, bar);
      const int top = layout_.lane_y(bar.lane);
      if (bar.kind == TimelineBar::Kind::stopped || bar.kind == TimelineBar::Kind::down) {
        out += rect(kind, from, top + 1, width, layout_.lane_height(bar.lane) - 2, title);
        continue;
      }
      out += rect(kind, from, layout_.bar_y(bar), width, Layout::kBar, title);
    }
    return out + "\n";
  }

  /// Above the hatching of overlaps.
  [[nodiscard]] std::string names() const {
    std::string out;
    for (const TimelineBar& bar : timeline_.bars) {
      const std::string name = bar_name(timeline_, bar);
      if (name.empty() || !shows(timeline_.at_ns(bar.from), timeline_.at_ns(bar.to))) continue;
      out += name_on_bar(bar, x(bar.from), layout_.bar_y(bar), x(bar.to) - x(bar.from));
    }
    return out + "\n";
  }

  static std::string on_bar(double x, double y, double width, const std::string& text) {
    if (text_width(text) + 8 > width) return "";
    return label("on-bar", x + 4, y + 11, text);
  }

  [[nodiscard]] std::string name_on_bar(const TimelineBar& bar, double x, double y,
                                        double width) const {
    std::string in_full = on_bar(x, y, width, bar_name_in_full(timeline_, bar));
    if (!in_full.empty()) return in_full;
    return on_bar(x, y, width, bar_name(timeline_, bar));
  }

  [[nodiscard]] std::string overlaps() const {
    std::string out;
    for (const SharedStretch& shared : shared_stretches(timeline_)) {
      if (!shows(timeline_.at_ns(shared.from), timeline_.at_ns(shared.to))) continue;
      const TimelineBar& bar = timeline_.bars[shared.bar];
      out += rect("overlap", x(shared.from), layout_.bar_y(bar), x(shared.to) - x(shared.from),
                  Layout::kBar, "not alone\n" + bar_text(timeline_, bar));
    }
    return out + "\n";
  }

  /// Whom the service as a whole holds the lock for. Two at once stand above one another.
  [[nodiscard]] std::string lock_lane() const {
    std::string out;
    std::array<EventIndex, 2> taken{};
    for (const TimelineBar& bar : timeline_.bars) {
      if (bar.kind != TimelineBar::Kind::grant) continue;
      const std::size_t row = taken[0] <= bar.from ? 0 : 1;
      taken[row] = std::max(taken[row], bar.to);
      if (!shows(timeline_.at_ns(bar.from), timeline_.at_ns(bar.to))) continue;
      const double y = layout_.lock_y() + 2 + static_cast<double>(row) * (Layout::kBar + 1);
      const double width = x(bar.to) - x(bar.from);
      out += rect("grant", x(bar.from), y, width, Layout::kBar, bar_text(timeline_, bar)) +
             name_on_bar(bar, x(bar.from), y, width);
    }
    return out + "\n";
  }

  [[nodiscard]] std::string effects() const {
    std::string out;
    for (const bool write : {false, true}) {  // writes above reads
      for (const TimelineEffect& effect : timeline_.effects) {
        if (effect.write == write) out += this->effect(effect);
      }
    }
    return out + "\n";
  }

  [[nodiscard]] std::string effect(const TimelineEffect& effect) const {
    constexpr std::array<const char*, 5> kKinds{"accepted", "fenced", "harm", "harm", "harm"};
    const TimelineEvent& event = timeline_.events[effect.event];
    if (!shows(event.at_ns, event.at_ns) || event.lane == kNoLane) return "";
    const double where = layout_.x(event.at_ns);
    const int y = layout_.line_y(event.lane);
    std::string kind = kKinds[static_cast<std::size_t>(effect.outcome)];
    const std::string title =
        "<title>" + escaped(time_text(event.at_ns) + ": " + event_text(timeline_, event)) +
        "</title>";
    if (kind == "harm") {
      return "<path class=\"harm\" d=\"M" + number(where) + " " + number(y - 7) + "l6 12h-12z\">" +
             title + "</path>";
    }
    if (!effect.write) kind += " read";
    return "<circle" + attribute("class", kind) + at("cx", where) + at("cy", y) + " r=\"3.5\">" +
           title + "</circle>";
  }

  // --------------------------------------------------------------------------------- messages

  [[nodiscard]] std::int64_t settled_ns(const TimelineMessage& message) const {
    return message.settled == kNoEvent ? timeline_.end_ns : timeline_.at_ns(message.settled);
  }

  void choose_messages() {
    std::vector<const TimelineMessage*> all;
    for (const TimelineMessage& message : timeline_.messages) {
      if (shows(timeline_.at_ns(message.sent), settled_ns(message))) all.push_back(&message);
    }
    const std::size_t had = all.size();
    if (had > kMostMessages) {
      std::erase_if(all, [this](const TimelineMessage* message) { return !matters(*message); });
    }
    if (all.size() > kMostMessages) {
      const auto middle = timeline_.findings.empty() ? 0 : timeline_.findings.front().from_ns;
      std::stable_sort(all.begin(), all.end(), [&](const auto* a, const auto* b) {
        return std::abs(timeline_.at_ns(a->sent) - middle) <
               std::abs(timeline_.at_ns(b->sent) - middle);
      });
      all.resize(kMostMessages);
    }
    left_out_ = had - all.size();
    shown_ = std::move(all);
  }

  [[nodiscard]] bool matters(const TimelineMessage& message) const {
    if (message.fate == TimelineMessage::Fate::lost) return true;
    return concerns_finding(timeline_, timeline_.text(message.text));
  }

  [[nodiscard]] std::string messages() const {
    std::string out = shown_.size() > kManyMessages ? "<g class=\"many\">" : "<g>";
    for (const TimelineMessage* message : shown_) {
      const double x1 = x(message->sent);
      const double x2 = layout_.x(settled_ns(*message));
      const int y1 = layout_.line_y(message->from);
      const int y2 = layout_.line_y(message->to);
      const bool lost = message->fate == TimelineMessage::Fate::lost;
      const std::string title = timeline_.lanes[message->from].name + " to " +
                                timeline_.lanes[message->to].name + ": " +
                                timeline_.text(message->text) + "\n" +
                                time_text(timeline_.at_ns(message->sent), 6) + fate(*message);
      if (!lost) {
        out += line(message->stalled ? "message late" : "message", x1, y1, x2, y2, title);
        continue;
      }
      // Cut off on its way.
      const double xc = x1 + (x2 - x1) / 2;
      const double yc = y1 + (y2 - y1) / 2.0;
      out += line("message lost", x1, y1, xc, yc, title) + "<path class=\"cross\" d=\"M" +
             number(xc - 3) + " " + number(yc - 3) + "l6 6m0-6l-6 6\"/>";
    }
    return out + "</g>\n";
  }

  [[nodiscard]] std::string fate(const TimelineMessage& message) const {
    if (message.fate == TimelineMessage::Fate::pending) return ", never arrives in this run";
    return (message.fate == TimelineMessage::Fate::lost ? ", lost by " : ", arrives ") +
           time_text(timeline_.at_ns(message.settled), 6);
  }

  const Timeline& timeline_;
  TimeWindow window_;
  int fault_row_count_ = 0;
  std::vector<FaultRow> fault_rows_;
  TimelineLayout layout_;
  std::int64_t most_ahead_ = 0;
  std::vector<const TimelineMessage*> shown_;
  std::size_t left_out_ = 0;
};

}  // namespace

TimelinePicture timeline_picture(const Timeline& timeline, TimeWindow window) {
  const Picture picture(timeline, window);
  return {picture.svg(), picture.messages_left_out()};
}

}  // namespace leasehold::reports
