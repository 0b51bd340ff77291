#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/algorithm.hpp"
#include "reports/table.hpp"
#include "scenarios/campaign.hpp"
#include "scenarios/resolve.hpp"
#include "support/diagnostic.hpp"

/// What the files of the subcommands share: one file per subcommand, each with one add_… function.
namespace leasehold::cli {

/// One invocation. A subcommand registers itself and stores what it does in `action`, which returns
/// the exit code.
struct App {
  App(CLI::App& line, const models::AlgorithmRegistry& known) : parser(line), algorithms(known) {}
  CLI::App& parser;
  const models::AlgorithmRegistry& algorithms;
  std::function<int()> action;
};

void add_compare(App& app);
void add_run(App& app);
void add_replay(App& app);
void add_search(App& app);
void add_check(App& app);
void add_list(App& app);
void add_schema(App& app);
void add_init(App& app);
void add_whatif(App& app);

/// `--keep DIR`: where incidents go.
struct KeepFlags {
  std::string folder;  ///< empty: none are kept
  std::size_t per_cell = 3;
};

/// Flags that several subcommands have, under the names of INTERFACE.
struct CommonFlags {
  scenarios::Selection selection;
  std::string seeds;     ///< `N` or `A..B`
  std::string defaults;  ///< `scenario` or `vendor`
  unsigned jobs = 0;     ///< 0: as many as the machine has cores
  std::string format = "table";
  std::string output;  ///< a file instead of stdout
  std::string progress = "auto";
  std::string fail_on;
  bool quiet = false;
  bool no_color = false;
  bool details = false;
  KeepFlags keep;
};

void add_settings(CLI::App& command, CommonFlags& flags);
void add_output(CLI::App& command, CommonFlags& flags);

/// What is selected, the flag --defaults included.
scenarios::Selection selection_of(const CommonFlags& flags);

/// `N` is 0…N-1, `A..B` includes both ends.
support::Expected<scenarios::SeedSpan> parse_seeds(const std::string& text);

/// Prints what is wrong with the input; the exit code that goes with it.
int bad_input(const support::Diagnostics& diagnostics);
int bad_input(const std::string& where, const std::string& message, const std::string& expected);

/// A flag's value is one.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);

/// How wide a table may be, and whether it has colours.
reports::Console console_of(const CommonFlags& flags);

/// Whether the file will be writable, before much is done for what is to stand in it: 0, or the
/// exit code of bad input.
int check_output(const std::string& file);

/// Writes `text` to the file, whole or not at all, or to stdout if the name is empty.
/// Returns 0 or the exit code of bad input.
int write_output(const std::string& file, const std::string& text);

}  // namespace leasehold::cli
