#include "scenarios/resolve.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/collection.hpp"
#include "scenarios/glob.hpp"
#include "scenarios/words.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::scenarios {
namespace {

using models::Algorithm;
using models::AlgorithmRegistry;
using support::Diagnostic;
using support::Diagnostics;
using support::Expected;

constexpr std::string_view kFencing = "fencing";
/// `--set scenario.variant=LABEL` picks one row of a scenario that has several.
constexpr std::string_view kVariant = "variant";
/// `--set scenario.defaults=vendor` takes each library's own lease and retry: `--defaults vendor`.
constexpr std::string_view kDefaults = "defaults";
constexpr std::string_view kVendor = "vendor";

bool is_of_selection(std::string_view path) { return path == kVariant || path == kDefaults; }

std::string nearest(const std::string& word, const std::vector<std::string>& words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  return support::nearest_word(word, views);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < words.size(); ++i) text += (i > 0 ? ", " : "") + words[i];
  return text;
}

Diagnostic unknown(const std::string& where, const std::string& what, const std::string& word,
                   const std::vector<std::string>& known) {
  Diagnostic diagnostic;
  diagnostic.file = where;
  diagnostic.message = "unknown " + what + " " + support::quoted(word);
  diagnostic.nearest = nearest(word, known);
  diagnostic.expected = joined(known);
  return diagnostic;
}

std::vector<std::string> ids(const AlgorithmRegistry& registry) {
  std::vector<std::string> all;
  for (const auto& algorithm : registry.all()) all.push_back(algorithm->info().id);
  return all;
}

/// A `--set` of an algorithm's parameter.
struct ParameterSetting {
  std::string text;    ///< as typed
  std::string target;  ///< an id or a glob
  std::string name;
  std::string value;
};

struct Settings {
  Recipe::Settings scenario;
  std::vector<ParameterSetting> parameters;
};

Expected<Settings> split(const std::vector<std::string>& typed) {
  Settings settings;
  Diagnostics problems;
  for (const std::string& text : typed) {
    const std::size_t equals = text.find('=');
    const std::size_t dot = text.find('.');
    if (equals == std::string::npos || dot == std::string::npos || dot > equals) {
      Diagnostic diagnostic;
      diagnostic.file = "--set " + text;
      diagnostic.message = "is not a setting";
      diagnostic.expected = "algorithm.parameter=value or scenario.path=value";
      problems.push_back(diagnostic);
      continue;
    }
    const std::string target = text.substr(0, dot);
    const std::string name = text.substr(dot + 1, equals - dot - 1);
    const std::string value = text.substr(equals + 1);
    if (target == "scenario") {
      settings.scenario[name] = value;
    } else {
      settings.parameters.push_back({text, target, name, value});
    }
  }
  if (!problems.empty()) return problems;
  return settings;
}

}  // namespace

/// The way from words to cells, collecting problems as it goes.
class Resolver {
 public:
  explicit Resolver(const AlgorithmRegistry& registry) : registry_(registry) {}

  std::vector<ResolvedCell> cells_of(const std::string& scenario, const Selection& selection,
                                     const Settings& settings) {
    std::vector<ResolvedCell> cells;
    const auto loaded = load_scenario(scenario, vocabulary_of(registry_));
    if (!loaded) {
      append(loaded.error());
      return cells;
    }
    Scenario changed = *loaded;
    for (const auto& [path, value] : settings.scenario) {
      if (is_of_selection(path)) continue;
      append(apply_override(changed, path, value, vocabulary_of(registry_)));
    }
    const auto variants = expand_variants(changed, vocabulary_of(registry_));
    if (!variants) {
      append(variants.error());
      return cells;
    }
    const auto only = settings.scenario.find(std::string(kVariant));
    for (const LabelledScenario& variant : *variants) {
      if (only != settings.scenario.end() && only->second != variant.label) continue;
      const auto row = std::make_shared<const LabelledScenario>(variant);
      const std::string& name = row->scenario.name;
      for (const Algorithm* algorithm : chosen(*row, selection)) {
        ResolvedCell cell;
        cell.row_ = row;
        cell.label_ = variant.label.empty() ? name : name + "/" + variant.label;
        cell.recipe_.scenario = scenario;
        cell.recipe_.overrides = settings.scenario;
        if (!variant.label.empty()) cell.recipe_.overrides[std::string(kVariant)] = variant.label;
        cell.recipe_.algorithm = algorithm->info().id;
        fill(cell, *algorithm, settings);
        cells.push_back(std::move(cell));
      }
    }
    return cells;
  }

  /// REQUIRES: the algorithm is known.
  ResolvedCell cell_of(const Scenario& scenario, const Algorithm& algorithm,
                       const std::map<std::string, std::string>& parameters) {
    const auto row = std::make_shared<LabelledScenario>();
    row->scenario = scenario;
    row->scenario.parameters.erase(algorithm.info().id);
    Settings settings;
    for (const auto& [name, value] : parameters) {
      if (name == kDefaults) {
        settings.scenario[name] = value;
        continue;
      }
      settings.parameters.push_back(
          {algorithm.info().id + '.' + name + '=' + value, algorithm.info().id, name, value});
    }
    ResolvedCell cell;
    cell.row_ = row;
    cell.label_ = scenario.name;
    cell.recipe_.scenario = scenario.name;
    cell.recipe_.algorithm = algorithm.info().id;
    fill(cell, algorithm, settings);
    return cell;
  }

  /// A setting that no cell took is a mistake, unless it may be about what is not run.
  void check_used(const Settings& settings, const std::vector<std::string>& may_be_idle) {
    for (const ParameterSetting& setting : settings.parameters) {
      if (used_.contains(setting.text)) continue;
      std::vector<std::string> known = ids(registry_);
      const bool exists = std::any_of(known.begin(), known.end(), [&](const std::string& id) {
        return matches(setting.target, id);
      });
      if (!exists) {
        known.emplace_back("scenario");
        problems_.push_back(unknown("--set " + setting.text, "algorithm", setting.target, known));
      } else if (std::find(may_be_idle.begin(), may_be_idle.end(), setting.text) ==
                 may_be_idle.end()) {
        Diagnostic diagnostic;
        diagnostic.file = "--set " + setting.text;
        diagnostic.message = "is about " + setting.target + ", which is not run";
        diagnostic.expected = "it among the algorithms";
        problems_.push_back(diagnostic);
      }
    }
  }

  const Diagnostics& problems() const { return problems_; }

 private:
  void append(const Diagnostics& more) {
    problems_.insert(problems_.end(), more.begin(), more.end());
  }

  std::vector<const Algorithm*> chosen(const LabelledScenario& row, const Selection& selection) {
    std::vector<const Algorithm*> algorithms;
    const std::vector<std::string>& named = row.scenario.algorithms;
    const std::vector<std::string>& words =
        selection.algorithms.empty() ? named : selection.algorithms;
    for (const std::string& word : words) {
      bool found = false;
      for (const auto& algorithm : registry_.all()) {
        if (!matches(word, algorithm->info().id)) continue;
        found = true;
        const bool is_named =
            std::find(named.begin(), named.end(), algorithm->info().id) != named.end();
        if (row.expect && !is_named) continue;
        const bool twice =
            std::find(algorithms.begin(), algorithms.end(), algorithm.get()) != algorithms.end();
        if (!twice) algorithms.push_back(algorithm.get());
      }
      if (!found) problems_.push_back(unknown("--algorithms", "algorithm", word, ids(registry_)));
    }
    return algorithms;
  }

  void fill(ResolvedCell& cell, const Algorithm& algorithm, const Settings& settings) {
    const Scenario& scenario = cell.scenario();
    cell.cell_.scenario = &scenario;
    cell.cell_.algorithm = &algorithm;
    cell.cell_.parameters = models::Parameters(algorithm.info().parameters);
    std::optional<std::string> fencing;
    if (const auto own = scenario.parameters.find(algorithm.info().id);
        own != scenario.parameters.end()) {
      for (const auto& [name, value] : own->second) {
        set(cell, scenario.name, name, value, fencing);
      }
    }
    for (const ParameterSetting& setting : settings.parameters) {
      if (!matches(setting.target, algorithm.info().id)) continue;
      used_.insert(setting.text);
      if (set(cell, "--set " + setting.text, setting.name, setting.value, fencing)) {
        cell.recipe_.parameters[setting.name] = setting.value;
      }
    }
    set_defaults(cell, settings);
    set_fencing(cell, fencing);
    std::string parameters;
    for (const auto& [name, value] : cell.parameters()) parameters += name + '=' + value + ',';
    cell.recipe_.digest = RecipeDigest::of(canonical_json(scenario), parameters);
  }

  bool set(ResolvedCell& cell, const std::string& where, const std::string& name,
           const std::string& value, std::optional<std::string>& fencing) {
    if (name == kFencing) {
      fencing = value;
      return true;
    }
    const std::vector<models::ParameterInfo>& declared = cell.algorithm().parameters;
    const auto knob = std::find_if(declared.begin(), declared.end(),
                                   [&name](const auto& info) { return info.name == name; });
    if (knob == declared.end()) {
      std::vector<std::string> known{std::string(kFencing)};
      for (const models::ParameterInfo& info : declared) known.push_back(info.name);
      problems_.push_back(unknown(where, "parameter of " + cell.algorithm().id, name, known));
      return false;
    }
    if (const std::string expected = models::check(*knob, value); !expected.empty()) {
      Diagnostic diagnostic;
      diagnostic.file = where;
      diagnostic.message = support::quoted(value) + " does not suit " + name;
      diagnostic.nearest = nearest(value, knob->choices);
      diagnostic.expected = expected;
      problems_.push_back(diagnostic);
      return false;
    }
    cell.cell_.parameters.set(name, value);
    return true;
  }

  void set_defaults(ResolvedCell& cell, const Settings& settings) {
    const auto asked = settings.scenario.find(std::string(kDefaults));
    if (asked == settings.scenario.end()) return;
    Diagnostic diagnostic;
    diagnostic.file = "--defaults " + asked->second;
    if (asked->second != kVendor && asked->second != "scenario") {
      diagnostic.message = "says where no defaults come from";
      diagnostic.expected = "scenario or vendor";
    } else if (asked->second == kVendor) {
      const models::Setting setting = setting_of(cell.scenario());
      cell.cell_.vendor_defaults =
          cell.cell_.algorithm->vendor_setting(setting, cell.cell_.parameters).has_value();
      if (cell.cell_.vendor_defaults) return;
      diagnostic.message = cell.algorithm().id + " has none of its own: its callers choose";
      diagnostic.expected = "others with --algorithms, " + joined(with_vendor_defaults(setting)) +
                            ", or redlock.client=node-redlock-5b2 or redlock-py";
    } else {
      return;
    }
    if (std::find(problems_.begin(), problems_.end(), diagnostic) == problems_.end()) {
      problems_.push_back(diagnostic);
    }
  }

  std::vector<std::string> with_vendor_defaults(const models::Setting& setting) const {
    std::vector<std::string> all;
    for (const auto& algorithm : registry_.all()) {
      const models::Parameters usual(algorithm->info().parameters);
      if (algorithm->vendor_setting(setting, usual)) all.push_back(algorithm->info().id);
    }
    return all;
  }

  // A lock without a token runs unfenced whatever the scenario says; asking for it by name is a
  // mistake.
  void set_fencing(ResolvedCell& cell, const std::optional<std::string>& asked) {
    const bool has_token =
        cell.cell_.algorithm->deploy(setting_of(cell.scenario()), cell.cell_.parameters)
            ->has_token();
    if (!asked) {
      cell.cell_.fencing = has_token ? cell.scenario().fencing : Fencing::off;
      return;
    }
    const auto& words = WordList<Fencing>::kWords;
    const auto word = std::find(words.begin(), words.end(), *asked);
    Diagnostic diagnostic;
    diagnostic.file = "--set " + cell.algorithm().id + ".fencing=" + *asked;
    if (word == words.end()) {
      diagnostic.message = support::quoted(*asked) + " does not suit fencing";
      diagnostic.expected = "one of off, on, write-only";
      problems_.push_back(diagnostic);
      return;
    }
    cell.cell_.fencing = static_cast<Fencing>(word - words.begin());
    if (cell.cell_.fencing == Fencing::off || has_token) return;
    diagnostic.message = cell.algorithm().id + " has no token to fence with";
    diagnostic.expected = cell.algorithm().token;
    problems_.push_back(diagnostic);
  }

  const AlgorithmRegistry& registry_;
  std::set<std::string> used_;
  Diagnostics problems_;
};

std::map<std::string, std::string> ResolvedCell::parameters() const {
  std::map<std::string, std::string> all(cell_.parameters.values().begin(),
                                         cell_.parameters.values().end());
  all[std::string(kFencing)] =
      std::string(WordList<Fencing>::kWords[static_cast<std::size_t>(cell_.fencing)]);
  if (cell_.vendor_defaults) all[std::string(kDefaults)] = kVendor;
  return all;
}

Recipe ResolvedCell::recipe(std::uint64_t seed) const {
  Recipe recipe = recipe_;
  recipe.seed = seed;
  return recipe;
}

Expected<std::vector<ResolvedCell>> resolve(const AlgorithmRegistry& registry,
                                            const Selection& selection) {
  std::vector<std::string> all = selection.presets;
  all.insert(all.end(), selection.settings.begin(), selection.settings.end());
  const auto settings = split(all);
  if (!settings) return settings.error();
  Resolver resolver(registry);
  std::vector<ResolvedCell> cells;
  for (const std::string& scenario : expand_collections(selection.scenarios)) {
    for (ResolvedCell& cell : resolver.cells_of(scenario, selection, *settings)) {
      cells.push_back(std::move(cell));
    }
  }
  resolver.check_used(*settings, selection.presets);
  if (!resolver.problems().empty()) return resolver.problems();
  return cells;
}

Expected<ResolvedCell> resolve(const AlgorithmRegistry& registry, const Scenario& scenario,
                               const std::string& algorithm,
                               const std::map<std::string, std::string>& parameters) {
  const Algorithm* known = registry.find(algorithm);
  if (known == nullptr) {
    return Diagnostics{unknown("algorithm", "algorithm", algorithm, ids(registry))};
  }
  Resolver resolver(registry);
  ResolvedCell cell = resolver.cell_of(scenario, *known, parameters);
  if (!resolver.problems().empty()) return resolver.problems();
  return cell;
}

Expected<ResolvedCell> resolve(const AlgorithmRegistry& registry, const Recipe& recipe) {
  Selection selection;
  selection.scenarios = {recipe.scenario};
  selection.algorithms = {recipe.algorithm};
  for (const auto& [path, value] : recipe.overrides) {
    selection.settings.push_back("scenario." + path + '=' + value);
  }
  for (const auto& [name, value] : recipe.parameters) {
    selection.settings.push_back(recipe.algorithm + '.' + name + '=' + value);
  }
  const auto cells = resolve(registry, selection);
  if (!cells) return cells.error();
  if (cells->empty()) {
    Diagnostic none;
    none.file = "recipe";
    none.message = "names a variant that " + recipe.scenario + " does not have";
    return Diagnostics{none};
  }
  const ResolvedCell& cell = cells->front();
  const RecipeDigest now = *cell.recipe(recipe.seed).digest;
  if (!recipe.digest || *recipe.digest == now) return cell;
  Diagnostic diagnostic;
  diagnostic.file = "recipe";
  diagnostic.message =
      "was made for another " + std::string(recipe.digest->version != now.version ? "replay version"
                                            : recipe.digest->scenario != now.scenario
                                                ? "scenario of that name"
                                                : "set of parameters");
  diagnostic.expected = "digest " + now.text() + ", got " + recipe.digest->text() +
                        "; leave the digest out to run it all the same";
  return Diagnostics{diagnostic};
}

Vocabulary vocabulary_of(const AlgorithmRegistry& registry) {
  Vocabulary vocabulary;
  for (const auto& algorithm : registry.all()) {
    vocabulary.algorithms.insert(algorithm->info().id);
    auto& names = vocabulary.parameters[algorithm->info().id];
    names.insert(std::string(kFencing));
    for (const models::ParameterInfo& knob : algorithm->info().parameters) names.insert(knob.name);
  }
  return vocabulary;
}

}  // namespace leasehold::scenarios
