#include "cli/reproduced.hpp"

#include <algorithm>
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

/// Nothing is wrong with the run, or not what was asked about.
support::Diagnostics not_violated(const std::string& run, const scenarios::RunResult& result,
                                  std::optional<Property> asked) {
  std::vector<std::string> violated;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const auto property = static_cast<Property>(i);
    if (scenarios::verdict_on(result, property) != Verdict::violated) continue;
    violated.emplace_back(checkers::property_name(property));
  }
  support::Diagnostic diagnostic;
  diagnostic.file = run;
  diagnostic.message = "does not violate " + (asked ? std::string(checkers::property_name(*asked))
                                                    : std::string("any property"));
  if (violated.empty()) {
    diagnostic.message +=
        "; the longest wait for the lock is " +
        reports::duration_text(result.checker->acquisition().fairness.longest_wait_ns);
    diagnostic.expected = "a run with a violation; how long one waits, search and compare judge";
  } else {
    diagnostic.expected = "--symptom " + reports::joined(violated, " or ");
  }
  return {diagnostic};
}

}  // namespace

support::Expected<Reproduced> reproduce(const App& app, const std::string& recipe_or_file,
                                        const std::string& symptom) {
  auto run = scenarios::reproduction_of(app.algorithms, recipe_or_file);
  if (!run) return run.error();
  scenarios::Runner runner(run->cell.cell());
  const scenarios::RunResult result = runner.run(run->seed, run->plan);
  std::optional<Property> about = run->symptom;
  if (!symptom.empty()) about = property_of(symptom);
  if (!about) about = worst_of(run->cell, result.checker->verdicts());
  if (!about || scenarios::verdict_on(result, *about) != Verdict::violated) {
    return not_violated(recipe_or_file, result, about);
  }
  return Reproduced{*std::move(run), *about};
}

void add_reproduced(CLI::App& command, std::string& recipe_or_file, std::string& symptom) {
  command
      .add_option("RECIPE|FILE", recipe_or_file, "lh1:…, as leasehold printed it, or an incident")
      ->required();
  const std::vector<std::string> names(checkers::kPropertyNames.begin(),
                                       checkers::kPropertyNames.end());
  command.add_option("--symptom", symptom, "the violated property that it is about")
      ->check(CLI::IsMember(names).description("PROPERTY"));
}

}  // namespace leasehold::cli
