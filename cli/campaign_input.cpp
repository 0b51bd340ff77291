#include "cli/campaign_input.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/json/located_value.hpp"
#include "support/read_file.hpp"

namespace leasehold::cli {
namespace {

using scenarios::CampaignFile;
using scenarios::LocatedValue;

bool is_campaign(const std::string& path) {
  if (!path.ends_with(".json")) return false;
  const auto text = support::read_file(path, scenarios::JsonLimits{}.bytes);
  if (!text) return false;
  const auto root = scenarios::parse_located(*text, path);
  if (!root || root->kind != LocatedValue::Kind::object) return false;
  constexpr std::array kOnlyCampaigns{"scenarios", "seeds", "set", "defaults", "thresholds"};
  return root->find("name") == nullptr &&
         std::any_of(kOnlyCampaigns.begin(), kOnlyCampaigns.end(),
                     [&root](const char* key) { return root->find(key) != nullptr; });
}

std::string seeds_text(const scenarios::SeedRange& seeds) {
  return std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

void put(const CampaignFile& campaign, CommonFlags& flags) {
  scenarios::Selection& selection = flags.selection;
  selection.scenarios = campaign.scenarios;
  if (selection.algorithms.empty()) selection.algorithms = campaign.algorithms;
  if (flags.seeds.empty()) flags.seeds = seeds_text(campaign.seeds);
  if (flags.defaults.empty() && campaign.defaults == scenarios::DefaultsFrom::vendor) {
    flags.defaults = "vendor";
  }
  for (const auto& [path, value] : campaign.set) {
    selection.presets.push_back("scenario." + path + "=" + value);
  }
  for (const auto& [algorithm, parameters] : campaign.parameters) {
    for (const auto& [name, value] : parameters) {
      selection.presets.push_back(algorithm + "." + name + "=" + value);
    }
  }
}

}  // namespace

support::Expected<CampaignInput> take_campaign(CommonFlags& flags) {
  const std::vector<std::string>& named = flags.selection.scenarios;
  const auto found = std::find_if(named.begin(), named.end(), is_campaign);
  if (found == named.end()) return CampaignInput{};
  std::string file = *found;
  if (named.size() > 1) {
    support::Diagnostic diagnostic;
    diagnostic.file = file;
    diagnostic.message = "is a campaign, which names its scenarios itself";
    diagnostic.expected = "it alone, or scenarios alone";
    return support::Diagnostics{diagnostic};
  }
  const auto campaign = scenarios::load_campaign(file);
  if (!campaign) return campaign.error();
  put(*campaign, flags);
  return CampaignInput{std::move(file), campaign->thresholds};
}

support::Diagnostics told_of(const CampaignInput& campaign, support::Diagnostics diagnostics) {
  if (campaign.file.empty()) return diagnostics;
  for (support::Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.file.starts_with("--")) diagnostic.file = campaign.file + ", " + diagnostic.file;
  }
  return diagnostics;
}

}  // namespace leasehold::cli
