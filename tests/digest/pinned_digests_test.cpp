#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/campaign.hpp"
#include "scenarios/resolve.hpp"

// The digest of a run is the same on every compiler, optimisation, thread count and order of runs.
// ./dev test runs this file on g++ -O2, g++ -O0, clang -O3 and clang with sanitizers against one
// committed list. When a change moves a digest on purpose, kReplayVersion must move with it: copy
// the list that the failing test writes beside its program.
namespace leasehold::scenarios {
namespace {

const std::string kPinned = std::string(LEASEHOLD_SOURCE_DIR) + "/tests/digest/pinned.txt";

std::vector<ResolvedCell> all_cells(const models::AlgorithmRegistry& registry) {
  Selection selection;
  selection.scenarios = {"calm",        "partitions", "gc-pauses", "clock-drift",
                         "clock-steps", "crashes",    "mixed"};
  return resolve(registry, selection).value();
}

std::string hexadecimal(std::uint64_t value) {
  std::ostringstream text;
  text << std::hex << value;
  return text.str();
}

std::string digests(const std::vector<ResolvedCell>& cells) {
  std::string text = "replay version " + std::to_string(kReplayVersion) + "\n";
  for (const ResolvedCell& cell : cells) {
    Runner runner(cell.cell());
    for (const std::uint64_t seed : {0U, 1U, 12'345U}) {
      text += cell.recipe(seed).text() + " " + hexadecimal(runner.run(seed).digest) + "\n";
    }
  }
  return text;
}

TEST_CASE("every pinned run has its digest, and the replay version moves with them") {
  const auto registry = models::built_in_algorithms();
  std::ifstream file(kPinned);
  std::stringstream pinned;
  pinned << file.rdbuf();
  const std::string now = digests(all_cells(registry));
  if (now != pinned.str()) std::ofstream("pinned.txt.new") << now;
  CHECK(now == pinned.str());
}

TEST_CASE("tallies do not depend on the number of threads") {
  const auto registry = models::built_in_algorithms();
  const std::vector<ResolvedCell> cells = all_cells(registry);
  CampaignOptions options;
  options.seeds = {3, 6};
  const CampaignTallies one = run_campaign(cells, options);
  options.jobs = 3;
  const CampaignTallies three = run_campaign(cells, options);
  REQUIRE_FALSE(one.unrepeatable);
  REQUIRE(one.cells.size() == three.cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CHECK(one.cells[i].runs() == 6);
    CHECK(one.cells[i].digest() == three.cells[i].digest());
    CHECK(one.cells[i].rate_sums() == three.cells[i].rate_sums());
  }
}

TEST_CASE("a run is the same alone and after others") {
  const auto registry = models::built_in_algorithms();
  for (const ResolvedCell& cell : all_cells(registry)) {
    Runner busy(cell.cell());
    busy.run(1);
    busy.run(2);
    Runner fresh(cell.cell());
    CHECK(busy.run(7).digest == fresh.run(7).digest);
  }
}

TEST_CASE("another seed is another run") {
  const auto registry = models::built_in_algorithms();
  for (const ResolvedCell& cell : all_cells(registry)) {
    Runner runner(cell.cell());
    CHECK(runner.run(1).digest != runner.run(2).digest);
  }
}

}  // namespace
}  // namespace leasehold::scenarios
