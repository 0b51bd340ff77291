#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <string>

#include "scenarios/campaign.hpp"
#include "scenarios/findings.hpp"
#include "scenarios/library.hpp"
#include "scenarios/resolve.hpp"
#include "sim/process/units.hpp"

// Runs the known truths: every file of scenarios/library/truths comes out as it says.
namespace leasehold::scenarios {
namespace {

const models::AlgorithmRegistry& registry() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return kRegistry;
}

std::vector<ResolvedCell> cells_of(const std::string& name,
                                   std::vector<std::string> algorithms = {},
                                   std::vector<std::string> settings = {}) {
  Selection selection;
  selection.scenarios = {name};
  selection.algorithms = std::move(algorithms);
  selection.settings = std::move(settings);
  const auto cells = resolve(registry(), selection);
  if (!cells) FAIL(support::text(cells.error()));
  return *cells;
}

/// Runs the cells on seeds that nobody looked at while the truths were written.
void check_as_expected(const std::vector<ResolvedCell>& cells, std::uint64_t seeds) {
  CampaignOptions options;
  options.seeds = {7'000'000, seeds};
  const CampaignTallies tallies = run_campaign(cells, options);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const LabelledScenario& row = cells[i].row();
    REQUIRE(row.expect);
    INFO(cells[i].recipe(options.seeds.first).text());
    const Findings found = findings(*row.expect, row.scenario.yardsticks(), tallies.cells[i]);
    for (const ShareFinding& share : found.shares) {
      INFO(share.subject() << " in " << share.seen << " of " << share.judged << " judged runs");
      CHECK(share.as_expected());
    }
    for (const LengthFinding& length : found.lengths) {
      INFO(length.quantity << " from " << length.measured.least_ns << " ns to "
                           << length.measured.greatest_ns << " ns");
      CHECK(length.as_expected());
    }
  }
}

void check_all_truths(std::uint64_t seeds) {
  REQUIRE_FALSE(truth_files().empty());
  for (const LibraryFile& file : truth_files()) {
    check_as_expected(cells_of(std::string(file.name)), seeds);
  }
}

TEST_CASE("every known truth comes out as it says") { check_all_truths(1); }
TEST_CASE("every known truth comes out as it says, 20 seeds each", "[slow]") {
  check_all_truths(20);
}

TEST_CASE("every known truth says what it is, and is called as its file") {
  for (const LibraryFile& file : truth_files()) {
    INFO(file.name);
    const auto truth = load_scenario(std::string(file.name), vocabulary_of(registry()));
    if (!truth) FAIL(support::text(truth.error()));
    CHECK(truth->name == file.name);
    CHECK_FALSE(truth->summary.empty());
    CHECK(truth->summary.size() <= 100);
    CHECK_FALSE(truth->story.empty());
    REQUIRE(truth->truth);
    CHECK_FALSE(truth->truth->condition.empty());
    CHECK_FALSE(truth->truth->source.empty());
    for (const Variant& variant : truth->variants) {
      INFO(variant.label);
      CHECK(variant.expect);
      CHECK(variant.label.size() <= 44);
    }
  }
}

TEST_CASE("known-truths stands for every truth, in the order of their names") {
  std::vector<std::string> names;
  for (const ResolvedCell& cell : cells_of("known-truths")) {
    const std::string& name = cell.scenario().name;
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  std::vector<std::string> files;
  for (const LibraryFile& file : truth_files()) files.emplace_back(file.name);
  CHECK(names == files);
}

TEST_CASE("a truth is told of the locks that it names and of no other") {
  for (const ResolvedCell& cell : cells_of("pause-in-work", {"redis-*", "setnx", "oracle"})) {
    INFO(cell.label());
    CHECK((cell.algorithm().id == "redis-ttl" || cell.algorithm().id == "setnx"));
  }
  CHECK(cells_of("pause-in-work", {"oracle"}).empty());
}

TEST_CASE("the recipe of a truth's run names the run") {
  const std::vector<ResolvedCell> cells = cells_of("pause-in-work", {"redis-ttl"});
  for (const ResolvedCell& cell : cells) {
    const auto recipe = Recipe::parse(cell.recipe(3).text());
    REQUIRE(recipe);
    const auto again = resolve(registry(), *recipe);
    if (!again) FAIL(support::text(again.error()));
    CHECK(again->scenario() == cell.scenario());
    CHECK(again->cell().parameters == cell.cell().parameters);
  }
}

// The conditions are arithmetic: with other leases, works, steps and node counts than the library's
// they come out by the same rule.

/// What came of one variant of a truth, its values changed.
CellTally tally_of(const std::string& name, const std::string& algorithm,
                   std::vector<std::string> settings) {
  const std::vector<ResolvedCell> cells = cells_of(name, {algorithm}, std::move(settings));
  REQUIRE(cells.size() == 1);
  CampaignOptions options;
  options.seeds = {8'000'000, 3};
  return run_campaign(cells, options).cells.front();
}

bool breaks(const std::string& name, const std::string& algorithm,
            const std::vector<std::string>& settings) {
  const CellTally tally = tally_of(name, algorithm, settings);
  const PropertyTally& exclusion = tally.property(checkers::Property::work_exclusion);
  CHECK(exclusion.judged_runs() == tally.runs());
  // All of the runs or none: the condition says which, not chance.
  CHECK((exclusion.violated_seeds.empty() || exclusion.violated_seeds.count() == tally.runs()));
  return !exclusion.violated_seeds.empty();
}

std::string set(const std::string& path, std::int64_t ms) {
  return "scenario." + path + "=" + std::to_string(ms) + "ms";
}

struct Stop {
  std::int64_t lease_ms;
  std::int64_t work_ms;
  std::int64_t after_ms;  ///< entering, where the fault comes
  std::int64_t by_ms;     ///< how long it stops, or how far the clock is set
};

std::vector<std::string> settings_of(const Stop& stop, const std::string& fault,
                                     const std::string& by) {
  return {set("lease", stop.lease_ms), set("work", stop.work_ms), set("horizon", 4 * stop.lease_ms),
          set("faults." + fault + ".on.delay", stop.after_ms),
          set("faults." + fault + "." + by, stop.by_ms)};
}

TEST_CASE("a pause breaks a lease if and only if the work ends after it, whatever the lease") {
  for (const char* algorithm : {"redis-ttl", "redlock"}) {
    for (const Stop& stop :
         {Stop{3'000, 1'000, 960, 1'950}, Stop{3'000, 1'000, 960, 2'080},
          Stop{7'000, 3'500, 3'400, 3'420}, Stop{7'000, 3'500, 3'400, 3'700},
          Stop{30'000, 9'000, 8'900, 20'900}, Stop{30'000, 9'000, 8'900, 21'300}}) {
      INFO(algorithm << ", lease " << stop.lease_ms << ", pause " << stop.by_ms);
      std::vector<std::string> settings = settings_of(stop, "pause", "duration");
      settings.emplace_back("scenario.faults.pause.at=0s");
      settings.emplace_back("scenario.variant=for 0.62 leases");
      CHECK(breaks("pause-in-work", algorithm, settings) ==
            (stop.work_ms + stop.by_ms > stop.lease_ms));
    }
  }
}

TEST_CASE("a step of the server's clock breaks a lease if and only if it then ends in the work") {
  for (const Stop& stop : {Stop{3'000, 1'000, 700, 1'950}, Stop{3'000, 1'000, 700, 2'050},
                           Stop{7'000, 3'500, 1'000, 3'450}, Stop{7'000, 3'500, 1'000, 3'550},
                           Stop{30'000, 9'000, 100, 20'900}, Stop{30'000, 9'000, 100, 300'000}}) {
    INFO("lease " << stop.lease_ms << ", step " << stop.by_ms);
    std::vector<std::string> settings = settings_of(stop, "step", "step");
    settings.emplace_back("scenario.variant=by 0.62 leases");
    CHECK(breaks("server-clock-forward", "redis-ttl", settings) ==
          (stop.lease_ms - stop.by_ms < stop.work_ms));
  }
}

TEST_CASE("a step back delays the successor of a dead holder by as much") {
  for (const Stop& stop : {Stop{3'000, 1'000, 700, 500}, Stop{3'000, 1'000, 700, 4'000},
                           Stop{20'000, 5'000, 2'500, 7'000}}) {
    std::vector<std::string> settings = settings_of(stop, "step", "step");
    settings.emplace_back("scenario.variant=by 1 lease");
    settings.push_back(set("faults.death.on.delay", stop.after_ms / 2));
    const CellTally tally = tally_of("server-clock-backward", "redis-ttl", settings);
    const PerRun& gap = tally.totals().longest_gap_ns;
    INFO("lease " << stop.lease_ms << ", step " << stop.by_ms << ", gap " << gap.least_ns);
    const std::int64_t due_ns = (stop.lease_ms + stop.by_ms) * 1'000'000;
    CHECK(gap.least_ns >= due_ns - 5'000'000);
    CHECK(gap.greatest_ns <= due_ns + 25'000'000);
  }
}

/// Of the slots that faults can hit, the last are away and the first lose their votes.
std::vector<std::string> votes(int nodes, int away, int lost) {
  const int slots = std::min(nodes, 5);
  std::vector<std::string> settings = {
      "scenario.variants=[]", "scenario.parameters.redlock.nodes=" + std::to_string(nodes)};
  const auto turn_on = [&settings](const std::string& fault, int slot) {
    settings.push_back("scenario.faults." + fault + std::to_string(slot) +
                       ".chance_per_mille=1000");
  };
  for (int i = 0; i < away; ++i) turn_on("away-", slots - 1 - i);
  for (int i = 0; i < lost; ++i) turn_on("step-", i);
  return settings;
}

TEST_CASE(
    "Redlock with N nodes, v votes and k lost ones breaks if and only if N - v + k >= quorum") {
  for (const int nodes : {1, 2, 3, 4, 5, 6, 8, 9}) {
    const int quorum = nodes / 2 + 1;
    for (int away = 0; away <= nodes - quorum; ++away) {
      for (const int lost : {quorum - away - 1, quorum - away}) {
        const bool is_clean = away + lost == 0;
        if (is_clean || away + lost > std::min(nodes, 5)) continue;
        INFO("N=" << nodes << ", v=" << nodes - away << ", k=" << lost);
        CHECK(breaks("redlock-exact-quorum", "redlock", votes(nodes, away, lost)) ==
              (away + lost >= quorum));
      }
    }
  }
}

struct Rates {
  std::int64_t lease_ms;
  std::int64_t server_ppm;
  std::int64_t client_ppm;
};

/// Whether the client trusts its lock for longer than the server grants it.
bool outlasts(const Rates& rates) {
  const auto lease_ms = static_cast<double>(rates.lease_ms);
  const double trusted_ms =
      (0.99 * lease_ms - 2) / (1 + 1e-6 * static_cast<double>(rates.client_ppm));
  return trusted_ms > lease_ms / (1 + 1e-6 * static_cast<double>(rates.server_ppm));
}

TEST_CASE(
    "an enforced deadline holds while both rate errors are below its margin of 1 % and 2 ms") {
  for (const Rates& rates :
       {Rates{4'000, 8'000, 0}, Rates{4'000, 14'000, 0}, Rates{4'000, 0, -8'000},
        Rates{4'000, 0, -14'000}, Rates{20'000, 3'000, -5'000}, Rates{20'000, 7'000, -6'000}}) {
    const std::string client = std::to_string(rates.client_ppm);
    const std::string server = std::to_string(rates.server_ppm);
    for (const char* algorithm : {"redis-ttl", "redlock"}) {
      INFO(algorithm << ": lease " << rates.lease_ms << " ms, server " << server << " ppm, client "
                     << client << " ppm");
      const std::vector<std::string> settings = {set("lease", rates.lease_ms),
                                                 set("horizon", 3 * rates.lease_ms),
                                                 set("retry", 2),
                                                 "scenario.faults.server-rate.rate_ppm=" + server,
                                                 "scenario.faults.client-rate-0.rate_ppm=" + client,
                                                 "scenario.faults.client-rate-1.rate_ppm=" + client,
                                                 "scenario.workload.updates=1000",
                                                 "scenario.work={\"leases\": 1.2}",
                                                 "scenario.variants=[]"};
      CHECK(breaks("clock-rate", algorithm, settings) == outlasts(rates));
    }
  }
}

TEST_CASE("work that ends after the lease of a fast server breaks it, and not a moment before") {
  for (const std::int64_t server_ppm : {3'000, 40'000}) {
    for (const std::int64_t lease_ms : {3'000, 20'000}) {
      const std::int64_t expiry_ms = lease_ms * 1'000'000 / (1'000'000 + server_ppm);
      for (const std::int64_t margin_ms : {-8, 8}) {
        INFO("lease " << lease_ms << " ms, server " << server_ppm << " ppm, work ends " << margin_ms
                      << " ms before the lease");
        CHECK(breaks("clock-rate", "redis-ttl",
                     {set("lease", lease_ms), set("horizon", 3 * lease_ms),
                      set("work", expiry_ms - margin_ms), "scenario.variants=[]",
                      "scenario.faults.server-rate.rate_ppm=" + std::to_string(server_ppm)}) ==
              (margin_ms < 0));
      }
    }
  }
}

}  // namespace
}  // namespace leasehold::scenarios
