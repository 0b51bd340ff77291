#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/incident/incident.hpp"
#include "scenarios/resolve.hpp"
#include "scenarios/run_plan.hpp"

namespace leasehold::scenarios {

/// One run that can be had again, whoever told of it.
struct Reproduction {
  ResolvedCell cell;
  std::uint64_t seed = 0;
  RunPlan plan;                               ///< complete, but for `as_drawn`
  std::optional<checkers::Property> symptom;  ///< the violation that it is about, if it is known
  std::string name;                           ///< what `replay` takes: a recipe, or a file's path
  std::string title;
  std::string story;
  std::optional<Recording> recorded;
  bool edited = false;  ///< since it was recorded, in what fixes the run
};

/// What a user named: a recipe line, or the path of an incident file. A file without a seed is run
/// with `seed`.
support::Expected<Reproduction> reproduction_of(const models::AlgorithmRegistry& registry,
                                                const std::string& recipe_or_file,
                                                std::optional<std::uint64_t> seed = {});
support::Expected<Reproduction> reproduction_of(const models::AlgorithmRegistry& registry,
                                                const Incident& incident, const std::string& file,
                                                std::optional<std::uint64_t> seed = {});
/// A run of a cell as its seed draws it.
Reproduction reproduction_of(const ResolvedCell& cell, std::uint64_t seed);
/// The same run, for who only runs it: the clients draw their rounds as they go. Spares the run
/// that finds them out.
Reproduction as_drawn(const ResolvedCell& cell, std::uint64_t seed);

/// The run as a file holds it, recorded by running it once.
Incident incident_of(const Reproduction& run, const std::string& engine_version);

/// The property to speak of where a run violates several: two that worked at once, then what came
/// of it, then what led to it. None if it violates none.
std::optional<checkers::Property> worst_of(const checkers::RunVerdicts& verdicts);

/// What became of a run that was recorded.
struct Comparison {
  enum class Outcome : std::uint8_t { reproduced, edited, diverged, other_version };
  Outcome outcome = Outcome::reproduced;
  std::optional<TrailFollower::Parting> parting;  ///< of one that diverged, if the trail tells
  /// The properties whose verdict is another than recorded.
  std::vector<checkers::Property> changed;
};

/// REQUIRES: the run was recorded, and `follower` followed the run of `result` on its trail.
Comparison compare(const Reproduction& run, const RunResult& result, const TrailFollower& follower);

}  // namespace leasehold::scenarios
