#include <catch2/catch.hpp>

#include "scenarios/recipe.hpp"
#include "scenarios/resolve.hpp"

namespace leasehold::scenarios {
namespace {

TEST_CASE("a recipe reads back as it was printed, whatever its names hold") {
  Recipe recipe;
  recipe.algorithm = "redis-ttl";
  recipe.parameters = {{"release", "del"}, {"timeout", "2s"}};
  recipe.scenario = "./my scenarios/50%@night:#1~.json";
  recipe.overrides = {{"faults.pause.duration", "{\"uniform\": [\"1s\", \"2s\"]}"}};
  recipe.digest = RecipeDigest::of("canonical", "parameters");
  recipe.seed = 18'446'744'073'709'551'615U;
  const auto parsed = Recipe::parse(recipe.text());
  REQUIRE(parsed);
  CHECK(*parsed == recipe);
  CHECK(recipe.text().find(' ') == std::string::npos);
}

TEST_CASE("a recipe without a digest, written by hand") {
  const auto parsed = Recipe::parse("lh1:redlock@gc-pauses#7");
  REQUIRE(parsed);
  CHECK(parsed->algorithm == "redlock");
  CHECK(parsed->scenario == "gc-pauses");
  CHECK(parsed->seed == 7);
  CHECK_FALSE(parsed->digest);
}

TEST_CASE("what is no recipe is told apart, and why") {
  for (const char* text :
       {"", "redlock@calm#1", "lh1:redlock", "lh1:redlock@calm", "lh1:@calm#1", "lh1:redlock@#1",
        "lh1:redlock@calm#x", "lh1:redlock@calm#", "lh1:redlock@calm#-1",
        "lh1:redlock@calm#18446744073709551616", "lh1:redlock@calm~123#1",
        "lh1:redlock@calm~1234567g#1", "lh1:redlock:p@calm#1", "lh1:red%zzlock@calm#1",
        "lh1:redlock%4@calm#1"}) {
    INFO(text);
    const auto parsed = Recipe::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK_FALSE(parsed.error().front().message.empty());
  }
}

TEST_CASE("every printed recipe resolves to the same run again, settings and variants included") {
  const auto registry = models::built_in_algorithms();
  Selection selection;
  selection.scenarios = {"gc-pauses", "redlock-exact-quorum"};
  selection.algorithms = {"redlock"};
  selection.settings = {"scenario.lease=7s", "redlock.deadline=off"};
  const auto cells = resolve(registry, selection);
  REQUIRE(cells);
  REQUIRE(cells->size() >= 2);
  for (const ResolvedCell& cell : *cells) {
    const std::string line = cell.recipe(3).text();
    INFO(line);
    const auto again = resolve(registry, *Recipe::parse(line));
    REQUIRE(again);
    CHECK(canonical_json(again->scenario()) == canonical_json(cell.scenario()));
    CHECK(again->parameters() == cell.parameters());
    CHECK(Runner(again->cell()).run(3).digest == Runner(cell.cell()).run(3).digest);
  }
}

TEST_CASE("a digest that does not fit says what has changed since") {
  const auto registry = models::built_in_algorithms();
  const auto refused = [&registry](const RecipeDigest& digest) {
    Recipe recipe;
    recipe.algorithm = "redlock";
    recipe.scenario = "calm";
    recipe.digest = digest;
    const auto resolved = resolve(registry, recipe);
    REQUIRE_FALSE(resolved);
    return resolved.error().front().message;
  };
  Recipe recipe;
  recipe.algorithm = "redlock";
  recipe.scenario = "calm";
  const RecipeDigest now = *resolve(registry, recipe)->recipe(0).digest;
  RecipeDigest other = now;
  other.version = static_cast<std::uint8_t>(now.version + 1);
  CHECK(refused(other).find("replay version") != std::string::npos);
  other = now;
  other.scenario ^= 1;
  CHECK(refused(other).find("scenario") != std::string::npos);
  other = now;
  other.parameters ^= 1;
  CHECK(refused(other).find("parameters") != std::string::npos);
}

TEST_CASE("unknown algorithms, parameters and values are told with the nearest word") {
  const auto registry = models::built_in_algorithms();
  const auto problem = [&registry](const std::string& algorithm, const std::string& setting) {
    Selection selection;
    selection.scenarios = {"calm"};
    selection.algorithms = {algorithm};
    if (!setting.empty()) selection.settings = {setting};
    const auto cells = resolve(registry, selection);
    REQUIRE_FALSE(cells);
    return cells.error().front();
  };
  CHECK(problem("redlok", "").nearest == "redlock");
  CHECK(problem("redis-ttl", "redis-ttl.relase=del").nearest == "release");
  CHECK(problem("redis-ttl", "redis-ttl.release=cat").nearest == "cad");
  CHECK(problem("redis-ttl", "redis-tll.release=del").nearest == "redis-ttl");
  CHECK(problem("redlock", "redlock.fencing=on").message.find("no token") != std::string::npos);
  CHECK(problem("redlock", "scenario.lease=-3s").file.find("lease") != std::string::npos);
  CHECK(problem("redlock", "nonsense").message == "is not a setting");
}

}  // namespace
}  // namespace leasehold::scenarios
