#include "cli/command.hpp"
#include "cli/reproduced.hpp"
#include "reports/explain_text.hpp"

namespace leasehold::cli {
namespace {

struct ExplainFlags {
  CommonFlags common;
  std::string run;      ///< a recipe or an incident file
  std::string symptom;  ///< a property; empty: the worst that is violated
};

int explain(const App& app, const ExplainFlags& flags) {
  if (const int writable = check_output(flags.common.output); writable != 0) return writable;
  const auto reproduced = reproduce(app, flags.run, flags.symptom);
  if (!reproduced) return bad_input(reproduced.error());
  const scenarios::Reproduction& run = reproduced->run;
  const scenarios::Explanation found = scenarios::explain(app.algorithms, run, reproduced->symptom);
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
  add_reproduced(*command, flags->run, flags->symptom);
  command->add_option("--format", flags->common.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return explain(app, *flags); }; });
}

}  // namespace leasehold::cli
