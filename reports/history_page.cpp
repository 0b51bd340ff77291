#include "reports/history_page.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "checkers/record/verdict_word.hpp"
#include "reports/page_kit.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using checkers::CallTable;
using checkers::CheckedCall;
using checkers::kNever;
using checkers::Position;

/// Nanoseconds of true time, or positions of events where there are none.
using Moment = std::uint64_t;

constexpr Moment kNoMoment = std::numeric_limits<Moment>::max();

constexpr int kLaneHeight = 30;
constexpr int kBarHeight = 18;
constexpr int kLeft = 96;
constexpr int kWidth = 1080;
constexpr int kTop = 24;
constexpr std::size_t kMostBars = 400;

std::string_view reason(const checkers::Precedence& edge) {
  const bool answers = edge.reason == checkers::Precedence::Reason::answers;
  return answers ? "comes first in every order that explains the answers" : "precedes in real time";
}

/// What is drawn of a history: the calls that were open while those of the core were, and some
/// before and after.
class Picture {
 public:
  Picture(const NamedCheck& check, const Violation& violation)
      : calls_(check.history.calls), violation_(violation), place_(calls_.size(), 0) {
    for (std::size_t i = 0; i < violation.prefix.size(); ++i) place_[violation.prefix[i]] = i + 1;
    choose_clock();
    choose_window();
    choose_calls();
    for (const std::size_t call : shown_) lanes_.try_emplace(calls_[call].process, 0);
    int lane = 0;
    for (auto& [process, number] : lanes_) number = lane++;
  }

  [[nodiscard]] std::string svg() const {
    return drawing(" xmlns=\"http://www.w3.org/2000/svg\"", 0, kWidth, lanes() + bars());
  }

  /// The names of the lanes stay where they are while the bars are scrolled.
  [[nodiscard]] std::string html() const {
    return "<div class=\"lanes\">" + drawing(" class=\"names\"", 0, kLeft, lanes()) +
           drawing("", kLeft, kWidth - kLeft, lanes() + bars()) + "</div>\n";
  }

  [[nodiscard]] std::string table() const {
    const bool prefix = !violation_.prefix.empty();
    std::string out =
        "<table><thead><tr><th>process</th><th>call</th><th>asked</th>"
        "<th>answered</th>";
    if (prefix) out += "<th>in the longest legal prefix</th>";
    out += "</tr></thead><tbody>\n";
    for (const std::size_t i : shown_) {
      const CheckedCall call = calls_[i];
      out += in_core(i) ? "<tr class=\"core\"><td>" : "<tr><td>";
      out += std::to_string(call.process) + "</td><td>" + escaped(call.text) + "</td><td>line " +
             std::to_string(call.line) + "</td><td>" +
             (call.answered_line == 0 ? "never" : "line " + std::to_string(call.answered_line)) +
             "</td>";
      if (prefix) out += "<td>" + placed_words(i) + "</td>";
      out += "</tr>\n";
    }
    return out + "</tbody></table>\n";
  }

  [[nodiscard]] std::size_t left_out() const { return calls_.size() - shown_.size(); }

 private:
  /// What of the content lies from `left` on.
  [[nodiscard]] std::string drawing(std::string_view attributes, int left, int width,
                                    const std::string& content) const {
    const int height = kTop + static_cast<int>(lanes_.size()) * kLaneHeight + 8;
    std::string out = "<svg role=\"img\"" + std::string(attributes);
    out += attribute("width", width) + attribute("height", height);
    out += " viewBox=\"" + std::to_string(left) + " 0 " + std::to_string(width) + " " +
           std::to_string(height) + "\">";
    out += "<title>The calls of each process over time, those that contradict in colour</title>\n";
    return out + content + "</svg>\n";
  }

  [[nodiscard]] std::string lanes() const {
    std::string out;
    for (const auto& [process, lane] : lanes_) {
      const int y = kTop + lane * kLaneHeight;
      out += "<text class=\"lane\" x=\"0\"" + attribute("y", y + 14) + ">process " +
             std::to_string(process) + "</text><line class=\"rule\" x1=\"0\"" +
             attribute("x2", kWidth) + attribute("y1", y + kBarHeight + 5) +
             attribute("y2", y + kBarHeight + 5) + "/>\n";
    }
    return out;
  }

  [[nodiscard]] std::string bars() const {
    std::string out;
    for (const std::size_t call : shown_) out += bar(call);
    for (const checkers::Precedence& edge : violation_.edges) out += arrow(edge);
    return out;
  }

  [[nodiscard]] bool in_core(std::size_t call) const {
    const std::vector<std::size_t>& core = violation_.core;
    return std::find(core.begin(), core.end(), call) != core.end();
  }
  /// True time if the history has it and it agrees with the order of the events; else that order.
  void choose_clock() {
    std::vector<std::pair<Position, std::int64_t>> times;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const CheckedCall call = calls_[i];
      const bool answered = call.responded != kNever;
      if (!call.invoked_ns || *call.invoked_ns < 0 || (answered && !call.answered_ns)) return;
      times.emplace_back(call.invoked, *call.invoked_ns);
      if (answered) times.emplace_back(call.responded, *call.answered_ns);
    }
    std::sort(times.begin(), times.end());
    timed_ = std::is_sorted(times.begin(), times.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; });
  }
  [[nodiscard]] Moment begin(const CheckedCall& call) const {
    return timed_ ? static_cast<Moment>(*call.invoked_ns) : call.invoked;
  }
  [[nodiscard]] Moment answer(const CheckedCall& call) const {
    if (call.responded == kNever) return kNoMoment;
    return timed_ ? static_cast<Moment>(*call.answered_ns) : call.responded;
  }
  /// The window's end stands for never.
  [[nodiscard]] Moment end(const CheckedCall& call) const { return std::min(answer(call), to_); }

  void choose_window() {
    Moment first = kNoMoment;
    Moment last = 0;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!violation_.core.empty() && !in_core(i)) continue;
      const CheckedCall call = calls_[i];
      first = std::min(first, begin(call));
      last = std::max(last, call.responded == kNever ? begin(call) : answer(call));
    }
    const Moment margin = std::max<Moment>((last - std::min(first, last)) / 5, 16);
    from_ = first - std::min(first, margin);
    to_ = last + margin;
  }

  void choose_calls() {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const CheckedCall call = calls_[i];
      const bool open = begin(call) <= to_ && answer(call) >= from_;
      const bool dead = call.responded == kNever && begin(call) < from_;
      if (in_core(i) || (open && !dead && shown_.size() < kMostBars)) shown_.push_back(i);
    }
  }

  [[nodiscard]] int x(Moment at) const {
    const Moment within = std::clamp(at, from_, to_) - from_;
    const Moment span = std::max<Moment>(to_ - from_, 1);
    return kLeft + static_cast<int>(within * static_cast<Moment>(kWidth - kLeft) / span);
  }
  [[nodiscard]] int y(const CheckedCall& call) const {
    return kTop + lanes_.at(call.process) * kLaneHeight;
  }

  [[nodiscard]] std::string placed_words(std::size_t call) const {
    return place_[call] == 0 ? "not placed" : "number " + std::to_string(place_[call]);
  }

  [[nodiscard]] std::string bar(std::size_t index) const {
    const CheckedCall call = calls_[index];
    const int left = x(begin(call));
    const int width = std::max(3, x(end(call)) - left);
    std::string kind = in_core(index) ? "core" : place_[index] != 0 ? "placed" : "bar";
    if (call.responded == kNever) kind += " lost";
    std::string out = "<g><title>process " + std::to_string(call.process) + ": " +
                      escaped(call.text) + "\nasked in line " + std::to_string(call.line) + ", ";
    out += call.answered_line == 0 ? "never answered"
                                   : "answered in line " + std::to_string(call.answered_line);
    if (!violation_.prefix.empty()) out += "\nin the longest legal prefix: " + placed_words(index);
    out += "</title><rect class=\"" + kind + "\" rx=\"3\"" + attribute("x", left) +
           attribute("y", y(call)) + attribute("width", width) + attribute("height", kBarHeight);
    out += "/>";
    if (width > 60 || in_core(index)) {
      const auto room = static_cast<std::size_t>(std::max(width / 7, 14));
      const std::string text = abbreviate(printable(call.text), room);
      out += "<text" + attribute("x", left + 4) + attribute("y", y(call) + 13) + ">" +
             escaped(text) + "</text>";
    }
    return out + "</g>\n";
  }

  [[nodiscard]] std::string arrow(const checkers::Precedence& edge) const {
    const CheckedCall before = calls_[violation_.core[edge.before]];
    const CheckedCall after = calls_[violation_.core[edge.after]];
    return "<line class=\"edge\"" + attribute("x1", x(end(before))) +
           attribute("y1", y(before) + kBarHeight / 2) + attribute("x2", x(begin(after))) +
           attribute("y2", y(after) + kBarHeight / 2) + "><title>" + std::string(reason(edge)) +
           "</title></line>\n";
  }

  const CallTable& calls_;
  const Violation& violation_;
  std::vector<std::size_t> place_;  ///< of each call in the prefix, from 1; 0: not placed
  std::vector<std::size_t> shown_;
  std::map<std::int64_t, int> lanes_;  ///< by process
  bool timed_ = false;
  Moment from_ = 0;
  Moment to_ = 0;
};

}  // namespace

std::string history_svg(const NamedCheck& check, const Violation& violation) {
  std::string svg = Picture(check, violation).svg();
  const std::string style(history_page_style().text);
  svg.insert(svg.find('\n') + 1, "<style>" + style + "</style>\n");
  return svg;
}

std::string history_page(const NamedCheck& check, const Violation& violation) {
  const Picture picture(check, violation);
  std::string body = "<main><h1>" + escaped(check.file) + "</h1>\n<p class=\"meta\">" +
                     std::string(checkers::verdict_word(check.history.judgement.verdict)) +
                     ", by " + escaped(check.history.judgement.procedure) + "; " +
                     std::to_string(check.history.calls.size()) + " calls</p>\n";
  if (!violation.words.empty()) body += "<p>" + escaped(violation.words) + "</p>\n";
  body += scrolled("The calls over time", picture.html()) +
          scrolled("The calls in words", picture.table());
  if (picture.left_out() > 0) {
    body += "<p class=\"note\">" + std::to_string(picture.left_out()) +
            " calls before and after are not shown.</p>\n";
  }
  return page_text({check.file, history_page_style(), std::nullopt, body + "</main>\n"});
}

}  // namespace leasehold::reports
