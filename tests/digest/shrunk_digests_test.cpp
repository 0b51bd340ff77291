#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "checkers/property_name.hpp"
#include "scenarios/incident/reproduction.hpp"
#include "scenarios/shrink/shrink.hpp"

// What a violation shrinks to, and the way there, are the same on every compiler: one run that came
// out otherwise would lead elsewhere. When a change moves a digest on purpose, or shrinking is made
// better, copy the list that the failing test writes beside its program.
namespace leasehold::scenarios {
namespace {

const std::string kPinned = std::string(LEASEHOLD_SOURCE_DIR) + "/tests/digest/shrunk.txt";

using checkers::Property;

struct Pinned {
  const char* recipe;
  Property property;
};

/// `recipe: property, faults + clients + rounds, runs, digest`
std::string line_of(const models::AlgorithmRegistry& registry, const Pinned& pinned) {
  const Reproduction run = reproduction_of(registry, pinned.recipe).value();
  const auto shrunk = shrink(run.cell.cell(), run.seed, run.plan, pinned.property);
  REQUIRE(shrunk);
  Cell cell = run.cell.cell();
  cell.scenario = &shrunk->scenario;
  std::ostringstream line;
  line << pinned.recipe << ": " << checkers::property_name(pinned.property) << ", "
       << shrunk->after.faults << " + " << shrunk->after.clients << " + " << shrunk->after.rounds
       << ", " << shrunk->runs << " runs, " << std::hex
       << Runner(cell).run(run.seed, shrunk->plan).digest << "\n";
  return line.str();
}

TEST_CASE("every pinned violation shrinks to the same run, byte for byte") {
  const auto registry = models::built_in_algorithms();
  std::string now = "replay version " + std::to_string(kReplayVersion) + "\n";
  for (const Pinned& pinned : {
           Pinned{"lh1:none@calm#1", Property::work_exclusion},
           Pinned{"lh1:setnx@crashes#3", Property::progress},
           Pinned{"lh1:redis-ttl@gc-pauses#0", Property::effect_safety},
           Pinned{"lh1:redis-ttl@crashes#1", Property::grant_exclusion},
           Pinned{"lh1:redlock@partitions#3", Property::work_exclusion},
           Pinned{"lh1:etcd-lease@partitions#4", Property::work_exclusion},
           Pinned{"lh1:pg-advisory@crashes#16", Property::grant_exclusion},
           Pinned{"lh1:redis-ttl@index-job:variant=in place#1", Property::effect_safety},
           Pinned{"lh1:redis-ttl@period-job:variant=released after work#1", Property::frequency},
       }) {
    INFO(pinned.recipe);
    now += line_of(registry, pinned);
  }
  std::ifstream file(kPinned);
  std::stringstream pinned;
  pinned << file.rdbuf();
  if (now != pinned.str()) std::ofstream("shrunk.txt.new") << now;
  CHECK(now == pinned.str());
}

}  // namespace
}  // namespace leasehold::scenarios
