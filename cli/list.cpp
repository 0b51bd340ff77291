#include <array>
#include <cstdio>

#include "checkers/property.hpp"
#include "checkers/specifications/registry.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/incident_page.hpp"
#include "reports/text.hpp"
#include "scenarios/collection.hpp"
#include "scenarios/fault_kinds.hpp"
#include "scenarios/library.hpp"
#include "scenarios/words.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::cli {
namespace {

constexpr std::size_t kWidth = 80;

/// One line of a list: a name and what it is.
struct Entry {
  std::string name;
  std::string summary;
  std::string page;  ///< all there is to say about it
};

std::string lines_of(const std::vector<Entry>& entries) {
  std::size_t width = 0;
  for (const Entry& entry : entries) width = std::max(width, entry.name.size());
  std::string text;
  for (const Entry& entry : entries) {
    text += reports::padded(entry.name, width + 2) +
            reports::paragraph(entry.summary, width + 2, kWidth);
  }
  return text;
}

std::string line(const std::string& label, const std::string& text) {
  return text.empty() ? "" : reports::paragraph(label + ": " + text, 2, kWidth);
}

std::string page_of(const models::AlgorithmInfo& info) {
  std::string page = line(info.id, info.summary);
  page += line("clocks", info.clocks) + line("token", info.token) + line("grant", info.grant) +
          line("sources", info.sources);
  if (!info.parameters.empty()) page += "parameters:\n";
  for (const models::ParameterInfo& knob : info.parameters) {
    std::string values;
    for (const std::string& choice : knob.choices) values += (values.empty() ? "" : "|") + choice;
    if (values.empty()) {
      values = knob.kind == models::ParameterInfo::Kind::duration ? "DURATION" : "NUMBER";
    }
    page += "  " + knob.name + "=" + values + " (default " + knob.default_value + ")\n      " +
            reports::paragraph(knob.meaning, 6, kWidth);
  }
  return page;
}

std::vector<Entry> algorithms(const App& app) {
  std::vector<Entry> entries;
  for (const auto& algorithm : app.algorithms.all()) {
    const models::AlgorithmInfo& info = algorithm->info();
    entries.push_back({info.id, info.summary, page_of(info)});
  }
  return entries;
}

/// The name that stands for several scenarios.
Entry approaches() {
  const std::string name(scenarios::kApproaches);
  const std::string summary(scenarios::kApproachesSummary);
  std::string members;
  for (const std::string& member : scenarios::expand_collections({name})) {
    members += (members.empty() ? "" : ", ") + member;
  }
  return {name, summary, line(name, summary) + line("stands for", members)};
}

std::vector<Entry> scenario_entries(std::span<const scenarios::LibraryFile> files) {
  std::vector<Entry> entries;
  for (const scenarios::LibraryFile& file : files) {
    const auto scenario = scenarios::load_scenario(std::string(file.name));
    LH_ASSERT(scenario.has_value());
    entries.push_back({scenario->name, scenario->summary,
                       line(scenario->name, scenario->summary) + line("story", scenario->story) +
                           std::string(file.text)});
  }
  return entries;
}

/// A name that stands for several scenarios, and these.
void append(std::string_view name, const char* what, const std::vector<Entry>& members,
            std::vector<Entry>& entries) {
  entries.push_back(
      {std::string(name),
       "All " + std::to_string(members.size()) + " " + what + " that follow, at once.",
       lines_of(members)});
  entries.insert(entries.end(), members.begin(), members.end());
}

/// The library, and what the names that stand for several scenarios stand for.
std::vector<Entry> scenario_entries() {
  std::vector<Entry> entries = scenario_entries(scenarios::library_files());
  entries.push_back(approaches());
  append(scenarios::kKnownTruths, "known truths", scenario_entries(scenarios::truth_files()),
         entries);
  append(scenarios::kIncidents, "incidents", scenario_entries(scenarios::incident_files()),
         entries);
  return entries;
}

/// `name`: the one whose page will be wanted, which takes some runs.
std::vector<Entry> incidents(const App& app, const std::string& name) {
  std::vector<Entry> entries = scenario_entries(scenarios::incident_files());
  for (Entry& entry : entries) {
    if (entry.name != name) continue;
    scenarios::Selection selection;
    selection.scenarios = {name};
    entry.page = incident_page(scenarios::resolve(app.algorithms, selection).value());
  }
  for (const NotModelled& story : not_modelled()) {
    const std::string reason = "not modelled: " + std::string(story.reason);
    entries.push_back({story.name, reason, line(story.name, reason)});
  }
  return entries;
}

/// What a fault of the kind may be aimed at, and the keys of a scenario file that it takes.
std::string page_of(const scenarios::FaultKindInfo& info) {
  using scenarios::Role;
  constexpr std::array kKeys{"duration", "shape",  "direction", "peers",      "probability",
                             "extra",    "rate",   "step",      "correlated", "restart_after",
                             "factor",   "freeze", "detector",  "failures"};
  std::string targets;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Role::all); ++i) {
    const auto role = static_cast<Role>(i);
    if (!info.allows(role)) continue;
    targets += (targets.empty() ? "" : ", ") + std::string(scenarios::word(role));
    if (role == info.default_role) targets += " (default)";
  }
  std::string keys;
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    if (info.takes(static_cast<scenarios::FaultParameter>(1U << i))) {
      keys += std::string(keys.empty() ? "" : ", ") + kKeys[i];
    }
  }
  return line("target", targets) + line("takes", keys);
}

std::vector<Entry> faults() {
  std::vector<Entry> entries;
  for (const scenarios::FaultKindInfo& info : scenarios::fault_kinds()) {
    const std::string name(scenarios::word(info.kind));
    const std::string summary(info.summary);
    entries.push_back({name, summary, line(name, summary) + page_of(info)});
  }
  return entries;
}

struct PropertyText {
  const char* meaning;
  const char* measure;  ///< between which events, by what rule
};

/// In the order of checkers::Property.
constexpr std::array<PropertyText, checkers::kPropertyCount> kPropertyTexts{{
    {"the service never grants the lock to two attempts at once",
     "A grant lasts from the mutation at which the service as a whole would refuse everyone else "
     "until its release is applied, its promised deadline has passed on the server's clock with "
     "steps removed, or its session or lease has come to its documented end. Loss of state ends "
     "no grant."},
    {"no two clients believe at once that they hold it",
     "A belief lasts from the success of acquire until release is invoked, the loss is noticed, or "
     "the client's own deadline has passed on its own clock."},
    {"no two clients are in their critical sections at once",
     "Work lasts from entering to leaving the critical section by program position, pauses "
     "included, and on while an effect of it can still arrive; a crash ends it."},
    {"the protected resource accepts no stale, lost or duplicate effect",
     "Stale: accepted after the resource processed an effect of a later grant. Lost: an update "
     "overwritten from an older read. Duplicate: one job accepted from two grants, unless the "
     "first one's client crashed at work. The workload says which of them harm."},
    {"the history of operations fits the lock's own specification",
     "There is an order of the calls, each within its own time, that the specification allows; "
     "for locks with a lease with the recorded grants, renewals and expiries."},
    {"once the world has healed, whoever wants the lock gets it in time",
     "Violated when a live client wants the lock, nobody works and none gets it within the "
     "scenario's progress_within: stuck if no pending event can free it, slow if a timer will."},
    {"the period job runs about every period",
     "Violated when fewer than min_within of the gaps between the starts of accepted runs are "
     "within tolerance of the period. Only where the scenario has a period job."},
}};

std::vector<Entry> properties() {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    const std::string name(checkers::kPropertyNames[i]);
    const PropertyText& text = kPropertyTexts[i];
    entries.push_back(
        {name, text.meaning, line(name, text.meaning) + line("measured", text.measure)});
  }
  return entries;
}

std::vector<Entry> specifications() {
  std::vector<Entry> entries;
  for (const checkers::SpecificationEntry& info : checkers::specification_entries()) {
    const std::string name(info.name);
    const std::string summary(info.summary);
    entries.push_back(
        {name, summary, line(name, summary) + line("histories", std::string(info.operations))});
  }
  return entries;
}

int print(const std::vector<Entry>& entries, const std::string& what, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Entry& entry : entries) {
    if (entry.name == name) return write_output("", entry.page);
    names.push_back(entry.name);
  }
  if (!name.empty()) {
    support::Diagnostic diagnostic;
    diagnostic.file = "list " + what;
    diagnostic.message = "there is no " + support::quoted(name);
    diagnostic.nearest = support::nearest_word(name, names);
    return bad_input({diagnostic});
  }
  return write_output("", lines_of(entries));
}

}  // namespace

void add_list(App& app) {
  CLI::App* command = app.parser.add_subcommand(
      "list", "what there is; with NAME its parameters, clocks, token, grant, sources");
  struct Arguments {
    std::string what;
    std::string name;
  };
  const auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("WHAT", arguments->what,
                   "algorithms, scenarios, incidents, faults, specifications or properties")
      ->required()
      ->check(CLI::IsMember({"algorithms", "scenarios", "incidents", "faults", "specifications",
                             "properties"})
                  .description(""));
  command->add_option("NAME", arguments->name, "one of them");
  command->callback([&app, arguments] {
    app.action = [&app, arguments] {
      const std::string& what = arguments->what;
      const std::vector<Entry> entries = what == "algorithms"  ? algorithms(app)
                                         : what == "scenarios" ? scenario_entries()
                                         : what == "incidents" ? incidents(app, arguments->name)
                                         : what == "faults"    ? faults()
                                         : what == "specifications" ? specifications()
                                                                    : properties();
      return print(entries, what, arguments->name);
    };
  });
}

}  // namespace leasehold::cli
