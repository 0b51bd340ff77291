#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checkers/record/verdict.hpp"

namespace leasehold::checkers {

/// What a run is judged by; docs/glossary.md defines each.
enum class Property : std::uint8_t {
  grant_exclusion,
  belief_exclusion,
  work_exclusion,
  effect_safety,
  linearizable,
  progress,
  frequency,
};

inline constexpr std::size_t kPropertyCount = 7;

/// In the order of the enumeration: the names users see.
inline constexpr std::array<std::string_view, kPropertyCount> kPropertyNames = {
    "grant_exclusion", "belief_exclusion", "work_exclusion", "effect_safety",
    "linearizable",    "progress",         "frequency"};

/// The verdict on one property of one run. `vacuous`: the run did not put the property to the test,
/// so that `holds` says nothing. A violation is never vacuous.
struct Judgement {
  Verdict verdict = Verdict::unknown;
  bool vacuous = false;

  friend bool operator==(const Judgement&, const Judgement&) = default;
};

class RunVerdicts {
 public:
  Judgement& operator[](Property property) { return all_[static_cast<std::size_t>(property)]; }
  const Judgement& operator[](Property property) const {
    return all_[static_cast<std::size_t>(property)];
  }
  friend bool operator==(const RunVerdicts&, const RunVerdicts&) = default;

 private:
  std::array<Judgement, kPropertyCount> all_{};
};

}  // namespace leasehold::checkers
