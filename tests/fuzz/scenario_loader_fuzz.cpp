#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/campaign_file.hpp"
#include "scenarios/fault_plan_json.hpp"
#include "scenarios/json/problems.hpp"
#include "scenarios/load.hpp"
#include "support/assert.hpp"

/// Any bytes as a scenario, a campaign, a fault plan and a flag. Whatever they are, the answer is a
/// value or diagnostics; a value survives being written and read again, and can be run from.
namespace leasehold::scenarios {
namespace {

void must_explain(const support::Diagnostics& diagnostics) {
  LH_ASSERT(!diagnostics.empty());
  LH_ASSERT(diagnostics.size() <= Problems::kMost);
  for (const support::Diagnostic& diagnostic : diagnostics) {
    LH_ASSERT(!diagnostic.message.empty());
    LH_ASSERT(diagnostic.text().find('\n') == std::string::npos);
  }
}

void try_scenario(std::string_view text) {
  const auto scenario = parse_scenario(text, "fuzz.json");
  if (!scenario) return must_explain(scenario.error());
  const auto again = parse_scenario(canonical_json(*scenario), "fuzz.json");
  LH_ASSERT(again.has_value());
  LH_ASSERT(*again == *scenario);
  const FaultPlan plan = draw_fault_plan(*scenario, 1);
  const auto same = parse_fault_plan(to_json(plan).dump(), "fuzz.json");
  LH_ASSERT(same.has_value());
  LH_ASSERT(*same == plan);
}

void try_campaign(std::string_view text) {
  const auto campaign = parse_campaign(text, "fuzz.json");
  if (!campaign) return must_explain(campaign.error());
  const auto again = parse_campaign(canonical_json(*campaign), "fuzz.json");
  LH_ASSERT(again.has_value());
  LH_ASSERT(*again == *campaign);
}

void try_plan(std::string_view text) {
  const auto plan = parse_fault_plan(text, "fuzz.json");
  if (!plan) return must_explain(plan.error());
  const auto again = parse_fault_plan(to_json(*plan).dump(), "fuzz.json");
  LH_ASSERT(again.has_value());
  LH_ASSERT(*again == *plan);
}

void try_flag(std::string_view text) {
  const auto base = parse_scenario(R"({"name": "x", "faults": [{"kind": "pause"}]})", "fuzz.json");
  Scenario scenario = *base;
  const std::size_t split = text.find('=');
  const std::string path(text.substr(0, split));
  const std::string value(split == std::string_view::npos ? "" : text.substr(split + 1));
  const support::Diagnostics diagnostics = apply_override(scenario, path, value);
  if (diagnostics.empty()) return;
  must_explain(diagnostics);
  LH_ASSERT(scenario == *base);
}

}  // namespace
}  // namespace leasehold::scenarios

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  leasehold::scenarios::try_scenario(text);
  leasehold::scenarios::try_campaign(text);
  leasehold::scenarios::try_plan(text);
  leasehold::scenarios::try_flag(text);
  return 0;
}
