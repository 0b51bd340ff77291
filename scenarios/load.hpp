#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/json/located_value.hpp"
#include "scenarios/scenario.hpp"
#include "support/expected.hpp"

/// Scenario files: in, out, and changed by a flag. What is wrong with one is told with file, line,
/// column, JSON pointer, what was expected and the nearest valid word, up to ten problems at once.
namespace leasehold::scenarios {

/// The algorithms and services there are, with the names of their parameters. Names that are not in
/// it are problems of the file. An empty one checks nothing.
struct Vocabulary {
  std::set<std::string, std::less<>> algorithms;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> parameters;
};

/// A path (it has a `/` or ends in `.json`), or the name of a library scenario or a known truth.
support::Expected<Scenario> load_scenario(const std::string& path_or_name,
                                          const Vocabulary& vocabulary = {});

/// `file` is for the diagnostics.
support::Expected<Scenario> parse_scenario(std::string_view text, const std::string& file,
                                           const Vocabulary& vocabulary = {});

/// A scenario that stands in another file; places and pointers are those of the value.
support::Expected<Scenario> scenario_of(const LocatedValue& root, const std::string& file,
                                        const Vocabulary& vocabulary = {});

/// The one text of a scenario, which recipes digest: a line of JSON, all keys in a fixed order, all
/// defaults written out. Parsing it gives an equal scenario.
std::string canonical_json(const Scenario& scenario);

/// What `--set scenario.PATH=VALUE` does. PATH has dots between keys; an entry of `faults` goes by
/// its id or its position: `lease`, `workload.period`, `faults.pause.duration`. VALUE is JSON, or
/// else a string: `30s`, `5`, `{"uniform": ["1s", "2s"]}`. Lengths given in leases follow a new
/// lease. Setting a `kind` puts the object's other keys back to the defaults of that kind.
/// The diagnostics are empty if it is done, else the scenario is as it was.
support::Diagnostics apply_override(Scenario& scenario, const std::string& path,
                                    const std::string& value, const Vocabulary& vocabulary = {});

/// A scenario to run, and the row it fills.
struct LabelledScenario {
  std::string label;                  ///< empty if the scenario has no variants
  Scenario scenario;                  ///< without variants
  std::optional<Expectation> expect;  ///< of a variant
  std::string misses;                 ///< as in Variant
};

/// The scenarios that one stands for: itself, or each of its variants.
support::Expected<std::vector<LabelledScenario>> expand_variants(const Scenario& scenario,
                                                                 const Vocabulary& vocabulary = {});

}  // namespace leasehold::scenarios
