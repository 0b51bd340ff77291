#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "scenarios/campaign_file.hpp"
#include "scenarios/format/write_value.hpp"
#include "scenarios/incident/incident.hpp"
#include "scenarios/keys.hpp"
#include "scenarios/library.hpp"
#include "scenarios/load.hpp"

/// Keeps the schemas and the loader in agreement; tests/scenarios/schema_test.py judges the
/// library files by the schemas.
namespace leasehold::scenarios {
namespace {

using Json = nlohmann::ordered_json;

Json schema(const char* name) {
  const LibraryFile* file = find_file(schema_files(), name);
  REQUIRE(file != nullptr);
  return Json::parse(file->text);
}

/// Values that are written in several ways, and so are no objects with keys of their own.
bool is_leaf(const std::string& reference) {
  static const std::set<std::string> kLeaves{"length", "distribution", "values", "parameters"};
  return kLeaves.count(reference.substr(std::string("#/definitions/").size())) > 0;
}

/// Calls `visit(pointer, property)` for every property of a schema, with `*` for list positions.
class SchemaWalk {
 public:
  using Visit = std::function<void(const std::string&, const Json&)>;
  SchemaWalk(const Json& root, Visit visit) : root_(root), visit_(std::move(visit)) {}

  void walk(const Json& node, const std::string& pointer) const {
    if (node.contains("$ref") && !is_leaf(node["$ref"])) {
      walk(root_["definitions"][node["$ref"].get<std::string>().substr(14)], pointer);
    }
    for (const char* several : {"allOf", "anyOf"}) {
      if (!node.contains(several)) continue;
      for (const Json& part : node[several]) {
        if (!part.contains("if")) walk(part, pointer);
      }
    }
    if (node.contains("items") && node["items"].is_object()) walk(node["items"], pointer + "/*");
    if (!node.contains("properties")) return;
    for (const auto& [key, property] : node["properties"].items()) {
      const std::string inner = pointer + "/" + key;
      visit_(inner, property);
      walk(property, inner);
    }
  }

 private:
  const Json& root_;
  Visit visit_;
};

std::map<std::string, Json> properties_of(const Json& root) {
  std::map<std::string, Json> out;
  SchemaWalk(root, [&](const std::string& pointer, const Json& property) {
    out[pointer] = property;
  }).walk(root, "");
  return out;
}

std::set<std::string> keys_of(const Json& root) {
  std::set<std::string> keys;
  for (const auto& [pointer, property] : properties_of(root)) keys.insert(pointer);
  return keys;
}

/// The `then` of the branch for one kind of an object that has kinds.
Json branch(const Json& object, std::string_view kind) {
  for (const Json& part : object["allOf"]) {
    if (part["if"]["properties"]["kind"]["const"] == kind) return part["then"];
  }
  FAIL("no branch for " << kind);
  return {};
}

std::set<std::string> names_of(const Json& then) {
  std::set<std::string> names;
  for (const Json& name : then["propertyNames"]["enum"]) {
    names.insert("/" + name.get<std::string>());
  }
  return names;
}

/// What the schema says that a key of one kind is if it is left out.
Json default_of(const Json& object, const Json& then, const std::string& key) {
  const std::string pointer = "/properties" + key + "/default";
  const Json::json_pointer at(pointer);
  if (then.contains(at)) return then.at(at);
  return object.contains(at) ? object.at(at) : Json();
}

TEST_CASE("the schema of scenarios has the keys that the loader knows, and no other") {
  CHECK(keys_of(schema("scenario")) == scenario_keys());
}

TEST_CASE("the schema of campaigns has the keys that the loader knows, and no other") {
  CHECK(keys_of(schema("campaign")) == campaign_keys());
}

TEST_CASE("the schema of incidents has the keys that the loader knows, and no other") {
  CHECK(keys_of(schema("incident")) == incident_keys());
}

TEST_CASE("the schema knows which keys each kind of fault takes, and their defaults") {
  const Json fault = schema("scenario")["definitions"]["fault"];
  CHECK(fault["properties"]["kind"]["enum"].size() == fault_kinds().size());
  for (const FaultKindInfo& kind : fault_kinds()) {
    INFO(word(kind.kind));
    const Json then = branch(fault, word(kind.kind));
    std::set<std::string> keys = fault_keys(kind.kind);
    keys.insert("/on");
    CHECK(names_of(then) == keys);
    const Json written = format::write_object(default_fault(kind.kind));
    for (const auto& [key, value] : written.items()) {
      if (key == "kind" || key == "id") continue;
      INFO(key);
      CHECK(default_of(fault, then, "/" + key) == value);
    }
  }
}

TEST_CASE("the schema knows which keys each kind of workload takes, and their defaults") {
  const Json workload = schema("scenario")["properties"]["workload"];
  for (std::size_t i = 0; i < words<WorkloadKind>().size(); ++i) {
    const auto kind = static_cast<WorkloadKind>(i);
    INFO(word(kind));
    const Json then = branch(workload, word(kind));
    CHECK(names_of(then) == workload_keys(kind));
    const Json written = format::write_object(format::default_workload(kind));
    for (const auto& [key, value] : written.items()) {
      if (key == "kind") continue;
      INFO(key);
      CHECK(default_of(workload, then, "/" + key) == value);
    }
  }
}

/// The defaults outside of faults and workloads, which depend on no kind.
void check_defaults(const Json& schema_root, const Json& written) {
  for (const auto& [pointer, property] : properties_of(schema_root)) {
    if (pointer.find('*') != std::string::npos || pointer.rfind("/workload/", 0) == 0) continue;
    if (pointer == "/$schema" || pointer == "/name") continue;
    INFO(pointer);
    const Json::json_pointer at(pointer);
    if (pointer.rfind("/truth", 0) == 0) {  // most scenarios tell none, and say nothing of it
      CHECK_FALSE(written.contains(at));
      continue;
    }
    const Json& value = written.at(at);
    if (property.contains("default")) {
      CHECK(property["default"] == value);
    } else {
      CHECK(property.contains("properties"));  // an object, whose keys have defaults
    }
  }
}

TEST_CASE("the defaults in the schemas are those of the data model") {
  check_defaults(schema("scenario"), Json::parse(canonical_json(Scenario{})));
  check_defaults(schema("campaign"), Json::parse(canonical_json(CampaignFile{})));
}

TEST_CASE("every property of the schemas has a description and an example") {
  for (const char* name : {"scenario", "campaign", "incident"}) {
    for (const auto& [pointer, property] : properties_of(schema(name))) {
      INFO(name << " " << pointer);
      CHECK(property.contains("description"));
      CHECK(property.contains("examples"));
    }
  }
}

template <class Words>
bool same_words(const Json& list, const Words& words) {
  return list == Json(std::vector<std::string>(words.begin(), words.end()));
}

TEST_CASE("the words of the schema are those of the loader") {
  const Json root = schema("scenario");
  const Json& fault = root["definitions"]["fault"]["properties"];
  CHECK(same_words(fault["kind"]["enum"], words<FaultKind>()));
  CHECK(same_words(fault["shape"]["enum"], words<PartitionShape>()));
  CHECK(same_words(fault["direction"]["enum"], words<Direction>()));
  CHECK(same_words(fault["peers"]["enum"], words<Peers>()));
  CHECK(same_words(fault["sense"]["enum"], words<StepSense>()));
  CHECK(same_words(root["definitions"]["trigger_event"]["enum"], words<Trigger>()));
  CHECK(same_words(root["properties"]["fencing"]["enum"], words<Fencing>()));
  CHECK(same_words(root["definitions"]["violated_share"]["anyOf"][0]["enum"], words<EveryRun>()));
  const Json& workload = root["properties"]["workload"]["properties"];
  CHECK(same_words(workload["kind"]["enum"], words<WorkloadKind>()));
  CHECK(same_words(workload["guard"]["enum"], words<PeriodJob::Guard>()));
  const Json incident = schema("incident");
  const Json& planned = incident["definitions"]["fault"]["properties"];
  CHECK(same_words(planned["kind"]["enum"], words<FaultKind>()));
  CHECK(same_words(planned["shape"]["enum"], words<PartitionShape>()));
  CHECK(same_words(planned["direction"]["enum"], words<Direction>()));
  CHECK(same_words(planned["peers"]["enum"], words<Peers>()));
  CHECK(same_words(planned["on"]["properties"]["event"]["enum"], words<Trigger>()));
  CHECK(same_words(incident["properties"]["symptom"]["enum"], checkers::kPropertyNames));
  const Json campaign = schema("campaign");
  const Json& threshold = campaign["definitions"]["threshold"]["properties"];
  CHECK(same_words(threshold["property"]["enum"], checkers::kPropertyNames));
}

/// A scenario that has the value at a key of itself, of a workload or of a fault that takes it.
Json with_example(const std::string& pointer, const Json& example) {
  Json file = {{"name", "x"}};
  if (pointer.rfind("/faults/*", 0) == 0) {
    const std::string key = pointer.substr(9);
    Json fault = {{"kind", "pause"}};
    for (const FaultKindInfo& kind : fault_kinds()) {
      if (fault_keys(kind.kind).count(key) > 0) fault["kind"] = word(kind.kind);
    }
    if (key == "/target") fault["kind"] = "pause";
    fault[Json::json_pointer(key)] = example;
    file["faults"] = Json::array({fault});
  } else if (pointer.rfind("/workload/", 0) == 0) {
    for (std::size_t i = 0; i < words<WorkloadKind>().size(); ++i) {
      const auto kind = static_cast<WorkloadKind>(i);
      if (workload_keys(kind).count(pointer.substr(9)) > 0) file["workload"]["kind"] = word(kind);
    }
    file[Json::json_pointer(pointer)] = example;
  } else if (pointer.rfind("/variants/*", 0) == 0) {
    // The second one is there to be missed.
    const Json other = {{"label", "pause longer than the lease"},
                        {"expect", {{"progress", "holds"}}}};
    file["variants"] = Json::array({Json::object(), other});
    file[Json::json_pointer("/variants/0" + pointer.substr(11))] = example;
    file["workload"] = {{"kind", "period-job"}};
    file["truth"] = Json::object();
  } else if (pointer.rfind("/truth", 0) == 0) {
    file["variants"] = Json::array({{{"expect", {{"progress", "holds"}}}}});
    file[Json::json_pointer(pointer)] = example;
  } else {
    file[Json::json_pointer(pointer)] = example;
  }
  // Examples that ask for a long heal phase or for calm must not fail for another key's default.
  if (!file.contains("heal") && pointer != "/calm") file["heal"] = {{"leases", 9}};
  return file;
}

TEST_CASE("the loader takes every example of the schema") {
  for (const auto& [pointer, property] : properties_of(schema("scenario"))) {
    for (const Json& example : property["examples"]) {
      const std::string text = with_example(pointer, example).dump();
      INFO(text);
      const auto scenario = parse_scenario(text, "example.json");
      if (!scenario) FAIL_CHECK(support::text(scenario.error()));
    }
  }
  for (const auto& [pointer, property] : properties_of(schema("campaign"))) {
    if (pointer.find('*') != std::string::npos) continue;
    for (const Json& example : property["examples"]) {
      Json file = Json::object();
      file[Json::json_pointer(pointer)] = example;
      const auto campaign = parse_campaign(file.dump(), "example.json");
      if (!campaign) FAIL_CHECK(support::text(campaign.error()));
    }
  }
  for (const auto& [pointer, property] : properties_of(schema("incident"))) {
    if (pointer.find('/', 1) != std::string::npos) continue;  // inside of another example
    for (const Json& example : property["examples"]) {
      Json file = {{"incident_version", 1}, {"algorithm", "setnx"}, {"scenario", "calm"}};
      if (pointer == "/recorded") file["seed"] = 1;
      file[Json::json_pointer(pointer)] = example;
      INFO(file.dump());
      const auto incident = parse_incident(file.dump(), "example.json");
      if (!incident) FAIL_CHECK(support::text(incident.error()));
    }
  }
}

}  // namespace
}  // namespace leasehold::scenarios
