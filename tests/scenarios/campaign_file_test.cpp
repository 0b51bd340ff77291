#include "scenarios/campaign_file.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>

#include "scenarios/format/describe_campaign.hpp"
#include "tests/scenarios/generators.hpp"

namespace leasehold::scenarios {
namespace {

std::string told(const std::string& text) {
  const auto campaign = parse_campaign(text, "campaign.json");
  return campaign ? "nothing" : support::text(campaign.error());
}

TEST_CASE("an empty campaign is the default one") {
  const auto campaign = parse_campaign("{}", "campaign.json");
  REQUIRE(campaign);
  CHECK(*campaign == CampaignFile{});
  CHECK(campaign->seeds.count() == 1'000);
  CHECK(campaign->scenarios.size() == 7);
}

TEST_CASE("a campaign is read with all that it says") {
  const auto campaign = parse_campaign(R"({"$schema": "x", "scenarios": ["calm", "./own.json"],
      "algorithms": ["redis*"], "parameters": {"redlock": {"nodes": 7}}, "set": {"lease": "30s"},
      "seeds": "100..199", "defaults": "vendor",
      "thresholds": [{"property": "effect_safety", "algorithm": "etcd-*", "max_violated_ppm": 5}]})",
                                       "campaign.json");
  REQUIRE(campaign);
  CHECK(campaign->scenarios[1] == "./own.json");
  CHECK(campaign->parameters.at("redlock").at("nodes") == "7");
  CHECK(campaign->set.at("lease") == "30s");
  CHECK(campaign->seeds == SeedRange{100, 199});
  CHECK(campaign->defaults == DefaultsFrom::vendor);
  REQUIRE(campaign->thresholds.size() == 1);
  CHECK(campaign->thresholds[0].property == checkers::Property::effect_safety);
  CHECK(campaign->thresholds[0].scenario == "*");
}

TEST_CASE("what is wrong with a campaign is told at its place") {
  CHECK(told(R"({"seed": 5})") ==
        "campaign.json:1:2: /seed: unknown key \"seed\" in this file; did you mean \"seeds\"? "
        "Expected $schema, scenarios, algorithms, parameters, set, seeds, defaults or "
        "thresholds\n");
  CHECK(told(R"({"thresholds": [{"property": "work-exclusion"}]})")
            .find("did you mean \"work_exclusion\"?") != std::string::npos);
  CHECK(told(R"({"thresholds": [{}]})").find("misses the key \"property\"") != std::string::npos);
  CHECK(told(R"({"scenarios": []})") == "campaign.json:1:1: names no scenario\n");
  CHECK(told(R"({"seeds": -1})").find("\"-1\" is no range of seeds") != std::string::npos);
}

TEST_CASE("seeds are a count or a range") {
  CHECK(*parse_seeds("1000") == SeedRange{0, 999});
  CHECK(*parse_seeds("7..7") == SeedRange{7, 7});
  CHECK(*parse_seeds("18446744073709551615..18446744073709551615") ==
        SeedRange{UINT64_MAX, UINT64_MAX});
  for (const char* bad : {"", "0", "5..3", "1.5", "1...5", "..5", "5..", "-1..5", "10000001", "1e3",
                          "0..18446744073709551615", "18446744073709551616"}) {
    INFO(bad);
    CHECK_FALSE(parse_seeds(bad));
  }
}

TEST_CASE("a canonical campaign is read back as the same") {
  CHECK(rc::check([] {
    CampaignFile campaign;
    if (test::number(0, 1) == 0) campaign.algorithms = {"redis-*", "setnx"};
    campaign.set["lease"] = "30s";
    campaign.seeds.first = *rc::gen::inRange<std::uint64_t>(0, 1'000);
    campaign.seeds.last = campaign.seeds.first + *rc::gen::inRange<std::uint64_t>(0, kSeedsMax);
    campaign.defaults = test::any_of<DefaultsFrom>();
    campaign.thresholds.push_back({.property = test::any_of<checkers::Property>()});
    const std::string text = canonical_json(campaign);
    const auto again = parse_campaign(text, "");
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == campaign);
  }));
}

}  // namespace
}  // namespace leasehold::scenarios
