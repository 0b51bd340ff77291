#include <cstdio>
#include <limits>

#include "checkers/property.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/history_sink.hpp"
#include "cli/timeline_files.hpp"
#include "reports/run_view.hpp"
#include "reports/trace_view.hpp"

namespace leasehold::cli {
namespace {

struct RunFlags {
  CommonFlags common;
  std::string scenario;
  std::string recipe;
  std::uint64_t seed = 0;
  bool trace = false;
  std::string history;  ///< where to write the run's history
  TimelineFiles timeline{};
};

int exit_code_of(const checkers::RunVerdicts& verdicts) {
  int code = kHolds;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const checkers::Verdict verdict = verdicts[static_cast<checkers::Property>(i)].verdict;
    if (verdict == checkers::Verdict::violated) return kViolated;
    if (verdict == checkers::Verdict::unknown) code = kInconclusive;
  }
  return code;
}

int run_once(const scenarios::ResolvedCell& cell, std::uint64_t seed, const RunFlags& flags) {
  scenarios::Runner runner(cell.cell());
  scenarios::Onlookers onlookers;
  reports::TraceView trace(cell.cell());
  if (flags.trace) onlookers.trace = &trace;
  HistorySink history(cell, seed);
  if (!flags.history.empty()) onlookers.records = &history;
  const scenarios::RunResult result = runner.run(seed, onlookers);
  if (!flags.history.empty()) {
    if (const int failed = write_output(flags.history, history.text())) return failed;
  }
  if (flags.timeline.any()) {
    const scenarios::Reproduction again = scenarios::reproduction_of(cell, seed);
    if (const int failed = write_timeline(flags.timeline, again)) return failed;
  }
  std::string text;
  if (flags.trace) text = trace.header() + trace.text();
  text += reports::run_view(cell, result);
  const int written = write_output(flags.common.output, text);
  return written != 0 ? written : exit_code_of(result.checker->verdicts());
}

/// What to say where not exactly one run was named.
std::string one_run(const App& app, const scenarios::Selection& named) {
  scenarios::Selection all = named;
  std::erase_if(all.settings, [](const std::string& setting) {
    return setting.starts_with("scenario.variant=");
  });
  std::string labels;
  std::string last;
  const auto cells = scenarios::resolve(app.algorithms, all);
  if (!cells) return "one scenario and one algorithm";
  for (const scenarios::ResolvedCell& cell : *cells) {
    const std::string& label = cell.label();
    const std::size_t slash = label.find('/');
    if (slash == std::string::npos || label == last) continue;
    last = label;
    labels += (labels.empty() ? " " : ", ") + support::quoted(label.substr(slash + 1));
  }
  return "one scenario and one algorithm" +
         (labels.empty() ? "" : ", and --set scenario.variant= one of" + labels);
}

int run(const App& app, RunFlags& flags) {
  flags.common.selection.scenarios = {flags.scenario};
  const scenarios::Selection selection = selection_of(flags.common);
  const auto cells = scenarios::resolve(app.algorithms, selection);
  if (!cells) return bad_input(cells.error());
  if (cells->size() != 1) {
    return bad_input("run", "names " + std::to_string(cells->size()) + " runs",
                     one_run(app, selection));
  }
  return run_once(cells->front(), flags.seed, flags);
}

int replay(const App& app, const RunFlags& flags) {
  const auto recipe = scenarios::Recipe::parse(flags.recipe);
  if (!recipe) return bad_input(recipe.error());
  const auto cell = scenarios::resolve(app.algorithms, *recipe);
  if (!cell) return bad_input(cell.error());
  return run_once(*cell, recipe->seed, flags);
}

}  // namespace

void add_run(App& app) {
  CLI::App* command = app.parser.add_subcommand("run", "one run and its verdicts");
  const auto flags = std::make_shared<RunFlags>();
  command->add_option("SCENARIO", flags->scenario, "a library name or a path")->required();
  command->add_option("--algorithm", flags->common.selection.algorithms, "an id")
      ->required()
      ->expected(1);
  command->add_option("--seed", flags->seed, "which run")
      ->required()
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  add_settings(*command, flags->common);
  command->add_option("--history", flags->history, "write the run down for leasehold check");
  add_timeline_files(*command, flags->timeline);
  command->add_flag("--trace", flags->trace, "print every event, a column per process");
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return run(app, *flags); }; });
}

void add_replay(App& app) {
  CLI::App* command = app.parser.add_subcommand("replay", "a recipe line again, byte for byte");
  const auto flags = std::make_shared<RunFlags>();
  command->add_option("RECIPE", flags->recipe, "lh1:…, as leasehold printed it")->required();
  command->add_option("--history", flags->history, "write the run down for leasehold check");
  add_timeline_files(*command, flags->timeline);
  command->add_flag("--trace", flags->trace, "print every event, a column per process");
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return replay(app, *flags); }; });
}

}  // namespace leasehold::cli
