#include "reports/explain_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/explanation/chances.hpp"
#include "reports/explanation/story.hpp"
#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

/// An explanation in words: what is told, in which order, and in how many columns.
namespace leasehold::reports {
namespace {

using checkers::Property;
using scenarios::Explanation;
using scenarios::Reproduction;

struct Told {
  Reproduction run;
  Explanation found;
};

Told told(const std::string& recipe, Property property) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  Told told{scenarios::reproduction_of(kRegistry, recipe).value(), {}};
  told.found = scenarios::explain(kRegistry, told.run, property);
  return told;
}

bool contains(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// The story as one text.
std::string story(const Told& told) {
  std::string text;
  std::int64_t before = 0;
  for (const StoryLine& line : story_of(told.found, told.run)) {
    CHECK(line.at_ns >= before);
    before = line.at_ns;
    text += line.text + ". ";
  }
  return text;
}

TEST_CASE("the story tells beliefs, grants, faults and effects in about ten lines") {
  const Told pause = told("lh1:redis-ttl:token=incr@pause-after-check:variant=deadline kept#0",
                          Property::effect_safety);
  const std::string text = story(pause);
  CHECK(contains(text, "the service grants client 1 the lock (c1#1, token 2)"));
  CHECK(contains(text, "by its own clock it may rely on it for 9.9 s"));
  CHECK(contains(text, "it has just made sure that the lock is its own"));
  CHECK(contains(text, "but it stands still"));
  CHECK(contains(text, "has run out by the service's clock"));
  CHECK(contains(text, "a fence would have refused it, but there is none"));
  CHECK(story_of(pause.found, pause.run).size() <= 12);
}

TEST_CASE("the story tells what a clock says that was set") {
  const std::string text = story(told("lh1:redis-ttl@server-clock-forward:variant=by 0.62 leases#0",
                                      Property::work_exclusion));
  CHECK(contains(text, "the wall clock of server 0 is set 6.2 s forward"));
  CHECK(contains(text,
                 "the wall clock of server 0 has gone 10.1 s since it granted client 1, in "
                 "truth it was 3.91 s"));
}

TEST_CASE("the story tells who blocks whom, and that nothing will end it") {
  const std::string text =
      story(told("lh1:setnx@setnx-stuck:variant=dies in its work#0", Property::progress));
  CHECK(contains(text, "client 2 crashes"));
  CHECK(contains(text, "client 0, which asked at 0.100 s, waits for the lock"));
  CHECK(contains(text, "nothing that is pending will ever free the lock"));
}

TEST_CASE("the story tells who took the lock away from whom, and who only seems to have") {
  const auto taken = [](const std::string& recipe) {
    return contains(story(told(recipe, Property::work_exclusion)), "has taken away the lock of");
  };
  CHECK(taken("lh1:redis-ttl@wrong-unlock:variant=plain DEL#0"));
  CHECK_FALSE(
      taken("lh1:pg-advisory@advisory-failover:variant=advisory lock%2c asynchronous standby#0"));
}

TEST_CASE("the critical moment is told with what still averts it there") {
  const auto critical = [](const std::string& recipe, Property property) {
    const Told one = told(recipe, property);
    return critical_text(one.found, one.run);
  };
  CHECK(contains(
      critical("lh1:redis-ttl@fencing:variant=writes alone are fenced#0", Property::effect_safety),
      "if client 1 stops, or waits until client 0 is through, or its messages to and "
      "from the resource are held back so long"));
  CHECK(contains(critical("lh1:setnx@setnx-stuck:variant=dies in its work#0", Property::progress),
                 "if the crash of client 2 does not come"));
  CHECK(contains(
      critical("lh1:redis-ttl@timer-lock:variant=time to live of T%2c servers poll every T#1",
               Property::frequency),
      "if client 4 asks 1.63 s later, once the lock is free"));
}

TEST_CASE("a program is told of the order that decides a standstill and a rhythm, too") {
  const auto order = [](const std::string& recipe, Property property) {
    const Told one = told(recipe, property);
    return nlohmann::json::parse(explain_json(one.found, one.run))["deciding_order"];
  };
  const auto stuck = order("lh1:setnx@setnx-stuck:variant=the reply is lost#0", Property::progress);
  CHECK(stuck["second"]["event"] == "client 2 learns that it has the lock");
  CHECK(stuck["first"]["at_ns"] < stuck["second"]["at_ns_elsewhere"]);
  const auto late =
      order("lh1:redis-ttl@timer-lock:variant=time to live of T%2c servers poll every T#1",
            Property::frequency);
  CHECK(late["first"]["event"] == "client 4 asks for the lock");
  CHECK(late["first"]["at_ns"] < late["second"]["at_ns"]);
}

TEST_CASE("what lies within a millisecond is told to the microsecond") {
  const Told vouchers = told("lh1:none@voucher:variant=no lock#0", Property::work_exclusion);
  const std::string text = explain_text(vouchers.found, vouchers.run, {});
  CHECK(contains(text, "\n   1.870340 s  Client 0 enters its critical section"));
  for (const std::string& line : test::lines_of(text)) {
    if (!line.starts_with("Next: ")) CHECK(display_width(line) <= 80);
  }
}

TEST_CASE("of an update that is lost the story tells what it was made from") {
  const std::string text =
      story(told("lh1:none@voucher:variant=no lock#0", Property::effect_safety));
  CHECK(contains(text, "the resource accepts the read of client 1: version 0"));
  CHECK(contains(text, "made from version 0: what client 0 wrote meanwhile is lost"));
}

TEST_CASE("an explanation fits the terminal, and says the same to programs") {
  const Told pause = told("lh1:redis-ttl@gc-pauses#1", Property::work_exclusion);
  const std::string text = explain_text(pause.found, pause.run, {});
  for (const std::string& line : test::lines_of(text)) {
    if (!line.starts_with("Next: ")) CHECK(display_width(line) <= 80);
  }
  const std::vector<std::string> paragraphs = explain_paragraphs(pause.found, pause.run);
  CHECK(paragraphs.size() >= story_of(pause.found, pause.run).size() + 5);
  CHECK(contains(paragraphs.front(), "work_exclusion violated"));
  const auto json = nlohmann::json::parse(explain_json(pause.found, pause.run));
  CHECK(json["property"] == "work_exclusion");
  CHECK(json["broken_assumptions"].size() == 1);
  CHECK(json["broken_assumptions"][0]["assumption"] == "bounded_pause");
  CHECK(json["deciding_order"]["confirmed"] == true);
  CHECK(json["critical_moment"]["until_ns"] <= json["violated_at_ns"]);
  CHECK(json["story"].size() == story_of(pause.found, pause.run).size());
}

}  // namespace
}  // namespace leasehold::reports
