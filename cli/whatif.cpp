#include <unistd.h>

#include <cstdlib>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/reproduced.hpp"
#include "reports/whatif_table.hpp"
#include "scenarios/counterfactual/rerun.hpp"

namespace leasehold::cli {
namespace {

struct WhatifFlags {
  CommonFlags common;
  RunNamed named;
};

std::string rendered(const scenarios::Counterfactuals& all, const scenarios::Reproduction& run,
                     const CommonFlags& flags) {
  if (flags.format == "json") return reports::whatif_json(all, run);
  if (flags.format == "csv") return reports::whatif_csv(all, run);
  reports::WhatifOptions options;
  options.markdown = flags.format == "markdown";
  options.console = console_of(flags);
  return reports::whatif_text(all, run, options);
}

int whatif(const App& app, const WhatifFlags& flags) {
  if (const int writable = check_output(flags.common.output); writable != 0) return writable;
  const auto reproduced = reproduce(app, flags.named);
  if (!reproduced) return bad_input(reproduced.error());
  scenarios::CounterfactualOptions options;
  options.symptom = reproduced->symptom;
  if (!flags.common.seeds.empty()) {
    const auto seeds = parse_seeds(flags.common.seeds);
    if (!seeds) return bad_input(seeds.error());
    options.seeds = *seeds;
  }
  const scenarios::Reproduction run =
      scenarios::with_time_to_heal(app.algorithms, reproduced->run, reproduced->symptom);
  const scenarios::Counterfactuals all = scenarios::counterfactuals(app.algorithms, run, options);
  return write_output(flags.common.output, rendered(all, run, flags.common));
}

}  // namespace

void add_whatif(App& app) {
  CLI::App* command = app.parser.add_subcommand(
      "whatif", "what would have prevented a violation, and at what cost");
  const auto flags = std::make_shared<WhatifFlags>();
  add_reproduced(*command, flags->named);
  command->add_option("--seeds", flags->common.seeds,
                      "try the changes on these seeds of the scenario too: N or A..B");
  command->add_option("--format", flags->common.format, "table, markdown, json or csv")
      ->check(CLI::IsMember({"table", "markdown", "json", "csv"}));
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [&app, flags] { return whatif(app, *flags); }; });
}

}  // namespace leasehold::cli
