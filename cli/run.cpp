#include <cstdio>
#include <limits>

#include "checkers/property.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/history_sink.hpp"
#include "cli/keep.hpp"
#include "cli/timeline_files.hpp"
#include "reports/replay_text.hpp"
#include "reports/run_view.hpp"
#include "reports/trace_view.hpp"

namespace leasehold::cli {
namespace {

struct RunFlags {
  CommonFlags common;
  std::string scenario;
  std::string recipe_or_file;
  std::optional<std::uint64_t> seed;
  bool trace = false;
  std::string history;  ///< where to write the run's history
  TimelineFiles timeline{};
};

/// Several that look at one run.
class TraceSinks final : public sim::TraceSink {
 public:
  void add(sim::TraceSink& sink) { sinks_.push_back(&sink); }
  void on_event(const sim::TraceEvent& event) override {
    for (sim::TraceSink* sink : sinks_) sink->on_event(event);
  }
  [[nodiscard]] bool empty() const { return sinks_.empty(); }

 private:
  std::vector<sim::TraceSink*> sinks_;
};

/// Follows a run beside its recording and writes down the event at which it leaves it.
class PartingWitness final : public sim::TraceSink {
 public:
  PartingWitness(const scenarios::Trail& recorded, const scenarios::Cell& cell)
      : follower_(recorded), there_(cell) {}
  void on_event(const sim::TraceEvent& event) override {
    const bool parted_before = follower_.parting().has_value();
    follower_.on_event(event);
    if (follower_.parting() && !parted_before) there_.on_event(event);
  }
  const scenarios::TrailFollower& follower() const { return follower_; }
  /// As `--trace` shows it, with the header; empty if it never parted.
  std::string event_text() const {
    return there_.text().empty() ? "" : there_.header() + there_.text();
  }

 private:
  scenarios::TrailFollower follower_;
  reports::TraceView there_;
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

/// What the run showed beside what was recorded of it; then the exit code, if not by its verdict.
int told_beside_recording(const scenarios::Reproduction& run, const scenarios::RunResult& result,
                          const PartingWitness& witness, std::string& text) {
  const scenarios::Comparison comparison = scenarios::compare(run, result, witness.follower());
  text += reports::replay_text(*run.recorded, result, comparison);
  if (comparison.outcome != scenarios::Comparison::Outcome::diverged) return kHolds;
  text += witness.event_text();
  return kInternalError;
}

int run_once(const scenarios::Reproduction& run, const RunFlags& flags) {
  if (const int usable = check_keep(flags.common.keep)) return usable;
  scenarios::Runner runner(run.cell.cell());
  scenarios::Onlookers onlookers;
  TraceSinks sinks;
  reports::TraceView trace(run.cell.cell());
  if (flags.trace) sinks.add(trace);
  const scenarios::Recording unrecorded;
  PartingWitness witness(run.recorded ? run.recorded->trail : unrecorded.trail, run.cell.cell());
  if (run.recorded) sinks.add(witness);
  if (!sinks.empty()) onlookers.trace = &sinks;
  HistorySink history(run.cell, run.seed);
  if (!flags.history.empty()) {
    onlookers.records = &history;
    onlookers.most_events = scenarios::kMostEventsWritten;
  }
  if (flags.trace) onlookers.most_events = scenarios::kMostEventsTold;
  const scenarios::RunResult result = runner.run(run.seed, run.plan, onlookers);
  if (!flags.history.empty()) {
    if (const int failed = write_output(flags.history, history.text())) return failed;
  }
  if (const int failed = write_timeline(flags.timeline, run)) return failed;
  std::string text;
  if (flags.trace) text = trace.header() + trace.text();
  text += reports::run_view(run.cell, result, run.name);
  int code = kHolds;
  if (run.recorded) code = told_beside_recording(run, result, witness, text);
  if (const int failed = write_output(flags.common.output, text)) return failed;
  if (const int failed = keep(run, flags.common.keep, flags.common.quiet)) return failed;
  return code != kHolds ? code : exit_code_of(result.checker->verdicts());
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
  return run_once(scenarios::as_drawn(cells->front(), *flags.seed), flags);
}

int replay(const App& app, const RunFlags& flags) {
  const auto run = scenarios::reproduction_of(app.algorithms, flags.recipe_or_file, flags.seed);
  if (!run) return bad_input(run.error());
  if (flags.seed && run->seed != *flags.seed) {
    return bad_input("--seed", "is said by what is replayed: " + std::to_string(run->seed),
                     "it only with an incident that has none");
  }
  return run_once(*run, flags);
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
  add_keep(*command, flags->common.keep);
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return run(app, *flags); }; });
}

void add_replay(App& app) {
  CLI::App* command =
      app.parser.add_subcommand("replay", "a recipe line or an incident file again, byte for byte");
  const auto flags = std::make_shared<RunFlags>();
  command
      ->add_option("RECIPE|FILE", flags->recipe_or_file,
                   "lh1:…, as leasehold printed it, or an incident file")
      ->required();
  command->add_option("--seed", flags->seed, "of an incident that has none (default: 0)")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  command->add_option("--history", flags->history, "write the run down for leasehold check");
  add_timeline_files(*command, flags->timeline);
  command->add_flag("--trace", flags->trace, "print every event, a column per process");
  add_keep(*command, flags->common.keep);
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return replay(app, *flags); }; });
}

}  // namespace leasehold::cli
