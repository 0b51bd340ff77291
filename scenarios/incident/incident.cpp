#include "scenarios/incident/incident.hpp"

#include <charconv>
#include <utility>

#include "scenarios/fault_plan_json.hpp"
#include "scenarios/format/describe_campaign.hpp"
#include "scenarios/format/describe_incident.hpp"
#include "scenarios/format/object_reader.hpp"
#include "scenarios/format/walk.hpp"
#include "scenarios/format/write_value.hpp"
#include "scenarios/json/pretty.hpp"
#include "scenarios/library.hpp"
#include "support/read_file.hpp"

namespace leasehold::scenarios {
namespace {

using support::Diagnostic;
using support::Diagnostics;
using support::Expected;
using support::quoted;

/// Rounds are many small numbers.
constexpr JsonLimits kLimits{.bytes = std::size_t{16} << 20U, .values = 2'000'000};
/// Of all clients, that both limits leave room for.
constexpr std::size_t kMostRoundsInAll = 200'000;

/// Problems of a part, told as problems of the whole.
void add_problems(const Site& site, const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    const bool placed = diagnostic.line > 0;
    const Place place = placed ? Place{diagnostic.line, diagnostic.column} : site.value.place;
    site.problems.add(place, site.pointer + diagnostic.pointer, diagnostic.message,
                      diagnostic.expected, diagnostic.nearest);
  }
}

bool read_whole(const LocatedValue& value, std::uint64_t& out) {
  const char* const end = value.text.data() + value.text.size();
  const auto [stop, status] = std::from_chars(value.text.data(), end, out);
  return value.kind == LocatedValue::Kind::number && status == std::errc() && stop == end;
}

bool read_length(const Site& site, std::int64_t& out) {
  std::uint64_t whole = 0;
  const auto longest = static_cast<std::uint64_t>(sim::kLongestDuration.ns());
  if (!read_whole(site.value, whole) || whole > longest) {
    return format::wrong_type(site, "whole nanoseconds up to " + std::to_string(longest));
  }
  out = static_cast<std::int64_t>(whole);
  return true;
}

bool read_round(const Site& site, PlannedRound& out) {
  const bool pair = site.value.kind == LocatedValue::Kind::array && site.value.items.size() == 2;
  if (!pair) return format::wrong_type(site, "a round: [think_ns, work_ns]");
  const bool think = read_length(site.child(0), out.think_ns);
  return read_length(site.child(1), out.work_ns) && think;
}

bool read_rounds(const Site& site, std::vector<PlannedRound>& out) {
  if (site.value.kind != LocatedValue::Kind::array) {
    return format::wrong_type(site, "a client's list of rounds [think_ns, work_ns]");
  }
  if (site.value.items.size() > format::kMostRounds) {
    site.fail("more than " + std::to_string(format::kMostRounds) + " rounds of one client");
    return false;
  }
  out.resize(site.value.items.size());
  bool good = true;
  for (std::size_t i = 0; i < out.size(); ++i) good = read_round(site.child(i), out[i]) && good;
  return good;
}

bool read_digests(const LocatedValue& value, std::vector<std::uint16_t>& out) {
  constexpr std::size_t kDigits = 4;
  const std::string_view text = value.text;
  if (value.kind != LocatedValue::Kind::string || text.size() % kDigits != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += kDigits) {
    const char* const end = text.data() + i + kDigits;
    std::uint16_t& digest = out.emplace_back();
    const auto [stop, status] = std::from_chars(text.data() + i, end, digest, 16);
    if (status != std::errc() || stop != end) return false;
  }
  return true;
}

}  // namespace

namespace format {

bool read(const Site& site, Scenario& out, OwnRule) {
  Expected<Scenario> read = Diagnostics{};
  if (site.value.kind == LocatedValue::Kind::string) {
    const bool known = find_file(library_files(), site.value.text) != nullptr ||
                       find_file(truth_files(), site.value.text) != nullptr;
    if (!known && site.value.text.find_first_of("/.") != std::string::npos) {
      site.fail("a scenario is told by its name in the library or in whole", "no path");
      return false;
    }
    read = load_scenario(site.value.text);
  } else {
    read = scenario_of(site.value, "");
  }
  if (!read) {
    add_problems(site, read.error());
    return false;
  }
  out = *std::move(read);
  return true;
}

Json write(const Scenario& scenario, OwnRule) { return write_object(scenario); }

bool read(const Site& site, std::uint64_t& out, OwnRule) {
  if (read_whole(site.value, out)) return true;
  return wrong_type(site, "a whole number below 2^64");
}

Json write(std::uint64_t seed, OwnRule) { return seed; }

bool read(const Site& site, WorkloadPlan& out, OwnRule) {
  if (site.value.kind != LocatedValue::Kind::array) {
    return wrong_type(site, "a list of rounds for each client");
  }
  if (site.value.items.size() > kClientsMax) {
    site.fail("more than " + std::to_string(kClientsMax) + " clients");
    return false;
  }
  WorkloadPlan plan;
  plan.clients.resize(site.value.items.size());
  bool good = true;
  for (std::size_t i = 0; i < plan.clients.size(); ++i) {
    good = read_rounds(site.child(i), plan.clients[i]) && good;
  }
  if (good) out = std::move(plan);
  return good;
}

Json write(const WorkloadPlan& plan, OwnRule) {
  Json clients = Json::array();
  for (const std::vector<PlannedRound>& client : plan.clients) {
    Json rounds = Json::array();
    for (const PlannedRound& round : client) rounds.push_back({round.think_ns, round.work_ns});
    clients.push_back(std::move(rounds));
  }
  return clients;
}

bool read(const Site& site, std::vector<std::uint16_t>& out, OwnRule) {
  constexpr const char* kForm = "a list of strings of four hexadecimal digits for each event";
  if (site.value.kind != LocatedValue::Kind::array) return wrong_type(site, kForm);
  std::vector<std::uint16_t> digests;
  for (std::size_t i = 0; i < site.value.items.size(); ++i) {
    if (!read_digests(site.value.items[i], digests)) return wrong_type(site.child(i), kForm);
    if (digests.size() > Trail::kMost) {
      site.fail("more than " + std::to_string(Trail::kMost) + " digests");
      return false;
    }
  }
  out = std::move(digests);
  return true;
}

Json write(const std::vector<std::uint16_t>& digests, OwnRule) {
  constexpr std::string_view kHex = "0123456789abcdef";
  Json strings = Json::array();
  std::string text;
  for (std::size_t i = 0; i < digests.size(); ++i) {
    for (int shift = 12; shift >= 0; shift -= 4) text += kHex[digests[i] >> shift & 0xf];
    if ((i + 1) % kDigestsInString != 0 && i + 1 < digests.size()) continue;
    strings.push_back(std::exchange(text, {}));
  }
  return strings;
}

}  // namespace format

namespace {

/// Before anything else is judged: whether this is such a file, and of a version that is known.
bool check_version(const Site& site) {
  if (site.value.kind != LocatedValue::Kind::object) {
    site.fail("found " + std::string(site.value.kind_name()), "an incident: an object");
    return false;
  }
  const LocatedValue* version = site.value.find("incident_version");
  if (version == nullptr) {
    site.fail("is no incident: misses the key \"incident_version\"");
    return false;
  }
  std::uint64_t number = 0;
  if (!read_whole(*version, number) || number <= kIncidentVersion) return true;
  site.child(*version, "incident_version")
      .fail("was written by a later leasehold, in version " + std::to_string(number),
            "version " + std::to_string(kIncidentVersion));
  return false;
}

/// The scenario with the file's changes, and the one of its variants that they name.
void settle_scenario(const Site& site, format::IncidentFile& file) {
  constexpr std::string_view kVariant = "variant";
  Scenario& scenario = file.incident.scenario;
  std::string label;
  for (const auto& [path, value] : file.set.value_or(std::map<std::string, std::string>{})) {
    if (path == kVariant) {
      label = value;
      continue;
    }
    Diagnostics wrong = apply_override(scenario, path, value);
    const LocatedValue* set = site.value.find("set");
    for (Diagnostic& diagnostic : wrong) diagnostic.pointer = pointer_to("", path);
    add_problems(site.child(*set, "set"), wrong);
  }
  if (scenario.variants.empty()) return;
  std::vector<std::string_view> labels;
  for (const Variant& variant : scenario.variants) labels.push_back(variant.label);
  const auto rows = expand_variants(scenario);
  for (const LabelledScenario& row : rows ? *rows : std::vector<LabelledScenario>{}) {
    if (row.label != label) continue;
    scenario = row.scenario;
    return;
  }
  site.fail("does not say which of its scenario's variants it is",
            "\"set\": {\"variant\": " + format::listed(labels) + "}");
}

void check_incident(const Site& site, Incident& incident) {
  const LocatedValue* plan = site.value.find("plan");
  if (plan != nullptr) read_fault_plan(site.child(*plan, "plan"), *incident.plan);
  if (incident.rounds && incident.rounds->clients.size() > incident.scenario.clients) {
    site.child(*site.value.find("rounds"), "rounds")
        .fail("are of " + std::to_string(incident.rounds->clients.size()) +
              " clients, and there are " + std::to_string(incident.scenario.clients));
  }
  if (incident.recorded && !incident.seed) {
    site.fail("was recorded, and says not with which seed", "the key \"seed\"");
  }
}

}  // namespace

RecordedVerdicts RecordedVerdicts::from(const checkers::RunVerdicts& verdicts) {
  RecordedVerdicts recorded;
  for (std::size_t i = 0; i < checkers::kPropertyCount; ++i) {
    recorded.of[i] = verdicts[static_cast<checkers::Property>(i)].verdict;
  }
  return recorded;
}

Expected<Incident> parse_incident(std::string_view text, const std::string& file) {
  const auto root = parse_located(text, file, kLimits);
  if (!root) return root.error();
  Problems problems(file);
  const Site site{*root, "", problems};
  if (!check_version(site)) return problems.take();
  format::IncidentFile read;
  format::read_file_object(site, read);
  if (problems.count() == 0) settle_scenario(site, read);
  if (problems.count() == 0) check_incident(site, read.incident);
  if (problems.count() > 0) return problems.take();
  return std::move(read.incident);
}

Expected<Incident> load_incident(const std::string& path) {
  const auto text = support::read_file(path, kLimits.bytes);
  if (!text) return text.error();
  return parse_incident(*text, path);
}

bool fit_a_file(const WorkloadPlan& rounds) {
  std::size_t in_all = 0;
  for (const std::vector<PlannedRound>& client : rounds.clients) {
    if (client.size() > format::kMostRounds) return false;
    in_all += client.size();
  }
  return in_all <= kMostRoundsInAll;
}

bool is_incident_file(const std::string& path) {
  const auto text = support::read_file(path, kLimits.bytes);
  if (!text) return false;
  const auto root = parse_located(*text, path, kLimits);
  return root && root->kind == LocatedValue::Kind::object &&
         root->find("incident_version") != nullptr;
}

std::string to_text(const Incident& incident) {
  return pretty(format::write_object(format::IncidentFile{incident, kIncidentVersion, {}}));
}

std::uint64_t inputs_digest(const Incident& incident) {
  Incident inputs = incident;
  inputs.title.clear();
  inputs.story.clear();
  inputs.symptom.reset();
  inputs.recorded.reset();
  sim::Digest digest;
  for (const char c : to_text(inputs)) digest.mix(static_cast<unsigned char>(c));
  return digest.value();
}

std::set<std::string> incident_keys() {
  format::IncidentFile sample;
  sample.incident.recorded.emplace();
  sample.incident.plan.emplace();
  for (const FaultKindInfo& kind : fault_kinds()) {
    PlannedFault fault;
    fault.kind = kind.kind;
    fault.target.role = Role::minority;  // the one that needs all its keys
    fault.on.emplace();
    sample.incident.plan->faults.push_back(fault);
  }
  std::set<std::string> keys = format::keys_of(sample);
  keys.insert("/$schema");
  return keys;
}

}  // namespace leasehold::scenarios
