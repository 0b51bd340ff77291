#include "scenarios/counterfactual/changes.hpp"

#include <algorithm>
#include <set>

#include "scenarios/library.hpp"
#include "scenarios/words.hpp"

namespace leasehold::scenarios {
namespace {

using models::ParameterInfo;
using Parameters = std::map<std::string, std::string>;

bool has_token(const ResolvedCell& cell) {
  return cell.cell()
      .algorithm->deploy(setting_of(cell.cell()), cell.cell().parameters)
      ->has_token();
}

bool is_number(const std::string& word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The other words; of numbers only the next ones.
std::vector<std::string> other_choices(const ParameterInfo& knob, const std::string& now) {
  std::vector<std::string> others;
  const bool numbers = std::all_of(knob.choices.begin(), knob.choices.end(), is_number);
  const auto place = std::find(knob.choices.begin(), knob.choices.end(), now);
  for (auto choice = knob.choices.begin(); choice != knob.choices.end(); ++choice) {
    const auto distance = choice < place ? place - choice : choice - place;
    if (distance == 0 || (numbers && distance > 1)) continue;
    others.push_back(*choice);
  }
  return others;
}

/// What the library's scenarios set a parameter of an algorithm to, variants included.
class NamedValues {
 public:
  NamedValues() {
    for (const LibraryFile& file : library_files()) read(file);
    for (const LibraryFile& file : truth_files()) read(file);
  }

  std::vector<std::string> of(const std::string& algorithm, const std::string& parameter) const {
    const auto found = values_.find(algorithm + "." + parameter);
    if (found == values_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }

 private:
  void read(const LibraryFile& file) {
    const auto scenario = parse_scenario(file.text, std::string(file.name));
    if (!scenario) return;
    for (const auto& [algorithm, parameters] : scenario->parameters) {
      for (const auto& [name, value] : parameters) values_[algorithm + "." + name].insert(value);
    }
    constexpr std::string_view kParameters = "parameters.";
    for (const Variant& variant : scenario->variants) {
      for (const auto& [path, value] : variant.set) {
        if (path.starts_with(kParameters)) values_[path.substr(kParameters.size())].insert(value);
      }
    }
  }

  std::map<std::string, std::set<std::string>> values_;
};

/// Collects the changes, those that come to nothing left out.
class Changes {
 public:
  Changes(const models::AlgorithmRegistry& registry, const Reproduction& run)
      : registry_(registry), run_(run), now_(run.cell.parameters()) {}

  std::vector<Change> collect() {
    if (has_token(run_.cell)) add_fencing({});
    for (const ParameterInfo& knob : run_.cell.algorithm().parameters) {
      for (const std::string& value : other_values(knob)) add_parameter(knob.name, value);
    }
    if (!run_.cell.cell().vendor_defaults) {
      add_lease(run_.cell.scenario().lease * 2);
      add_lease(run_.cell.scenario().lease / 2);
    }
    const std::size_t faults = run_.plan.faults.faults.size();
    for (std::size_t i = 0; i < std::min(faults, kMostFaultsLeftOut); ++i) {
      changes_.push_back({Change::Kind::without_fault, run_.cell, {}, i});
    }
    for (const std::string& id : other_algorithms()) add_algorithm(id);
    return std::move(changes_);
  }

 private:
  std::vector<std::string> other_values(const ParameterInfo& knob) const {
    const std::string& now = now_.at(knob.name);
    if (knob.kind == ParameterInfo::Kind::choice) return other_choices(knob, now);
    std::vector<std::string> values = named_.of(run_.cell.algorithm().id, knob.name);
    if (std::find(values.begin(), values.end(), knob.default_value) == values.end()) {
      values.push_back(knob.default_value);
    }
    std::erase(values, now);
    return values;
  }

  support::Expected<ResolvedCell> resolved(const Scenario& scenario, const Parameters& changed) {
    Parameters all = now_;
    for (const auto& [name, value] : changed) all[name] = value;
    return resolve(registry_, scenario, run_.cell.algorithm().id, all);
  }

  void add_fencing(Parameters with_token) {
    const std::string on(word(Fencing::on));
    if (now_.at("fencing") == on) return;
    with_token["fencing"] = on;
    auto cell = resolved(run_.cell.scenario(), with_token);
    if (cell) changes_.push_back({Change::Kind::fencing, *std::move(cell), with_token});
  }

  /// A change that only takes the token away helps nobody, one that brings it helps the fence.
  void add_parameter(const std::string& name, const std::string& value) {
    const Parameters changed{{name, value}};
    auto cell = resolved(run_.cell.scenario(), changed);
    if (!cell) return;
    const bool token_before = has_token(run_.cell);
    const bool token_after = has_token(*cell);
    if (!token_before && token_after) return add_fencing(changed);
    if (token_before && !token_after) return;
    changes_.push_back({Change::Kind::parameter, *std::move(cell), changed});
  }

  // The horizon, the plan and what the application does stay as they are; only what the scenario
  // gives the lock for its lease goes with it.
  void add_lease(sim::Duration lease) {
    Scenario scenario = run_.cell.scenario();
    const Yardsticks measure = scenario.yardsticks();
    if (scenario.give_up) scenario.give_up = Span::of(scenario.give_up->resolve(measure));
    if (auto* job = std::get_if<IndexJob>(&scenario.workload)) {
      job->every = Span::of(job->every.resolve(measure));
    }
    if (auto* voucher = std::get_if<Voucher>(&scenario.workload)) {
      voucher->hold_after = Span::of(voucher->hold_after.resolve(measure));
      voucher->redelivery = Span::of(voucher->redelivery.resolve(measure));
    }
    scenario.lease = lease;
    auto cell = resolved(scenario, {});
    if (cell) changes_.push_back({Change::Kind::lease, *std::move(cell)});
  }

  /// In the order of the registry; to do without a lock is no remedy.
  std::vector<std::string> other_algorithms() const {
    std::set<std::string> wanted;
    for (const auto& list : {run_.cell.scenario().algorithms, Scenario{}.algorithms}) {
      wanted.insert(list.begin(), list.end());
    }
    std::vector<std::string> ids;
    for (const auto& algorithm : registry_.all()) {
      const models::AlgorithmInfo& info = algorithm->info();
      const bool locks = info.specification != models::LockSpecification::none;
      if (locks && info.id != run_.cell.algorithm().id && wanted.contains(info.id)) {
        ids.push_back(info.id);
      }
    }
    return ids;
  }

  void add_algorithm(const std::string& id) {
    const Scenario& scenario = run_.cell.scenario();
    const auto own = scenario.parameters.find(id);
    auto cell = resolve(registry_, scenario, id,
                        own == scenario.parameters.end() ? Parameters{} : own->second);
    if (cell) changes_.push_back({Change::Kind::algorithm, *std::move(cell)});
  }

  const models::AlgorithmRegistry& registry_;
  const Reproduction& run_;
  Parameters now_;
  NamedValues named_;
  std::vector<Change> changes_;
};

}  // namespace

std::vector<Change> changes_of(const models::AlgorithmRegistry& registry, const Reproduction& run) {
  return Changes(registry, run).collect();
}

}  // namespace leasehold::scenarios
