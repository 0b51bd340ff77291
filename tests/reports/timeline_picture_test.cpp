#include "reports/timeline_picture.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "models/algorithm.hpp"
#include "reports/timeline_layout.hpp"

namespace leasehold::reports {
namespace {

constexpr double kCharacter = 6.2;

Timeline timeline_of(const std::string& recipe) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return scenarios::record_timeline(scenarios::reproduction_of(kRegistry, recipe).value());
}

struct Extent {
  double from = 0;
  double to = 0;
  int row = 0;
};

/// What stands in the rows of faults: bands, and what is written on or beside them.
std::vector<Extent> in_fault_rows(const std::string& svg, const std::string& element) {
  std::vector<Extent> found;
  const std::regex pattern(
      element == "rect" ? "<rect class=\"fault\" x=\"([^\"]*)\" y=\"([^\"]*)\" width=\"([^\"]*)\""
                        : "<text class=\"on-fault\" x=\"([^\"]*)\" y=\"([^\"]*)\">([^<]*)<");
  for (std::sregex_iterator i(svg.begin(), svg.end(), pattern), end; i != end; ++i) {
    const double from = std::stod((*i)[1]);
    const double width =
        element == "rect" ? std::stod((*i)[3]) : kCharacter * static_cast<double>((*i)[3].length());
    found.push_back({from, from + width,
                     (static_cast<int>(std::stod((*i)[2])) - TimelineLayout::kAxis) /
                         TimelineLayout::kFaultRow});
  }
  return found;
}

std::size_t crossings(const std::vector<Extent>& all) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool apart = all[i].to <= all[j].from || all[j].to <= all[i].from;
      if (all[i].row == all[j].row && !apart) ++count;
    }
  }
  return count;
}

/// Short pauses all over the window, as if each had begun with one of its events.
Timeline with_pauses_until_its_end() {
  Timeline timeline = timeline_of("lh1:none@gc-pauses#5");
  timeline.faults.clear();
  timeline.findings.clear();
  const std::size_t events = timeline.events.size();
  for (std::size_t i = 1; i <= 24; ++i) {
    TimelineFault fault;
    fault.planned.kind = scenarios::FaultKind::pause;
    fault.planned.duration_ns = 1'234'567;
    fault.targets = {0};
    fault.applied = static_cast<EventIndex>(events * i / 24 - 1);
    fault.planned.start_ns = timeline.at_ns(fault.applied);
    fault.until_ns = timeline.at_ns(fault.applied) + fault.planned.duration_ns;
    timeline.faults.push_back(fault);
  }
  return timeline;
}

TEST_CASE("what is written beside faults covers none, up to the right edge") {
  const Timeline timeline = with_pauses_until_its_end();
  const std::string svg = timeline_picture(timeline, {0, timeline.end_ns}).svg;
  std::vector<Extent> all = in_fault_rows(svg, "rect");
  const std::vector<Extent> texts = in_fault_rows(svg, "text");
  REQUIRE(all.size() == 24);
  REQUIRE(texts.size() == 24);
  for (const Extent& text : texts) {
    CHECK(text.from >= TimelineLayout::kLeft);
    CHECK(text.to <= TimelineLayout::kRight);
  }
  all.insert(all.end(), texts.begin(), texts.end());
  CHECK(crossings(all) == 0);
}

TEST_CASE("bars that cannot be told apart are drawn once") {
  const Timeline timeline = timeline_of("lh1:redlock@clock-steps#1");
  const std::string svg = timeline_picture(timeline, {0, timeline.end_ns}).svg;
  const auto keeps = static_cast<std::size_t>(
      std::count_if(timeline.bars.begin(), timeline.bars.end(),
                    [](const auto& bar) { return bar.kind == TimelineBar::Kind::keeps; }));
  const std::regex pattern("<rect class=\"keeps\"");
  const auto drawn = static_cast<std::size_t>(
      std::distance(std::sregex_iterator(svg.begin(), svg.end(), pattern), {}));
  CHECK(drawn > 100);
  CHECK(drawn < keeps);
  CHECK(drawn < 5 * (TimelineLayout::kRight - TimelineLayout::kLeft));
}

}  // namespace
}  // namespace leasehold::reports
