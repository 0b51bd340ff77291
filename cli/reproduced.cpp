#include "cli/reproduced.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "checkers/property_name.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"
#include "scenarios/counterfactual/rerun.hpp"

namespace leasehold::cli {
namespace {

using checkers::Property;
using checkers::Verdict;

std::optional<Property> property_of(const std::string& word) {
  const auto& names = checkers::kPropertyNames;
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) return std::nullopt;
  return static_cast<Property>(found - names.begin());
}

/// The worst of what the scenario says must be violated, where it says so; or else of all.
std::optional<Property> worst_of(const scenarios::ResolvedCell& cell,
                                 const checkers::RunVerdicts& verdicts) {
  checkers::RunVerdicts expected = verdicts;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto& share = cell.row().expect ? cell.row().expect->shares[i] : std::nullopt;
    if (share && share->at_least_per_mille > 0) continue;
    expected[static_cast<Property>(i)].verdict = Verdict::holds;
  }
  const std::optional<Property> worst = scenarios::worst_of(expected);
  return worst ? worst : scenarios::worst_of(verdicts);
}

std::vector<std::string> violated_in(const scenarios::RunResult& result) {
  std::vector<std::string> violated;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    if (scenarios::verdict_on(result, property) != Verdict::violated) continue;
    violated.emplace_back(checkers::property_name(property));
  }
  return violated;
}

/// A story without a seed is told by many runs, and this one was nobody's choice.
bool leaves_the_seed_open(const RunNamed& named) {
  const auto incident = scenarios::load_incident(named.run);
  return !named.seed && incident && !incident->seed;
}

/// Nothing is wrong with the run, or not what was asked about.
support::Diagnostics not_violated(const RunNamed& named, const scenarios::RunResult& result,
                                  std::optional<Property> asked) {
  const std::vector<std::string> violated = violated_in(result);
  const std::string what(asked ? checkers::property_name(*asked) : "any property");
  support::Diagnostic diagnostic;
  diagnostic.file = named.run;
  diagnostic.message = "does not violate " + what;
  if (leaves_the_seed_open(named)) {
    const std::string symptom(checkers::property_name(asked.value_or(Property::work_exclusion)));
    diagnostic.message += " with seed 0, which was taken because it says none";
    diagnostic.expected = "--seed N; leasehold search '" + named.run + "' --symptom " + symptom +
                          " finds those that do";
  } else if (violated.empty()) {
    diagnostic.message +=
        "; the longest wait for the lock is " +
        reports::duration_text(result.checker->acquisition().fairness.longest_wait_ns);
    diagnostic.expected = "a run with a violation; how long one waits, search and compare judge";
  } else {
    diagnostic.expected = "--symptom " + reports::joined(violated, " or ");
  }
  return {diagnostic};
}

support::Diagnostics says_its_seed(const scenarios::Reproduction& run) {
  support::Diagnostic diagnostic;
  diagnostic.file = "--seed";
  diagnostic.message = "is said by " + run.name + " itself: " + std::to_string(run.seed);
  diagnostic.expected = "it only with an incident that has none";
  return {diagnostic};
}

}  // namespace

support::Expected<Reproduced> reproduce(const App& app, const RunNamed& named) {
  auto run = scenarios::reproduction_of(app.algorithms, named.run, named.seed);
  if (!run) return run.error();
  if (named.seed && run->seed != *named.seed) return says_its_seed(*run);
  scenarios::Runner runner(run->cell.cell());
  const scenarios::RunResult result = runner.run(run->seed, run->plan);
  std::optional<Property> about = run->symptom;
  if (!named.symptom.empty()) about = property_of(named.symptom);
  if (!about) about = worst_of(run->cell, result.checker->verdicts());
  if (!about || scenarios::verdict_on(result, *about) != Verdict::violated) {
    return not_violated(named, result, about);
  }
  return Reproduced{*std::move(run), *about};
}

void add_reproduced(CLI::App& command, RunNamed& named) {
  command.add_option("RECIPE|FILE", named.run, "lh1:…, as leasehold printed it, or an incident")
      ->required();
  const std::vector<std::string> names(checkers::kPropertyNames.begin(),
                                       checkers::kPropertyNames.end());
  command.add_option("--symptom", named.symptom, "the violated property that it is about")
      ->check(CLI::IsMember(names).description("PROPERTY"));
  command.add_option("--seed", named.seed, "of an incident that has none (default: 0)")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
}

}  // namespace leasehold::cli
