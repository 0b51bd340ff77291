#pragma once

#include "checkers/record/verdict_word.hpp"
#include "scenarios/format/describe_plan.hpp"
#include "scenarios/format/write_value.hpp"
#include "scenarios/incident/incident.hpp"
#include "scenarios/json/problems.hpp"

/// The keys of an incident file.
namespace leasehold::scenarios {

template <>
struct WordList<checkers::Verdict> {
  static constexpr auto kWords = checkers::kVerdictWords;
};

namespace format {

/// What a file holds, from which the incident is put together.
struct IncidentFile {
  Incident incident;
  std::uint32_t version = kIncidentVersion;
  std::optional<std::map<std::string, std::string>> set;  ///< changes to the scenario
};

inline constexpr EachRule<TextRule> kValues{64, {.longest = 256, .one_line = true}};
inline constexpr std::size_t kMostRounds = 100'000;  ///< of one client

bool read(const Site& site, Scenario& out, OwnRule);
Json write(const Scenario& scenario, OwnRule);
bool read(const Site& site, std::uint64_t& out, OwnRule);
Json write(std::uint64_t seed, OwnRule);
bool read(const Site& site, WorkloadPlan& out, OwnRule);
Json write(const WorkloadPlan& plan, OwnRule);
/// The digests of a trail: strings of four hexadecimal digits each, so many in one string.
inline constexpr std::size_t kDigestsInString = 256;
bool read(const Site& site, std::vector<std::uint16_t>& out, OwnRule);
Json write(const std::vector<std::uint16_t>& digests, OwnRule);

template <class F, Like<RecordedVerdicts> S>
void describe(F& fields, S& s) {
  for (std::size_t i = 0; i < s.of.size(); ++i) {
    fields(checkers::kPropertyNames[i], s.of[i], OptionalRule<PlainRule>{});
  }
}

template <class F, Like<Trail> S>
void describe(F& fields, S& s) {
  fields("stride", s.stride, WholeRule{1, 1U << 31U});
  fields("digests", s.digests, OwnRule{});
}

template <class F, Like<Recording> S>
void describe(F& fields, S& s) {
  fields("replay_version", s.replay_version, WholeRule{1, 255, true});
  fields("engine_version", s.engine_version, TextRule{.longest = 64, .one_line = true});
  fields("inputs", s.inputs, BitsRule{});
  fields("digest", s.digest, BitsRule{});
  fields("events", s.events, WholeRule{0, 0xffff'ffff});
  fields("verdicts", s.verdicts, PlainRule{});
  fields("trail", s.trail, PlainRule{});
}

template <class F, Like<IncidentFile> S>
void describe(F& fields, S& s) {
  auto& incident = s.incident;
  fields("incident_version", s.version, WholeRule{1, kIncidentVersion, true});
  fields("title", incident.title, TextRule{.longest = 200, .one_line = true});
  fields("story", incident.story, TextRule{.longest = 8'192});
  fields("symptom", incident.symptom, OptionalRule<PlainRule>{});
  fields("algorithm", incident.algorithm, NameRule{.required = true});
  fields("parameters", incident.parameters, kValues);
  fields("seed", incident.seed, OptionalRule<OwnRule>{});
  fields("plan", incident.plan, PlainRule{});
  fields("rounds", incident.rounds, OptionalRule<OwnRule>{});
  fields("scenario", incident.scenario, OwnRule{true});
  fields("set", s.set, OptionalRule<EachRule<TextRule>>{kValues});
  fields("recorded", incident.recorded, PlainRule{});
}

template <>
inline constexpr bool kIsObject<RecordedVerdicts> = true;
template <>
inline constexpr bool kIsObject<Trail> = true;
template <>
inline constexpr bool kIsObject<Recording> = true;

}  // namespace format
}  // namespace leasehold::scenarios
