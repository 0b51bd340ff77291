#include "reports/timeline_page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "models/algorithm.hpp"
#include "reports/trace_events.hpp"

// That the pictures are XML and the policy's hashes right, tests/cli/timeline_test.py looks at.
namespace leasehold::reports {
namespace {

using nlohmann::json;
using scenarios::Timeline;

const Timeline& broken() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  static const Timeline kTimeline = scenarios::record_timeline(
      scenarios::reproduction_of(kRegistry, "lh1:none@gc-pauses#5").value());
  return kTimeline;
}

const TimelineNotes kNotes{"leasehold replay 'lh1:none@gc-pauses#5'", {"Nobody locked anything."}};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// What the script is given.
json data_of(const std::string& page) {
  const std::string begins = "<script type=\"application/json\" id=\"timeline-data\">";
  const std::size_t from = page.find(begins);
  REQUIRE(from != std::string::npos);
  const std::size_t to = page.find("</script>", from);
  return json::parse(page.substr(from + begins.size(), to - from - begins.size()));
}

TEST_CASE("the title of a timeline's page says what went wrong, and how to see it again") {
  const std::string page = timeline_page(broken(), kNotes);
  CHECK(has(page, "<h1>Two clients worked at once: "));
  CHECK(has(page, "<code>leasehold replay 'lh1:none@gc-pauses#5'</code>"));
  CHECK(has(page, "<p>Nobody locked anything.</p>"));
  CHECK(has(page, "<li class=\"violated\">✗ work_exclusion violated</li>"));
}

TEST_CASE("without its script the page shows the finding as a picture and in a table") {
  const std::string page = timeline_page(broken(), kNotes);
  const std::size_t still = page.find("<figure id=\"still\">");
  REQUIRE(still != std::string::npos);
  CHECK(page.find("<rect class=\"overlap\"", still) != std::string::npos);
  CHECK(page.find("<rect class=\"finding\"", still) != std::string::npos);
  CHECK(page.find("ENTERS the critical section", page.find("<section id=\"events\">")) !=
        std::string::npos);
  CHECK(has(page, "<div id=\"live\" hidden>"));
}

TEST_CASE("the page of a timeline asks for nothing, and its policy allows nothing else") {
  std::string page = timeline_page(broken(), kNotes);
  CHECK(has(page, "content=\"default-src 'none'; style-src 'sha256-"));
  CHECK(has(page, "'; script-src 'sha256-"));
  for (const std::string request : {"https:", "src=", "href", "@import", "<link", "<img", "<iframe",
                                    "javascript:", " style=", " onload", " onclick", "'unsafe"}) {
    CAPTURE(request);
    CHECK_FALSE(has(page, request));
  }
}

TEST_CASE("the script is given every event, bar and message of the run") {
  const Timeline& timeline = broken();
  const json data = data_of(timeline_page(timeline, kNotes));
  for (const char* column : {"at", "kind", "lane", "peer", "text"}) {
    CHECK(data["events"][column].size() == timeline.events.size());
  }
  CHECK(data["bars"].size() == timeline.bars.size());
  CHECK(data["messages"].size() == timeline.messages.size());
  CHECK(data["lanes"].size() == timeline.lanes.size());
  CHECK(data["phrases"].size() == 16);
  CHECK(data["finding"]["from"] == timeline.findings.front().from_ns);
}

TEST_CASE("no name can leave the page's data, its markup or its picture") {
  const std::string evil =
      "</script><script>alert(1)</script><!--\"'&\xe2\x80\xa8\xe2\x80\xa9\x01\xff\xe2\x80\xae";
  Timeline timeline = broken();
  for (std::string& text : timeline.texts) text = evil;
  for (auto& lane : timeline.lanes) lane.name = evil;
  timeline.scenario = evil;
  const std::string page = timeline_page(timeline, {evil, {evil}});
  const std::regex script("<script");
  CHECK(std::distance(std::sregex_iterator(page.begin(), page.end(), script), {}) == 2);
  CHECK_FALSE(has(page, "<script>alert"));
  CHECK_FALSE(has(page, "<!--"));
  CHECK_FALSE(has(page, "\x01"));
  CHECK_FALSE(has(page, "\xff"));
  const json data = data_of(page);
  CHECK(data["lanes"][0]["name"].get<std::string>().starts_with("</script><script>alert(1)"));
  CHECK_FALSE(has(data.dump(), "\xe2\x80\xae"));  // turns the direction of writing
  const std::string svg = timeline_svg(timeline, {evil, {}});
  CHECK_FALSE(has(svg, "<script"));
  CHECK_FALSE(has(svg, "\xff"));
  CHECK_NOTHROW(json::parse(trace_events_json(timeline)));
}

}  // namespace
}  // namespace leasehold::reports
