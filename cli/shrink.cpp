#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/long_work.hpp"
#include "cli/reproduced.hpp"
#include "cli/version.hpp"
#include "reports/shrink_text.hpp"

namespace leasehold::cli {
namespace {

using checkers::Property;
using scenarios::Reproduction;
using scenarios::Shrunk;

struct ShrinkFlags {
  CommonFlags common;
  RunNamed named;
  std::uint64_t max_runs = scenarios::ShrinkOptions{}.max_runs;
};

/// Nothing if it was interrupted.
std::optional<Shrunk> shrunk(const Reproduction& run, Property property, const ShrinkFlags& flags,
                             reports::ProgressMode mode, const std::atomic<bool>& stop) {
  reports::ShrinkProgress told(flags.common.quiet ? reports::ProgressMode::none : mode);
  const auto started = std::chrono::steady_clock::now();
  const auto write = [](const std::string& text) { std::fputs(text.c_str(), stderr); };
  scenarios::ShrinkOptions options;
  options.max_runs = flags.max_runs;
  options.stop = &stop;
  options.on_progress = [&](const scenarios::ShrinkProgress& progress) {
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - started;
    write(told.update(progress, elapsed.count()));
  };
  auto result = scenarios::shrink(run.cell.cell(), run.seed, run.plan, property, options);
  write(told.finish());
  if (result && result->end == Shrunk::End::stopped) return std::nullopt;
  return result;
}

/// The run that is left, as an incident about the violation that it keeps.
support::Expected<std::string> incident_text(const App& app, const Reproduction& run,
                                             Property property, const Shrunk& result) {
  auto cell = scenarios::resolve(app.algorithms, result.scenario, run.cell.algorithm().id,
                                 run.cell.parameters());
  if (!cell) return cell.error();
  Reproduction smaller = run;
  smaller.cell = *std::move(cell);
  smaller.plan = result.plan;
  smaller.symptom = property;
  return scenarios::to_text(scenarios::incident_of(smaller, kEngineVersion));
}

int shrink(const App& app, const ShrinkFlags& flags) {
  const auto mode = reports::progress_mode(flags.common.progress, isatty(STDERR_FILENO) != 0);
  if (!mode) {
    return bad_input("--progress", "has no mode " + flags.common.progress,
                     "auto, bar, lines or none");
  }
  if (const int writable = check_output(flags.common.output); writable != 0) return writable;
  const std::atomic<bool>& stop = catch_interrupts();
  const auto reproduced = reproduce(app, flags.named);
  if (!reproduced) return bad_input(reproduced.error());
  const auto& [run, property] = *reproduced;
  const std::optional<Shrunk> result = shrunk(run, property, flags, *mode, stop);
  if (!result) {
    std::fputs("leasehold: interrupted; no result is written\n", stderr);
    return kInterrupted;
  }
  const auto text = incident_text(app, run, property, *result);
  if (!text) return bad_input(text.error());
  if (const int failed = write_output(flags.common.output, *text)) return failed;
  if (!flags.common.quiet) {
    const std::string summary =
        reports::shrink_text({run.cell, run.seed, property}, *result, flags.common.output);
    std::fputs(summary.c_str(), flags.common.output.empty() ? stderr : stdout);
  }
  return kViolated;
}

}  // namespace

void add_shrink(App& app) {
  CLI::App* command = app.parser.add_subcommand(
      "shrink", "the fewest faults, clients and rounds that still violate a property");
  const auto flags = std::make_shared<ShrinkFlags>();
  add_reproduced(*command, flags->named);
  command->add_option("--max-runs", flags->max_runs, "how many runs it may take at most")
      ->capture_default_str()
      ->check(whole_number(1, 1'000'000'000));
  command->add_option("--progress", flags->common.progress, "auto, bar, lines or none")
      ->capture_default_str();
  command->add_option("-o,--output", flags->common.output,
                      "write the incident to FILE instead of stdout");
  command->add_flag("--quiet", flags->common.quiet, "only data and errors");
  command->footer("Exits 1, as the run that is left does.\n\n" + command->get_footer());
  command->callback([&app, flags] { app.action = [&app, flags] { return shrink(app, *flags); }; });
}

}  // namespace leasehold::cli
