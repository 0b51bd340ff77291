#include "scenarios/campaign_result.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/format/write_value.hpp"
#include "scenarios/words.hpp"
#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using Json = nlohmann::ordered_json;

std::size_t index_of(const ResolvedCell& cell, std::vector<ScenarioOfResult>& known) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&cell](const auto& each) { return each.label == cell.label(); });
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  const LabelledScenario& row = cell.row();
  known.push_back({cell.label(), row.scenario, row.label, row.expect, row.misses});
  return known.size() - 1;
}

Json describe(const CampaignResult& result, SeedSpan seeds) {
  Json json;
  json["seeds"] = {{"first", seeds.first}, {"count", seeds.count}};
  json["scenarios"] = Json::array();
  for (const ScenarioOfResult& each : result.scenarios) {
    Json entry = {{"label", each.label}, {"scenario", Json::parse(canonical_json(each.scenario))}};
    if (each.expect) {
      entry["variant"] = each.variant;
      entry["expect"] = format::write_object(*each.expect);
      entry["misses"] = each.misses;
    }
    json["scenarios"].push_back(std::move(entry));
  }
  json["cells"] = Json::array();
  for (const CellResult& cell : result.cells) {
    json["cells"].push_back({{"scenario", result.scenarios[cell.scenario].label},
                             {"algorithm", cell.algorithm},
                             {"parameters", cell.parameters}});
  }
  return json;
}

}  // namespace

Fencing CellResult::fencing() const {
  const auto value = parameters.find("fencing");
  return value == parameters.end() ? Fencing::off
                                   : from_word<Fencing>(value->second).value_or(Fencing::off);
}

std::string CellResult::recipe_of(std::uint64_t seed) const {
  Recipe one = recipe;
  one.seed = seed;
  return one.text();
}

CampaignResult collect(std::span<const ResolvedCell> cells, std::vector<CellTally> tallies,
                       SeedSpan seeds, std::string engine_version) {
  LH_ASSERT(cells.size() == tallies.size());
  CampaignResult result;
  result.engine_version = std::move(engine_version);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ResolvedCell& from = cells[i];
    CellResult cell;
    cell.scenario = index_of(from, result.scenarios);
    cell.algorithm = from.algorithm().id;
    cell.parameters = from.parameters();
    cell.has_token = from.cell()
                         .algorithm->deploy(setting_of(from.scenario()), from.cell().parameters)
                         ->has_token();
    cell.clocks = from.algorithm().clocks;
    cell.recipe = from.recipe(seeds.first);
    cell.tally = std::move(tallies[i]);
    result.cells.push_back(std::move(cell));
  }
  result.campaign = describe(result, seeds);
  return result;
}

}  // namespace leasehold::scenarios
