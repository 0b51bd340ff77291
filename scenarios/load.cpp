#include "scenarios/load.hpp"

#include <algorithm>

#include "scenarios/collection.hpp"
#include "scenarios/format/check.hpp"
#include "scenarios/format/object_reader.hpp"
#include "scenarios/format/override.hpp"
#include "scenarios/format/walk.hpp"
#include "scenarios/format/write_value.hpp"
#include "scenarios/library.hpp"
#include "support/nearest_word.hpp"
#include "support/read_file.hpp"

namespace leasehold::scenarios {
namespace {

using support::Diagnostics;
using support::quoted;

/// A fault without an id is named after its kind; the second of a kind is `pause-2`, and so on.
void name_faults(Scenario& scenario) {
  std::set<std::string> taken;
  for (const FaultTemplate& fault : scenario.faults) taken.insert(fault.id);
  for (FaultTemplate& fault : scenario.faults) {
    if (!fault.id.empty()) continue;
    const std::string kind(word(fault.kind));
    fault.id = kind;
    for (int n = 2; !taken.insert(fault.id).second; ++n) fault.id = kind + "-" + std::to_string(n);
  }
}

template <class Names>
void check_name(const std::string& name, const Names& known, const char* what, const Site& site) {
  std::vector<std::string_view> words;
  for (const auto& entry : known) {
    if constexpr (requires { entry.first; }) {
      words.push_back(entry.first);
    } else {
      words.push_back(entry);
    }
  }
  if (words.empty() || std::find(words.begin(), words.end(), name) != words.end()) return;
  site.fail("unknown " + std::string(what) + " " + quoted(name), format::listed(words),
            support::nearest_word(name, words));
}

void check_vocabulary(const Scenario& scenario, const Vocabulary& vocabulary,
                      const LocatedValue& root, Problems& problems) {
  if (vocabulary.algorithms.empty()) return;
  const auto site_of = [&](LocatedValue& at, const std::string& pointer) -> Site {
    at.place = place_of(root, pointer);
    return {at, pointer, problems};
  };
  LocatedValue at;
  for (std::size_t i = 0; i < scenario.algorithms.size(); ++i) {
    check_name(scenario.algorithms[i], vocabulary.algorithms, "algorithm",
               site_of(at, pointer_to("/algorithms", i)));
  }
  for (std::size_t i = 0; i < scenario.variants.size(); ++i) {
    const std::string pointer = pointer_to("/variants", i) + "/algorithms";
    for (std::size_t n = 0; n < scenario.variants[i].algorithms.size(); ++n) {
      check_name(scenario.variants[i].algorithms[n], vocabulary.algorithms, "algorithm",
                 site_of(at, pointer_to(pointer, n)));
    }
  }
  for (const auto& [owner, values] : scenario.parameters) {
    const std::string pointer = pointer_to("/parameters", owner);
    check_name(owner, vocabulary.parameters, "algorithm or service", site_of(at, pointer));
    const auto known = vocabulary.parameters.find(owner);
    if (known == vocabulary.parameters.end()) continue;
    for (const auto& [key, value] : values) {
      check_name(key, known->second, "parameter", site_of(at, pointer_to(pointer, key)));
    }
  }
}

void check_variants(const Scenario& scenario, const Vocabulary& vocabulary,
                    const LocatedValue& root, Problems& problems) {
  const auto expanded = expand_variants(scenario, vocabulary);
  if (expanded) return;
  for (const support::Diagnostic& diagnostic : expanded.error()) {
    problems.add(place_of(root, diagnostic.pointer), diagnostic.pointer, diagnostic.message,
                 diagnostic.expected, diagnostic.nearest);
  }
}

Scenario without_variants(const Scenario& scenario) {
  Scenario plain = scenario;
  plain.variants.clear();
  return plain;
}

/// A flag may hold bytes that are no UTF-8.
std::string text_of(const format::Json& json) {
  return json.dump(-1, ' ', false, format::Json::error_handler_t::replace);
}

bool looks_like_a_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".json");
}

Diagnostics unknown_scenario(const std::string& name) {
  std::vector<std::string_view> names;
  for (const LibraryFile& file : library_files()) names.push_back(file.name);
  names.push_back(kApproaches);
  for (const LibraryFile& file : truth_files()) names.push_back(file.name);
  names.push_back(kKnownTruths);
  support::Diagnostic diagnostic;
  diagnostic.message = "there is no library scenario " + quoted(name);
  diagnostic.nearest = support::nearest_word(name, names);
  diagnostic.expected = "a path of a .json file or one of " + format::listed(names);
  return {std::move(diagnostic)};
}

}  // namespace

support::Expected<Scenario> parse_scenario(std::string_view text, const std::string& file,
                                           const Vocabulary& vocabulary) {
  const auto root = parse_located(text, file);
  if (!root) return root.error();
  return scenario_of(*root, file, vocabulary);
}

support::Expected<Scenario> scenario_of(const LocatedValue& root, const std::string& file,
                                        const Vocabulary& vocabulary) {
  Problems problems(file);
  Scenario scenario;
  format::read_file_object({root, "", problems}, scenario);
  if (problems.count() == 0) {
    name_faults(scenario);
    format::check(scenario, root, problems);
    check_vocabulary(scenario, vocabulary, root, problems);
  }
  if (problems.count() == 0) check_variants(scenario, vocabulary, root, problems);
  if (problems.count() > 0) return problems.take();
  return scenario;
}

support::Expected<Scenario> load_scenario(const std::string& path_or_name,
                                          const Vocabulary& vocabulary) {
  if (looks_like_a_path(path_or_name)) {
    const auto text = support::read_file(path_or_name, JsonLimits{}.bytes);
    if (!text) return text.error();
    return parse_scenario(*text, path_or_name, vocabulary);
  }
  const LibraryFile* file = find_file(library_files(), path_or_name);
  if (file == nullptr) file = find_file(truth_files(), path_or_name);
  if (file == nullptr) return unknown_scenario(path_or_name);
  return parse_scenario(file->text, path_or_name, vocabulary);
}

std::string canonical_json(const Scenario& scenario) {
  return format::write_object(scenario).dump();
}

Diagnostics apply_override(Scenario& scenario, const std::string& path, const std::string& value,
                           const Vocabulary& vocabulary) {
  const std::string flag = "--set scenario." + path;
  const auto changed = format::with_value_at(format::write_object(scenario), path, value);
  Diagnostics diagnostics;
  if (!changed) {
    diagnostics = {changed.error()};
  } else if (auto parsed = parse_scenario(text_of(*changed), flag, vocabulary)) {
    scenario = std::move(*parsed);
  } else {
    diagnostics = std::move(parsed).error();
  }
  for (support::Diagnostic& diagnostic : diagnostics) {
    diagnostic.file = flag;
    diagnostic.line = diagnostic.column = 0;  // of the canonical text, which nobody has seen
  }
  return diagnostics;
}

support::Expected<std::vector<LabelledScenario>> expand_variants(const Scenario& scenario,
                                                                 const Vocabulary& vocabulary) {
  std::vector<LabelledScenario> rows;
  Diagnostics wrong;
  for (std::size_t i = 0; i < scenario.variants.size(); ++i) {
    const Variant& variant = scenario.variants[i];
    LabelledScenario row{variant.label, without_variants(scenario), variant.expect, variant.misses};
    if (!variant.algorithms.empty()) row.scenario.algorithms = variant.algorithms;
    for (const auto& [path, value] : variant.set) {
      for (support::Diagnostic& diagnostic :
           apply_override(row.scenario, path, value, vocabulary)) {
        diagnostic.pointer = pointer_to(pointer_to("/variants", i) + "/set", path);
        wrong.push_back(std::move(diagnostic));
      }
    }
    rows.push_back(std::move(row));
  }
  if (!wrong.empty()) return wrong;
  if (rows.empty()) rows.push_back({"", scenario, {}, ""});
  return rows;
}

}  // namespace leasehold::scenarios
