#pragma once

#include <vector>

#include "cli/command.hpp"
#include "scenarios/campaign_result.hpp"
#include "scenarios/incident/reproduction.hpp"

/// `--keep DIR`: runs become incident files.
namespace leasehold::cli {

void add_keep(CLI::App& command, KeepFlags& flags);

/// Whether incidents will find room, before much is done for them: 0, or the exit code of bad
/// input. Makes the folder.
int check_keep(const KeepFlags& flags);

/// Writes the run as an incident file; what it is called is told on stderr unless `quiet`.
int keep(const scenarios::Reproduction& run, const KeepFlags& flags, bool quiet);

/// Of each cell so many of its runs: those that failed before those that could not be judged, these
/// before those that passed, of such the shorter ones first.
int keep_worst(const std::vector<scenarios::ResolvedCell>& cells,
               const scenarios::CampaignResult& result, const KeepFlags& flags, bool quiet);

}  // namespace leasehold::cli
