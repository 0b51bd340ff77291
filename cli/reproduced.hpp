#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "scenarios/incident/reproduction.hpp"

/// What `shrink`, `explain` and `whatif` begin with: one run, and which of its violations they are
/// about.
namespace leasehold::cli {

/// What a user says of the run.
struct RunNamed {
  std::string run;      ///< a recipe or an incident file
  std::string symptom;  ///< a property; empty: the incident's, or the worst that is violated
  std::optional<std::uint64_t> seed;  ///< of an incident that has none
};

struct Reproduced {
  scenarios::Reproduction run;
  checkers::Property symptom{};
};

/// The run of a recipe or an incident file, which must show the violation: the named one, the one
/// that the file is about, the worst that its scenario expects of it, or the worst of all.
support::Expected<Reproduced> reproduce(const App& app, const RunNamed& named);

/// The argument and the flags for it.
void add_reproduced(CLI::App& command, RunNamed& named);

}  // namespace leasehold::cli
