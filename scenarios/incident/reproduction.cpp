#include "scenarios/incident/reproduction.hpp"

#include <array>
#include <utility>

#include "checkers/property_name.hpp"

namespace leasehold::scenarios {

using checkers::Property;
using checkers::Verdict;
using support::Diagnostic;
using support::Diagnostics;
using support::Expected;

namespace {

/// `lh` and a version; not what files are called.
bool looks_like_a_recipe(const std::string& text) {
  const std::size_t colon = text.find(':');
  return text.starts_with("lh") && colon != std::string::npos && colon > 2 &&
         text.find_first_not_of("0123456789", 2) == colon;
}

std::string title_of(const ResolvedCell& cell, std::optional<Property> symptom) {
  std::string what = cell.algorithm().id + " on " + cell.label();
  if (!symptom) return what;
  return what + ": " + std::string(checkers::property_name(*symptom)) + " violated";
}

/// A file that cannot be read may have been meant for something else.
Diagnostics unreadable(Diagnostics diagnostics) {
  for (Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.line == 0) diagnostic.expected = "a recipe line (lh1:…) or an incident file";
  }
  return diagnostics;
}

Diagnostics told_of(Diagnostics diagnostics, const std::string& file) {
  for (Diagnostic& diagnostic : diagnostics) diagnostic.file = file + ": " + diagnostic.file;
  return diagnostics;
}

}  // namespace

Expected<Reproduction> reproduction_of(const models::AlgorithmRegistry& registry,
                                       const std::string& recipe_or_file,
                                       std::optional<std::uint64_t> seed) {
  if (!looks_like_a_recipe(recipe_or_file)) {
    const auto incident = load_incident(recipe_or_file);
    if (!incident) return unreadable(incident.error());
    return reproduction_of(registry, *incident, recipe_or_file, seed);
  }
  const auto recipe = Recipe::parse(recipe_or_file);
  if (!recipe) return recipe.error();
  const auto cell = resolve(registry, *recipe);
  if (!cell) return cell.error();
  return reproduction_of(*cell, recipe->seed);
}

Expected<Reproduction> reproduction_of(const models::AlgorithmRegistry& registry,
                                       const Incident& incident, const std::string& file,
                                       std::optional<std::uint64_t> seed) {
  const auto cell = resolve(registry, incident.scenario, incident.algorithm, incident.parameters);
  if (!cell) return told_of(cell.error(), file);
  Reproduction run;
  run.cell = *cell;
  run.seed = incident.seed.value_or(seed.value_or(0));
  run.symptom = incident.symptom;
  run.name = file;
  run.title = incident.title;
  run.story = incident.story;
  run.recorded = incident.recorded;
  run.edited = incident.recorded && incident.recorded->inputs != inputs_digest(incident);
  run.plan.faults = incident.plan ? *incident.plan : draw_fault_plan(run.cell.scenario(), run.seed);
  run.plan.workload =
      incident.rounds ? *incident.rounds : draw_rounds(run.cell.cell(), run.seed, run.plan.faults);
  return run;
}

Reproduction as_drawn(const ResolvedCell& cell, std::uint64_t seed) {
  Reproduction run;
  run.cell = cell;
  run.seed = seed;
  run.plan.faults = draw_fault_plan(cell.scenario(), seed);
  run.name = cell.recipe(seed).text();
  return run;
}

Reproduction reproduction_of(const ResolvedCell& cell, std::uint64_t seed) {
  Reproduction run = as_drawn(cell, seed);
  run.plan.workload = draw_rounds(cell.cell(), seed, run.plan.faults);
  return run;
}

Incident incident_of(const Reproduction& run, const std::string& engine_version) {
  TrailSink trail;
  WorkloadPlan rounds;
  Onlookers onlookers;
  onlookers.trace = &trail;
  onlookers.rounds = &rounds;
  Runner runner(run.cell.cell());
  const RunResult result = runner.run(run.seed, run.plan, onlookers);
  const checkers::RunVerdicts& verdicts = result.checker->verdicts();

  Incident incident;
  incident.story = run.story;
  incident.algorithm = run.cell.algorithm().id;
  incident.parameters = run.cell.parameters();
  incident.scenario = run.cell.scenario();
  incident.seed = run.seed;
  incident.plan = run.plan.faults;
  if (run.plan.workload) rounds = *run.plan.workload;  // those never reached too
  if (fit_a_file(rounds)) incident.rounds = rounds;
  incident.symptom = run.symptom ? run.symptom : worst_of(verdicts);
  incident.title = run.title.empty() ? title_of(run.cell, incident.symptom) : run.title;
  incident.recorded = Recording{kReplayVersion,
                                engine_version,
                                inputs_digest(incident),
                                result.digest,
                                static_cast<std::uint32_t>(result.events),
                                RecordedVerdicts::from(verdicts),
                                trail.trail()};
  return incident;
}

std::optional<Property> worst_of(const checkers::RunVerdicts& verdicts) {
  constexpr std::array<Property, checkers::kPropertyCount> kWorstFirst{
      Property::work_exclusion,  Property::effect_safety, Property::belief_exclusion,
      Property::grant_exclusion, Property::linearizable,  Property::progress,
      Property::frequency};
  for (const Property property : kWorstFirst) {
    if (verdicts[property].verdict == Verdict::violated) return property;
  }
  return std::nullopt;
}

Comparison compare(const Reproduction& run, const RunResult& result,
                   const TrailFollower& follower) {
  const Recording& recorded = *run.recorded;
  Comparison comparison;
  const RecordedVerdicts now = RecordedVerdicts::from(result.checker->verdicts());
  for (std::size_t i = 0; i < now.of.size(); ++i) {
    if (recorded.verdicts.of[i] && recorded.verdicts.of[i] != now.of[i]) {
      comparison.changed.push_back(static_cast<Property>(i));
    }
  }
  if (recorded.digest == result.digest) return comparison;
  comparison.outcome = recorded.replay_version != kReplayVersion
                           ? Comparison::Outcome::other_version
                       : run.edited ? Comparison::Outcome::edited
                                    : Comparison::Outcome::diverged;
  comparison.parting = follower.parting();
  return comparison;
}

}  // namespace leasehold::scenarios
