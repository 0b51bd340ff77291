#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/algorithm.hpp"
#include "scenarios/load.hpp"
#include "scenarios/recipe.hpp"
#include "scenarios/run.hpp"
#include "support/expected.hpp"

namespace leasehold::scenarios {

/// What a user asks to be run, as typed.
struct Selection {
  std::vector<std::string> scenarios;  ///< library names, collections, truths or paths
  /// Ids or globs; empty: those that the scenario names. A truth is one of those that it names, and
  /// so is told of those among them only.
  std::vector<std::string> algorithms;
  std::vector<std::string> settings;  ///< `PATH=VALUE`, as for `--set`
  /// As `settings` and before them; those of algorithms that are not run are let pass.
  std::vector<std::string> presets = {};
};

/// A cell with everything it needs, and the way to name its runs.
class ResolvedCell {
 public:
  const Cell& cell() const { return cell_; }
  const Scenario& scenario() const { return row_->scenario; }
  const LabelledScenario& row() const { return *row_; }
  const models::AlgorithmInfo& algorithm() const { return cell_.algorithm->info(); }
  /// The scenario's name, and the label of its variant if it has several.
  const std::string& label() const { return label_; }
  Recipe recipe(std::uint64_t seed) const;
  /// The parameters as the result file has them, fencing included.
  std::map<std::string, std::string> parameters() const;

 private:
  friend class Resolver;

  std::shared_ptr<const LabelledScenario> row_;
  Cell cell_;
  std::string label_;
  Recipe recipe_;
};

/// Turns what a user asked for into cells, in the order of the scenarios and, within each, of the
/// algorithms. All that is wrong is told at once.
support::Expected<std::vector<ResolvedCell>> resolve(const models::AlgorithmRegistry& registry,
                                                     const Selection& selection);

/// The one cell of a recipe. A digest that does not fit tells what has changed since.
support::Expected<ResolvedCell> resolve(const models::AlgorithmRegistry& registry,
                                        const Recipe& recipe);

/// A cell put together of its parts. `parameters` as ResolvedCell::parameters() has them; those not
/// named are the algorithm's own, whatever the scenario says of them. Its recipe tells nobody more
/// than the scenario's name.
support::Expected<ResolvedCell> resolve(const models::AlgorithmRegistry& registry,
                                        const Scenario& scenario, const std::string& algorithm,
                                        const std::map<std::string, std::string>& parameters);

/// The names that scenario files may use.
Vocabulary vocabulary_of(const models::AlgorithmRegistry& registry);

}  // namespace leasehold::scenarios
