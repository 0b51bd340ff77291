#include "scenarios/campaign_file.hpp"

#include <charconv>
#include <optional>

#include "scenarios/format/describe_campaign.hpp"
#include "scenarios/format/object_reader.hpp"
#include "scenarios/format/walk.hpp"
#include "scenarios/format/write_value.hpp"
#include "support/diagnostic.hpp"
#include "support/read_file.hpp"

namespace leasehold::scenarios {
namespace {

std::optional<std::uint64_t> whole(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

namespace format {

bool read(const Site& site, SeedRange& out, PlainRule) {
  const LocatedValue::Kind kind = site.value.kind;
  if (kind != LocatedValue::Kind::number && kind != LocatedValue::Kind::string) {
    return wrong_type(site, "a count of seeds or \"A..B\"");
  }
  const auto seeds = parse_seeds(site.value.text);
  if (!seeds) {
    site.fail(seeds.error(), "a count of seeds or \"A..B\"");
    return false;
  }
  out = *seeds;
  return true;
}

}  // namespace format

/// Found by its argument, from ObjectWriter.
format::Json write(const SeedRange& seeds) {
  if (seeds.first == 0) return seeds.count();
  return std::to_string(seeds.first) + ".." + std::to_string(seeds.last);
}

support::Expected<SeedRange, std::string> parse_seeds(std::string_view text) {
  const std::string shown = support::quoted(std::string(text));
  const std::size_t dots = text.find("..");
  const auto first = dots == std::string_view::npos ? 0 : whole(text.substr(0, dots));
  const auto last = whole(dots == std::string_view::npos ? text : text.substr(dots + 2));
  if (!first || !last) return shown + " is no range of seeds";
  SeedRange range{*first, *last};
  if (dots == std::string_view::npos) {
    if (*last == 0) return std::string("no seed at all");
    range.last = *last - 1;
  }
  if (range.first > range.last) return shown + " ends before it begins";
  if (range.last - range.first >= kSeedsMax) {
    return shown + " is more than " + std::to_string(kSeedsMax) + " seeds";
  }
  return range;
}

support::Expected<CampaignFile> parse_campaign(std::string_view text, const std::string& file) {
  const auto root = parse_located(text, file);
  if (!root) return root.error();
  Problems problems(file);
  const Site site{*root, "", problems};
  CampaignFile campaign;
  format::read_file_object(site, campaign);
  if (campaign.scenarios.empty()) site.fail("names no scenario");
  if (problems.count() > 0) return problems.take();
  return campaign;
}

support::Expected<CampaignFile> load_campaign(const std::string& path) {
  const auto text = support::read_file(path, JsonLimits{}.bytes);
  if (!text) return text.error();
  return parse_campaign(*text, path);
}

std::string canonical_json(const CampaignFile& campaign) {
  return format::write_object(campaign).dump();
}

std::set<std::string> campaign_keys() {
  CampaignFile sample;
  sample.thresholds.emplace_back();
  std::set<std::string> keys = format::keys_of(sample);
  keys.insert("/$schema");
  return keys;
}

}  // namespace leasehold::scenarios
