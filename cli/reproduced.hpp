#pragma once

#include <string>

#include "cli/command.hpp"
#include "scenarios/incident/reproduction.hpp"

/// What `shrink`, `explain` and `whatif` begin with: one run, and which of its violations they are
/// about.
namespace leasehold::cli {

struct Reproduced {
  scenarios::Reproduction run;
  checkers::Property symptom{};
};

/// The run of a recipe or an incident file, which must show the violation: the named one, the one
/// that the file is about, the worst that its scenario expects of it, or the worst of all.
support::Expected<Reproduced> reproduce(const App& app, const std::string& recipe_or_file,
                                        const std::string& symptom);

/// The argument and the flag for it.
void add_reproduced(CLI::App& command, std::string& recipe_or_file, std::string& symptom);

}  // namespace leasehold::cli
