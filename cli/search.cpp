#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/long_work.hpp"
#include "cli/version.hpp"
#include "reports/search_text.hpp"
#include "scenarios/incident/reproduction.hpp"
#include "scenarios/symptom.hpp"

namespace leasehold::cli {
namespace {

using scenarios::Incident;
using scenarios::ResolvedCell;

struct SearchFlags {
  CommonFlags common;
  std::string where;  ///< a scenario, or an incident file without a seed
  std::string symptom;
};

/// What is searched: cells, and what an incident has fixed in all of their runs.
struct Haystack {
  std::vector<ResolvedCell> cells;
  std::optional<Incident> incident;
};

support::Expected<Haystack> haystack_of(const App& app, SearchFlags& flags) {
  Haystack haystack;
  if (!scenarios::is_incident_file(flags.where)) {
    flags.common.selection.scenarios = {flags.where};
    auto cells = scenarios::resolve(app.algorithms, selection_of(flags.common));
    if (!cells) return cells.error();
    haystack.cells = *std::move(cells);
    return haystack;
  }
  const auto incident = scenarios::load_incident(flags.where);
  if (!incident) return incident.error();
  auto cell = scenarios::resolve(app.algorithms, incident->scenario, incident->algorithm,
                                 incident->parameters);
  if (!cell) return cell.error();
  haystack.cells = {*std::move(cell)};
  haystack.incident = *incident;
  return haystack;
}

/// The symptom asked for, or else the one that the incident is about.
support::Expected<scenarios::Symptom> symptom_of(const SearchFlags& flags,
                                                 const Haystack& haystack) {
  if (!flags.symptom.empty()) return scenarios::Symptom::parse(flags.symptom);
  if (haystack.incident && haystack.incident->symptom) {
    return scenarios::Symptom::violated(*haystack.incident->symptom);
  }
  support::Diagnostic missing;
  missing.file = "search";
  missing.message = "is not told what to look for";
  missing.expected = "--symptom, such as work_exclusion or wait>=30s";
  return support::Diagnostics{missing};
}

struct Hit {
  std::uint64_t events = 0;
  std::uint64_t seed = 0;

  friend constexpr auto operator<=>(const Hit&, const Hit&) = default;
};
using Hits = std::vector<std::vector<Hit>>;  ///< by cell

std::string replay_of(const Haystack& haystack, const ResolvedCell& cell, std::uint64_t seed,
                      const SearchFlags& flags) {
  if (!haystack.incident) return "leasehold replay '" + cell.recipe(seed).text() + "'";
  return "leasehold replay '" + flags.where + "' --seed " + std::to_string(seed);
}

std::vector<reports::SearchFinding> findings_of(const Haystack& haystack, Hits& hits,
                                                std::uint64_t runs, const SearchFlags& flags) {
  constexpr std::size_t kSeedsTold = 100;
  std::vector<reports::SearchFinding> findings;
  for (std::size_t i = 0; i < haystack.cells.size(); ++i) {
    std::sort(hits[i].begin(), hits[i].end());
    reports::SearchFinding finding;
    finding.label = haystack.incident ? flags.where : haystack.cells[i].label();
    finding.algorithm = haystack.cells[i].algorithm().id;
    finding.runs = runs;
    finding.hits = hits[i].size();
    for (const Hit& hit : hits[i]) {
      if (finding.seeds.size() == kSeedsTold) break;
      finding.seeds.push_back(hit.seed);
    }
    if (!hits[i].empty()) {
      finding.replay = replay_of(haystack, haystack.cells[i], hits[i].front().seed, flags);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

/// The shortest run that shows the symptom, as an incident file.
support::Expected<std::string> incident_text(const App& app, const Haystack& haystack,
                                             const Hits& hits, const scenarios::Symptom& symptom,
                                             const SearchFlags& flags) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[best].empty() || (!hits[i].empty() && hits[i].front() < hits[best].front())) best = i;
  }
  const std::uint64_t seed = hits[best].front().seed;
  scenarios::Reproduction run;
  if (haystack.incident) {
    auto had = scenarios::reproduction_of(app.algorithms, *haystack.incident, flags.where, seed);
    if (!had) return had.error();
    run = *std::move(had);
  } else {
    run = scenarios::as_drawn(haystack.cells[best], seed);
  }
  if (!run.symptom) run.symptom = symptom.property();
  return scenarios::to_text(scenarios::incident_of(run, kEngineVersion));
}

int search(const App& app, SearchFlags& flags) {
  const auto mode = reports::progress_mode(flags.common.progress, isatty(STDERR_FILENO) != 0);
  if (!mode) return bad_input("--progress", "has no such mode", "auto, bar, lines or none");
  if (const int writable = check_output(flags.common.output); writable != 0) return writable;
  const auto haystack = haystack_of(app, flags);
  if (!haystack) return bad_input(haystack.error());
  if (haystack->incident && haystack->incident->seed) {
    return bad_input(flags.where, "says its seed, so there is nothing to search",
                     "an incident without the key \"seed\"");
  }
  const auto symptom = symptom_of(flags, *haystack);
  if (!symptom) return bad_input(symptom.error());
  const auto seeds = parse_seeds(flags.common.seeds);
  if (!seeds) return bad_input(seeds.error());

  Hits hits(haystack->cells.size());
  ProgressPrinter printer(flags.common.quiet ? reports::ProgressMode::none : *mode,
                          haystack->cells.size() * seeds->count);
  scenarios::CampaignOptions options;
  options.seeds = *seeds;
  options.jobs = threads_of(flags.common.jobs);
  options.stop = &catch_interrupts();
  options.on_progress = [&printer](const auto& progress) { printer.update(progress.runs_done); };
  options.on_outcome = [&](std::size_t cell, const scenarios::RunOutcome& outcome) {
    if (symptom->shown_by(outcome)) hits[cell].push_back({outcome.events, outcome.seed});
  };
  if (haystack->incident) {
    if (haystack->incident->plan) options.faults = &*haystack->incident->plan;
    if (haystack->incident->rounds) options.rounds = &*haystack->incident->rounds;
  }
  const scenarios::CampaignTallies tallies = scenarios::run_campaign(haystack->cells, options);
  printer.finish();
  if (tallies.interrupted) {
    std::fputs("leasehold: interrupted; no result is written\n", stderr);
    return kInterrupted;
  }
  const auto findings = findings_of(*haystack, hits, seeds->count, flags);
  const bool found =
      std::any_of(hits.begin(), hits.end(), [](const auto& some) { return !some.empty(); });
  if (found && !flags.common.output.empty()) {
    const auto text = incident_text(app, *haystack, hits, *symptom, flags);
    if (!text) return bad_input(text.error());
    if (const int failed = write_output(flags.common.output, *text)) return failed;
  }
  const std::string text = flags.common.format == "json"
                               ? reports::search_json(symptom->text(), findings)
                               : reports::search_text(symptom->text(), findings);
  if (const int failed = write_output("", text)) return failed;
  return found ? kHolds : kInconclusive;
}

}  // namespace

void add_search(App& app) {
  CLI::App* command =
      app.parser.add_subcommand("search", "the seeds that reach a symptom that somebody reported");
  const auto flags = std::make_shared<SearchFlags>();
  flags->common.seeds = "1000";
  command
      ->add_option("SCENARIO|FILE", flags->where,
                   "a library name, a path, or an incident file without a seed")
      ->required();
  command->add_option("--symptom", flags->symptom,
                      "a property that is violated, stuck, slow, overlap>=5s, wait>=30s, "
                      "gap>=2min; several with commas (default: the incident's)");
  command
      ->add_option("--algorithms", flags->common.selection.algorithms,
                   "ids or globs, comma-separated (default: the scenario's)")
      ->delimiter(',');
  add_settings(*command, flags->common);
  command->add_option("--seeds", flags->common.seeds, "N for 0 to N-1, or A..B with both ends")
      ->capture_default_str();
  command->add_option("--jobs", flags->common.jobs, "threads (default: one per core)")
      ->check(whole_number(1, 256));
  command->add_option("--format", flags->common.format, "table or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "json"}));
  command->add_option("--progress", flags->common.progress, "auto, bar, lines or none")
      ->capture_default_str();
  command->add_option("-o,--output", flags->common.output,
                      "write the shortest run that shows it to FILE, an incident");
  command->add_flag("--quiet", flags->common.quiet, "only data and errors");
  command->footer("Exits 0 when a seed reaches the symptom, 2 when none does.\n\n" +
                  command->get_footer());
  command->callback([&app, flags] { app.action = [&app, flags] { return search(app, *flags); }; });
}

}  // namespace leasehold::cli
