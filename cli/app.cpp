#include "cli/app.hpp"

#include <cstdio>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/help_format.hpp"
#include "cli/usage_error.hpp"
#include "cli/version.hpp"
#include "scenarios/recipe.hpp"

namespace leasehold::cli {
namespace {

constexpr const char* kFooter =
    R"(Exit codes: 0 holds, 1 violated, 2 inconclusive, 3 worse than the baseline,
4 nothing ran, 64 bad input, 70 internal error, 130 interrupted.

Start with: leasehold compare)";

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
  add_check(app);
  add_list(app);
  add_schema(app);
  add_init(app);
  add_whatif(app);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return tell(parser, error, argc, argv);
  }
  try {
    return app.action();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "leasehold: internal error: %s\n", error.what());
    return kInternalError;
  }
}

}  // namespace leasehold::cli
