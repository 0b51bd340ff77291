#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/property.hpp"
#include "scenarios/scenario.hpp"
#include "support/expected.hpp"

namespace leasehold::scenarios {

/// The seeds of each cell, both included. JSON: a count (`1000` is 0 to 999) or `"A..B"`.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 999;

  std::uint64_t count() const { return last - first + 1; }
  friend bool operator==(const SeedRange&, const SeedRange&) = default;
};

/// At most 10 million seeds, so that no slip of the hand starts a campaign of a century.
inline constexpr std::uint64_t kSeedsMax = 10'000'000;

/// "1000" or "0..999". The error is the reason.
support::Expected<SeedRange, std::string> parse_seeds(std::string_view text);

/// Where the lease, the retry and the like come from.
enum class DefaultsFrom : std::uint8_t {
  scenario,  ///< the same for all: a table compares algorithms
  vendor,    ///< each library's own: a table compares what people install
};

/// What a team accepts: a cell that violates the property in more runs is worse, whatever the
/// baseline says.
struct Threshold {
  std::string scenario = "*";   ///< a name or a glob
  std::string algorithm = "*";  ///< an id or a glob
  checkers::Property property = checkers::Property::work_exclusion;
  std::uint32_t max_violated_ppm = 0;  ///< of the judged runs

  friend bool operator==(const Threshold&, const Threshold&) = default;
};

/// A `campaign.json`, all defaults resolved: what compare, ci and sweep take in place of flags.
struct CampaignFile {
  std::vector<std::string> scenarios{"calm",        "partitions", "gc-pauses", "clock-drift",
                                     "clock-steps", "crashes",    "mixed"};
  std::vector<std::string> algorithms;     ///< ids or globs; empty: those of each scenario
  Parameters parameters;                   ///< as `--set ALGORITHM.PARAMETER=VALUE`
  std::map<std::string, std::string> set;  ///< path → value, as `--set scenario.PATH=VALUE`
  SeedRange seeds;
  DefaultsFrom defaults = DefaultsFrom::scenario;
  std::vector<Threshold> thresholds;

  friend bool operator==(const CampaignFile&, const CampaignFile&) = default;
};

/// `file` is for the diagnostics. Names of scenarios and algorithms are not looked up here.
support::Expected<CampaignFile> parse_campaign(std::string_view text, const std::string& file);

support::Expected<CampaignFile> load_campaign(const std::string& path);

/// One line of JSON, keys in a fixed order, defaults written out. Parsing it gives an equal value.
std::string canonical_json(const CampaignFile& campaign);

/// The keys that a campaign file may have, as JSON pointers with `*` for a position in a list.
std::set<std::string> campaign_keys();

}  // namespace leasehold::scenarios
