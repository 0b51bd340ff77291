#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "cli/campaign_input.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/keep.hpp"
#include "cli/long_work.hpp"
#include "cli/version.hpp"
#include "reports/compare_report.hpp"
#include "reports/result_json.hpp"
#include "reports/scenario_text.hpp"
#include "reports/thresholds_text.hpp"
#include "reports/truths_table.hpp"
#include "scenarios/campaign_result.hpp"
#include "scenarios/cause.hpp"
#include "scenarios/collection.hpp"

namespace leasehold::cli {
namespace {

using scenarios::CampaignResult;
using scenarios::CampaignTallies;
using scenarios::ResolvedCell;

constexpr const char* kDefaultSeeds = "1000";
const std::string kExits =
    "Exits 0 when it did its job, whatever it found; 1 when a threshold of the\n"
    "campaign is exceeded, or as --fail-on says.\n\n";
constexpr std::uint64_t kMostJobs = 256;
constexpr const char* kDefaultSeedsOfTruths = "50";  // what they say is true of every run, or none
const std::vector<std::string> kDefaultScenarios{
    "calm", "partitions", "gc-pauses", "clock-drift", "clock-steps", "crashes", "mixed"};

CampaignTallies run_with_progress(const std::vector<ResolvedCell>& cells, scenarios::SeedSpan seeds,
                                  const CommonFlags& flags, reports::ProgressMode mode) {
  ProgressPrinter printer(flags.quiet ? reports::ProgressMode::none : mode,
                          cells.size() * seeds.count);
  scenarios::CampaignOptions options;
  options.seeds = seeds;
  options.jobs = threads_of(flags.jobs);
  options.stop = &catch_interrupts();
  options.on_progress = [&printer](const scenarios::CampaignProgress& progress) {
    printer.update(progress.runs_done);
  };
  CampaignTallies tallies = scenarios::run_campaign(cells, options);
  printer.finish();
  return tallies;
}

std::string condition_of(const ResolvedCell& cell, std::uint64_t seed) {
  const std::optional<scenarios::PlannedFault> cause = scenarios::cause_of(cell, seed);
  return cause ? reports::fault_text(*cause) : "no fault at all";
}

/// For each cell that broke: its worst run, and what was at work in it.
void look_at_breakages(const std::vector<ResolvedCell>& cells, CampaignResult& result) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    scenarios::CellResult& cell = result.cells[i];
    const auto& worst = cell.tally.property(checkers::Property::work_exclusion).worst;
    if (!worst) continue;
    cell.breakage = scenarios::Breakage{worst->seed, condition_of(cells[i], worst->seed)};
  }
}

bool any_violation(const CampaignResult& result) {
  return std::any_of(result.cells.begin(), result.cells.end(), [](const auto& cell) {
    for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
      if (cell.tally.property(static_cast<checkers::Property>(i)).worst) return true;
    }
    return false;
  });
}

std::string rendered(const CampaignResult& result, const CommonFlags& flags) {
  if (flags.format == "json") return reports::result_file(result);
  if (flags.format == "csv") return reports::result_csv(result);
  const std::vector<std::string>& named = flags.selection.scenarios;
  reports::CompareOptions options;
  options.markdown = flags.format == "markdown";
  options.details = flags.details;
  options.approaches = named.size() == 1 && named.front() == scenarios::kApproaches;
  options.console = console_of(flags);
  const std::string kept = reports::thresholds_text(result.thresholds);
  return reports::compare_report(result, options) + (kept.empty() ? "" : "\n" + kept);
}

int exit_code(const CampaignResult& result, const std::string& fail_on) {
  const bool exceeded = std::any_of(result.thresholds.begin(), result.thresholds.end(),
                                    [](const auto& judged) { return judged.exceeded(); });
  if (exceeded) return kViolated;
  if (fail_on == "violation") return any_violation(result) ? kViolated : kHolds;
  if (fail_on == "unexpected") return reports::all_as_expected(result) ? kHolds : kViolated;
  return kHolds;
}

/// As many as were asked for, or as it takes.
std::string seeds_of(const CommonFlags& flags, const std::vector<ResolvedCell>& cells) {
  if (!flags.seeds.empty()) return flags.seeds;
  const bool truths = std::all_of(cells.begin(), cells.end(), [](const ResolvedCell& cell) {
    return cell.row().expect.has_value();
  });
  return truths ? kDefaultSeedsOfTruths : kDefaultSeeds;
}

int unrepeatable(const ResolvedCell& cell, std::uint64_t seed) {
  std::fprintf(stderr,
               "leasehold: internal error: two executions of one run differ: %s\n"
               "No result is given. Please report it with this line.\n",
               cell.recipe(seed).text().c_str());
  return kInternalError;
}

int compare(const App& app, CommonFlags& flags) {
  const auto mode = reports::progress_mode(flags.progress, isatty(STDERR_FILENO) != 0);
  if (!mode)
    return bad_input("--progress", "has no mode " + flags.progress, "auto, bar, lines or none");
  if (const int writable = check_output(flags.output); writable != 0) return writable;
  if (const int usable = check_keep(flags.keep); usable != 0) return usable;
  const auto campaign = take_campaign(flags);
  if (!campaign) return bad_input(campaign.error());
  if (flags.selection.scenarios.empty()) flags.selection.scenarios = kDefaultScenarios;
  const auto cells = scenarios::resolve(app.algorithms, selection_of(flags));
  if (!cells) return bad_input(told_of(*campaign, cells.error()));
  const auto misnamed =
      scenarios::misnamed(campaign->thresholds, *cells, app.algorithms, campaign->file);
  if (!misnamed.empty()) return bad_input(misnamed);
  if (cells->empty()) {
    std::fputs("leasehold: nothing to run: no algorithm is left of the selection\n", stderr);
    return kNothingRan;
  }
  const auto seeds = parse_seeds(seeds_of(flags, *cells));
  if (!seeds) return bad_input(seeds.error());
  CampaignTallies tallies = run_with_progress(*cells, *seeds, flags, *mode);
  if (tallies.unrepeatable) {
    return unrepeatable((*cells)[tallies.unrepeatable->cell], tallies.unrepeatable->seed);
  }
  if (tallies.interrupted) {
    std::fputs("leasehold: interrupted; no result is written\n", stderr);
    return kInterrupted;
  }
  CampaignResult result =
      scenarios::collect(*cells, std::move(tallies.cells), *seeds, kEngineVersion);
  look_at_breakages(*cells, result);
  result.thresholds = scenarios::judge(result, campaign->thresholds);
  const int written = write_output(flags.output, rendered(result, flags));
  if (written != 0) return written;
  if (const int failed = keep_worst(*cells, result, flags.keep, flags.quiet); failed != 0)
    return failed;
  const bool shown =
      flags.output.empty() && (flags.format == "table" || flags.format == "markdown");
  if (!shown) std::fputs(reports::thresholds_text(result.thresholds).c_str(), stderr);
  return exit_code(result, flags.fail_on);
}

}  // namespace

void add_compare(App& app) {
  CLI::App* command = app.parser.add_subcommand(
      "compare", "every algorithm on every scenario, over the same seeds and faults");
  const auto flags = std::make_shared<CommonFlags>();
  command->add_option(
      "SCENARIO", flags->selection.scenarios,
      "library names, approaches, known-truths, incidents or paths (default: the seven of the "
      "summary); or "
      "one campaign.json in place of flags (leasehold init), where flags given beside it win");
  command->add_option("--algorithms", flags->selection.algorithms, "ids or globs, comma-separated")
      ->delimiter(',');
  add_settings(*command, *flags);
  command->add_option(
      "--seeds", flags->seeds,
      "N for 0 to N-1, or A..B with both ends (default: 1000; 50 of known truths and incidents)");
  command->add_flag("--details", flags->details, "a table per scenario after the summary");
  command->add_option("--jobs", flags->jobs, "threads (default: one per core)")
      ->check(whole_number(1, kMostJobs));
  add_keep(*command, flags->keep);
  command
      ->add_option("--keep-per-cell", flags->keep.per_cell,
                   "how many of each lock and scenario at most (default: 3)")
      ->check(whole_number(1, scenarios::Shortlist::kMost));
  command->add_option("--format", flags->format, "table, markdown, json or csv")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "markdown", "json", "csv"}));
  command->add_option("--progress", flags->progress, "auto, bar, lines or none")
      ->capture_default_str();
  command
      ->add_option(
          "--fail-on", flags->fail_on,
          "exit 1 if there is a violation, or a known truth that did not come out as expected")
      ->check(CLI::IsMember({"violation", "unexpected"}));
  add_output(*command, *flags);
  command->footer(kExits + command->get_footer());
  command->callback([&app, flags] { app.action = [&app, flags] { return compare(app, *flags); }; });
}

}  // namespace leasehold::cli
