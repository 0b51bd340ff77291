#pragma once

#include "scenarios/campaign_file.hpp"
#include "scenarios/format/describe.hpp"

namespace leasehold::scenarios {

template <>
struct WordList<DefaultsFrom> {
  static constexpr std::array<std::string_view, 2> kWords{"scenario", "vendor"};
};
template <>
struct WordList<checkers::Property> {
  static constexpr auto kWords = checkers::kPropertyNames;
};

namespace format {

inline constexpr TextRule kPathOrGlob{.longest = 1'024, .one_line = true};

template <class F, Like<Threshold> S>
void describe(F& fields, S& s) {
  fields("property", s.property, RequiredRule{});
  fields("scenario", s.scenario, kPathOrGlob);
  fields("algorithm", s.algorithm, kPathOrGlob);
  fields("max_violated_ppm", s.max_violated_ppm, kPpm);
}

template <class F, Like<CampaignFile> S>
void describe(F& fields, S& s) {
  fields("scenarios", s.scenarios, EachRule<TextRule>{1'000, kPathOrGlob});
  fields("algorithms", s.algorithms, EachRule<TextRule>{64, kPathOrGlob});
  fields("parameters", s.parameters, EachRule<TextRule>{64, {.longest = 256, .one_line = true}});
  fields("set", s.set, EachRule<TextRule>{64, {.longest = 256, .one_line = true}});
  fields("seeds", s.seeds, PlainRule{});
  fields("defaults", s.defaults, PlainRule{});
  fields("thresholds", s.thresholds, EachRule<PlainRule>{1'000, {}});
}

template <>
inline constexpr bool kIsObject<Threshold> = true;

}  // namespace format
}  // namespace leasehold::scenarios
