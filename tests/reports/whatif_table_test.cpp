#include "reports/whatif_table.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "reports/text.hpp"
#include "tests/reports/lines.hpp"

/// The table of what would have prevented a violation, and its other forms.
namespace leasehold::reports {
namespace {

using Json = nlohmann::json;
using scenarios::Counterfactuals;
using scenarios::Reproduction;

struct Tried {
  Reproduction run;
  Counterfactuals all;
};

Tried tried(const std::string& recipe, checkers::Property symptom) {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  Tried tried{scenarios::reproduction_of(kRegistry, recipe).value(), {}};
  scenarios::CounterfactualOptions options;
  options.symptom = symptom;
  tried.all = scenarios::counterfactuals(kRegistry, tried.run, options);
  return tried;
}

const Tried& stale_write() {
  static const Tried kTried = tried("lh1:redis-ttl@pause-after-check:variant=deadline kept#0",
                                    checkers::Property::effect_safety);
  return kTried;
}

TEST_CASE("the table of changes fits the terminal and tells every change once") {
  const Tried& run = stale_write();
  const std::string text = whatif_text(run.all, run.run, {});
  for (const std::string& line : test::lines_of(text)) CHECK(display_width(line) <= 80);
  CHECK(text.find("\nwithout ") != std::string::npos);
  const std::string::size_type below = text.find("Still violated: ");
  REQUIRE(below != std::string::npos);
  CHECK(text.find("lease 5 s", below) != std::string::npos);
  CHECK(text.find("lease 20 s") < below);
  CHECK(text.find("The very same run: ", below) != std::string::npos);
}

/// The first line of a row.
std::string row_of(const std::string& table, const std::string& what) {
  const std::string::size_type row = table.find("\n" + what);
  REQUIRE(row != std::string::npos);
  return table.substr(row + 1, table.find('\n', row + 1) - row);
}

TEST_CASE("the table tells the cost of each change, and what became of the runs nearby") {
  const std::string text = whatif_text(stale_write().all, stale_write().run, {});
  for (const char* heading : {"p50", "p99", "msgs", "fsyncs", "got", "nearby"}) {
    CHECK(text.find(heading) != std::string::npos);
  }
  const std::string nearby = std::to_string(stale_write().all.nearby->judged);
  CHECK(row_of(text, "as it was").find(" " + nearby + "/" + nearby) != std::string::npos);
  CHECK(row_of(text, "lease 20 s").find(" 0/" + nearby) != std::string::npos);
  CHECK(row_of(text, "lease 20 s").find("by luck") == std::string::npos);
}

TEST_CASE("a rate over seeds has its exact interval, within the width") {
  Tried run = stale_write();
  run.all.share = scenarios::SymptomShare{39, 100};
  for (auto& one : run.all.changed) one.share = scenarios::SymptomShare{0, 100};
  const std::string text = whatif_text(run.all, run.run, {});
  for (const std::string& line : test::lines_of(text)) CHECK(display_width(line) <= 80);
  CHECK(text.find("39/100") != std::string::npos);
  CHECK(text.find("29–50 %") != std::string::npos);  // Clopper and Pearson
  CHECK(text.find("≤ 3.7 %") != std::string::npos);
}

TEST_CASE("the other forms tell every change with its cost") {
  const Tried& run = stale_write();
  const Json json = Json::parse(whatif_json(run.all, run.run));
  CHECK(json["symptom"] == "effect_safety");
  CHECK(json["as_it_was"]["verdict"] == "violated");
  REQUIRE(json["changes"].size() == run.all.changed.size());
  const Json& first = json["changes"][0];
  CHECK(first["change"] == "token=incr, fencing=on");
  CHECK(first["verdict"] == "holds");
  CHECK(first["messages_per_acquire"].get<double>() > 1);
  CHECK(first["acquire_latency_ns"]["p50"].get<std::int64_t>() > 0);
  CHECK(first["nearby"]["violated_runs"] == 0);
  CHECK(first["nearby"]["judged_runs"] == run.all.nearby->judged);
  CHECK(test::lines_of(whatif_csv(run.all, run.run)).size() == run.all.changed.size() + 2);
  WhatifOptions markdown;
  markdown.markdown = true;
  CHECK(whatif_text(run.all, run.run, markdown).find("\n| :-- | :-- | --: |") != std::string::npos);
}

}  // namespace
}  // namespace leasehold::reports
