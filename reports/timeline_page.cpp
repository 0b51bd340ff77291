#include "reports/timeline_page.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "reports/number.hpp"
#include "reports/page_kit.hpp"
#include "reports/scenario_text.hpp"
#include "reports/timeline_json.hpp"
#include "reports/timeline_layout.hpp"
#include "reports/timeline_picture.hpp"
#include "reports/timeline_text.hpp"

namespace leasehold::reports {
namespace {

constexpr std::size_t kMostRows = 250;

std::string meta(const Timeline& timeline) {
  return escaped(timeline.algorithm + " on " + timeline.scenario + ", seed " +
                 std::to_string(timeline.seed) + " · lease " + duration_text(timeline.lease_ns) +
                 " · " + duration_text(timeline.end_ns) + " simulated · " +
                 count_text(timeline.events.size()) + " events");
}

std::string head(const Timeline& timeline, const TimelineNotes& notes) {
  std::string out = "<h1>" + escaped(headline(timeline)) + "</h1>\n<p class=\"meta\">" +
                    meta(timeline) + "</p>\n";
  for (const std::string& paragraph : notes.paragraphs) {
    out += "<p>" + escaped(paragraph) + "</p>\n";
  }
  out += "<p class=\"replay\"><code>" + escaped(notes.replay) + "</code></p>\n";
  out += "<ul class=\"verdicts\" aria-label=\"Verdicts\">";
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const checkers::Judgement judgement = timeline.verdicts[static_cast<checkers::Property>(i)];
    if (judgement.verdict == checkers::Verdict::not_applicable) continue;
    const bool violated = judgement.verdict == checkers::Verdict::violated;
    const bool holds = judgement.verdict == checkers::Verdict::holds;
    out += violated ? "<li class=\"violated\">✗ " : holds ? "<li>✓ " : "<li>? ";
    out += std::string(checkers::kPropertyNames[i]) + " " + std::string(word(judgement)) + "</li>";
  }
  return out + "</ul>\n";
}

std::string legend() {
  struct Entry {
    const char* mark;
    const char* text;
  };
  constexpr std::array<Entry, 12> kEntries{{
      {"<rect class=\"belief\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>",
       "the client believes that it holds the lock"},
      {"<rect class=\"grant\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>",
       "the service grants it the lock"},
      {"<rect class=\"work\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>",
       "it is in its critical section"},
      {"<rect class=\"work\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>"
       "<rect class=\"overlap\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>",
       "two at once"},
      {"<rect class=\"keeps\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>",
       "one server keeps the lock for it"},
      {"<rect class=\"fault\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>"
       "<line class=\"felt\" x1=\"9\" y1=\"2\" x2=\"9\" y2=\"14\"/>",
       "a fault, with the moment when it is first felt, and whom it hits"},
      {"<rect class=\"stopped\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>", "stopped"},
      {"<rect class=\"down\" x=\"1\" y=\"2\" width=\"22\" height=\"12\"/>", "down"},
      {"<line class=\"message\" x1=\"2\" y1=\"2\" x2=\"22\" y2=\"14\"/>", "a message"},
      {"<line class=\"message lost\" x1=\"2\" y1=\"2\" x2=\"15\" y2=\"10\"/>"
       "<path class=\"cross\" d=\"M12 7l6 6m0-6l-6 6\"/>",
       "a lost one"},
      {"<circle class=\"accepted\" cx=\"7\" cy=\"8\" r=\"3.5\"/>"
       "<path class=\"harm\" d=\"M17 2l6 12h-12z\"/>",
       "a write accepted; one that does harm"},
      {"<polyline class=\"clock\" points=\"1,11 10,11 10,4 23,4\"/>",
       "how far a host’s wall clock is ahead of true time"},
  }};
  std::string out = "<ul class=\"legend\" aria-label=\"Legend\">";
  for (const Entry& entry : kEntries) {
    out += std::string(
               "<li><svg class=\"timeline\" width=\"24\" height=\"16\" aria-hidden=\"true\">") +
           entry.mark + "</svg>" + entry.text + "</li>";
  }
  return out + "</ul>\n";
}

/// The part that a script brings to life.
constexpr const char* kLive =
    "<div id=\"live\" hidden>\n"
    "<div class=\"toolbar\" role=\"toolbar\" aria-label=\"Timeline\">"
    "<fieldset><legend>Scale</legend>"
    "<label><input type=\"radio\" name=\"scale\" value=\"time\" checked> true time</label>"
    "<label><input type=\"radio\" name=\"scale\" value=\"order\"> order of "
    "events</label></fieldset>"
    "<span><button type=\"button\" id=\"back\">◂ Step</button>"
    "<button type=\"button\" id=\"forth\">Step ▸</button></span>"
    "<span><button type=\"button\" id=\"out\" aria-label=\"Zoom out\">−</button>"
    "<button type=\"button\" id=\"in\" aria-label=\"Zoom in\">+</button>"
    "<button type=\"button\" id=\"all\">Whole run</button>"
    "<button type=\"button\" id=\"home\">What went wrong</button></span>"
    "<label><input type=\"checkbox\" id=\"every\"> every message</label></div>\n"
    "<div id=\"view\" class=\"scroll\" tabindex=\"0\" role=\"application\" "
    "aria-label=\"Timeline. Arrow left and right: one event; up and down: past messages; page up "
    "and down: 20 events; home and end: the run’s; plus and minus: zoom; v: what went wrong\">"
    "</div>\n"
    "<p id=\"note\" class=\"note\"></p>\n"
    "<p id=\"step\" role=\"status\"></p>\n"
    "<div class=\"panels\"><section aria-labelledby=\"state-title\">"
    "<h2 id=\"state-title\">Everybody at this step</h2><div class=\"scroll\" tabindex=\"0\" "
    "role=\"region\" aria-labelledby=\"state-title\"><table id=\"state\"></table></div></section>"
    "<section aria-labelledby=\"near-title\"><h2 id=\"near-title\">Before and after</h2>"
    "<ol id=\"near\"></ol></section></div>\n</div>\n";

std::string still(const TimelinePicture& picture) {
  std::string out = "<figure id=\"still\">" + scrolled("Timeline of what went wrong", picture.svg);
  if (picture.messages_left_out > 0) {
    out += "<figcaption class=\"note\">" + count_text(picture.messages_left_out) +
           " messages are left out of the picture.</figcaption>";
  }
  return out + "</figure>\n";
}

std::string recipe(const Timeline& timeline) {
  if (timeline.recipe.empty()) return "";
  std::string steps;
  for (const std::string_view step : timeline.recipe) steps += "<li>" + escaped(step) + "</li>\n";
  return "<section><h2>The recipe of " + escaped(timeline.algorithm) +
         "</h2><ol class=\"recipe\">\n" + steps + "</ol></section>\n";
}

std::string faults_table(const Timeline& timeline) {
  if (timeline.faults.empty()) return "";
  std::string table =
      "<table><thead><tr><th>planned</th><th class=\"number\">from</th>"
      "<th>what became of it</th></tr></thead><tbody>\n";
  for (const TimelineFault& fault : timeline.faults) {
    table += "<tr><td>" + escaped(fault_text(fault.planned)) + "</td><td class=\"number\">" +
             time_text(fault.planned.start_ns) + "</td><td>" +
             escaped(fault_course(timeline, fault)) + "</td></tr>\n";
  }
  return "<section><h2>Faults</h2>" + scrolled("Faults", table + "</tbody></table>") +
         "</section>\n";
}

bool is_message(const TimelineEvent& event) {
  return event.kind <= TimelineEvent::Kind::connection;
}

/// At most so many events of the window: rather those that the finding is about than others.
std::vector<EventIndex> chosen_events(const Timeline& timeline, TimeWindow window) {
  std::vector<EventIndex> chosen;
  for (EventIndex i = 0; i < timeline.events.size(); ++i) {
    const std::int64_t at = timeline.at_ns(i);
    if (at >= window.from_ns && at <= window.to_ns) chosen.push_back(i);
  }
  if (chosen.size() > kMostRows) {
    std::erase_if(chosen, [&](EventIndex i) {
      const TimelineEvent& event = timeline.events[i];
      return is_message(event) && !concerns_finding(timeline, timeline.text(event.text));
    });
  }
  if (chosen.size() > kMostRows) {
    const std::int64_t middle = timeline.findings.empty() ? 0 : timeline.findings.front().from_ns;
    std::stable_sort(chosen.begin(), chosen.end(), [&](EventIndex a, EventIndex b) {
      return std::abs(timeline.at_ns(a) - middle) < std::abs(timeline.at_ns(b) - middle);
    });
    chosen.resize(kMostRows);
    std::sort(chosen.begin(), chosen.end());
  }
  return chosen;
}

std::string events_table(const Timeline& timeline, TimeWindow window) {
  const std::vector<EventIndex> chosen = chosen_events(timeline, window);
  const EventIndex focus = focus_event(timeline);
  std::string table =
      "<table><thead><tr><th class=\"number\">true time</th><th>who</th><th>what</th></tr></thead>"
      "<tbody>\n";
  for (const EventIndex i : chosen) {
    const TimelineEvent& event = timeline.events[i];
    const bool told = concerns_finding(timeline, timeline.text(event.text));
    table += i == focus ? "<tr class=\"core\">" : told ? "<tr>" : "<tr class=\"aside\">";
    table += "<td class=\"number\">" + time_text(event.at_ns, 6) + "</td><td>" +
             (event.lane == kNoLane ? "" : escaped(timeline.lanes[event.lane].name)) + "</td><td>" +
             escaped(event_text(timeline, event)) + "</td></tr>\n";
  }
  return "<section id=\"events\"><h2>Events</h2>" + scrolled("Events", table + "</tbody></table>") +
         "<p class=\"note\">" + count_text(timeline.events.size() - chosen.size()) +
         " events of the run are not in this table.</p></section>\n";
}

}  // namespace

std::string timeline_page(const Timeline& timeline, const TimelineNotes& notes) {
  const TimeWindow window = opening_window(timeline);
  const std::string body = "<main>" + head(timeline, notes) + kLive +
                           still(timeline_picture(timeline, window)) + legend() + recipe(timeline) +
                           faults_table(timeline) + events_table(timeline, window) + "</main>\n" +
                           data_block("timeline-data", timeline_json(timeline, window));
  return page_text({headline(timeline), timeline_page_style(), timeline_page_script(), body});
}

std::string timeline_svg(const Timeline& timeline, const TimelineNotes& notes) {
  constexpr int kHead = 48;
  const TimelinePicture picture = timeline_picture(timeline, opening_window(timeline));
  // A picture in a frame that has room for two lines above it.
  const std::size_t at = picture.svg.find("height=\"") + 8;
  const int height = std::atoi(picture.svg.c_str() + at) + kHead;
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline page\"" +
                    attribute("width", TimelineLayout::kWidth + 32) +
                    attribute("height", height + 16) + ">\n<style>" +
                    std::string(timeline_picture_style().text) + "</style>\n";
  out +=
      "<rect class=\"paper\" width=\"100%\" height=\"100%\"/><text class=\"title\" x=\"16\" "
      "y=\"24\">" +
      escaped(headline(timeline)) + "</text><text class=\"tick start\" x=\"16\" y=\"42\">" +
      escaped(notes.replay) + "</text>\n<svg x=\"16\" y=\"" + std::to_string(kHead + 4) + "\"" +
      picture.svg.substr(4) + "</svg>\n";
  return out;
}

}  // namespace leasehold::reports
