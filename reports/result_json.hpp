#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "scenarios/campaign_result.hpp"
#include "scenarios/library.hpp"

/// The result file: `--format json`, and as a flat table `--format csv`. Its schema is
/// reports/schema/result.schema.json.
namespace leasehold::reports {

inline constexpr int kResultSchemaVersion = 1;

nlohmann::ordered_json result_json(const scenarios::CampaignResult& result);

/// result_json() as text: an entry's fields a line each, what is below them in one line.
std::string result_file(const scenarios::CampaignResult& result);

/// One record per entry of `results`; its columns are the fields with dots for levels
/// (`properties.work_exclusion.rate`), lists in one field.
std::string result_csv(const scenarios::CampaignResult& result);

/// reports/schema/*.schema.json (draft-07): the schema of the result file, named `result`.
std::span<const scenarios::LibraryFile> schema_files();

}  // namespace leasehold::reports
