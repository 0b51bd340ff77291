#include "cli/app.hpp"

#include <cstdio>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/help_format.hpp"
#include "cli/usage_error.hpp"
#include "cli/version.hpp"
#include "reports/number.hpp"
#include "scenarios/recipe.hpp"
#include "scenarios/run_too_long.hpp"

namespace leasehold::cli {
namespace {

constexpr const char* kFooter =
    R"(Exit codes: 0 holds, 1 violated, 2 inconclusive, 3 worse than the baseline,
4 nothing ran, 64 bad input, 70 internal error, 130 interrupted.

Start with: leasehold compare)";

int tell(const scenarios::RunTooLong& too_long) {
  const auto& [events, reached_ns, end_ns] = too_long.extent();
  return bad_input(too_long.run(),
                   "has more than " + reports::count_text(events) + " events: it was at " +
                       reports::duration_text(reached_ns) + " of " + reports::duration_text(end_ns),
                   "a shorter horizon or heal phase, fewer clients, longer rounds or retries");
}

}  // namespace

int run(int argc, char** argv, const models::AlgorithmRegistry& algorithms) {
  CLI::App parser{"Deterministic simulation and fault injection for distributed locks",
                  "leasehold"};
  parser.set_version_flag("--version", std::string("leasehold ") + kEngineVersion +
                                           ", replay version " +
                                           std::to_string(scenarios::kReplayVersion));
  parser.formatter(std::make_shared<HelpFormat>());
  parser.require_subcommand(1);
  parser.footer(kFooter);
  App app(parser, algorithms);
  add_compare(app);
  add_run(app);
  add_replay(app);
  add_search(app);
  add_shrink(app);
  add_check(app);
  add_list(app);
  add_schema(app);
  add_init(app);
  add_explain(app);
  add_whatif(app);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return tell(parser, error, argc, argv);
  }
  try {
    return app.action();
  } catch (const scenarios::RunTooLong& too_long) {
    return tell(too_long);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leasehold: internal error: %s\n", error.what());
    return kInternalError;
  }
}

}  // namespace leasehold::cli
