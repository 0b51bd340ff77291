#include "cli/command.hpp"
#include "cli/reproduced.hpp"
#include "cli/timeline_files.hpp"
#include "reports/explain_text.hpp"
#include "scenarios/counterfactual/rerun.hpp"

namespace leasehold::cli {
namespace {

struct ExplainFlags {
  CommonFlags common;
  RunNamed named;
  TimelineFiles timeline{};
};

int explain(const App& app, const ExplainFlags& flags) {
  for (const std::string& file : {flags.common.output, flags.timeline.html}) {
    if (const int writable = check_output(file); writable != 0) return writable;
  }
  auto reproduced = reproduce(app, flags.named);
  if (!reproduced) return bad_input(reproduced.error());
  scenarios::Reproduction& run = reproduced->run;
  const scenarios::Explanation found = scenarios::explain(
      app.algorithms, scenarios::with_time_to_heal(app.algorithms, run, reproduced->symptom),
      reproduced->symptom);
  run.symptom = reproduced->symptom;  // what the timeline opens at
  const std::vector<std::string> paragraphs = reports::explain_paragraphs(found, run);
  if (const int failed = write_timeline(flags.timeline, run, paragraphs)) return failed;
  const std::string text = flags.common.format == "json"
                               ? reports::explain_json(found, run)
                               : reports::explain_text(found, run, console_of(flags.common));
  return write_output(flags.common.output, text);
}

}  // namespace

void add_explain(App& app) {
  CLI::App* command = app.parser.add_subcommand(
      "explain", "how a violation came about, and when it could no longer be averted");
  const auto flags = std::make_shared<ExplainFlags>();
  flags->common.format = "text";
  add_reproduced(*command, flags->named);
  command->add_option("--format", flags->common.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  add_timeline_files(*command, flags->timeline);
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return explain(app, *flags); }; });
}

}  // namespace leasehold::cli
