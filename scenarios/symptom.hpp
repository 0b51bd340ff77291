#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/property.hpp"
#include "scenarios/run_outcome.hpp"
#include "sim/process/time.hpp"
#include "support/expected.hpp"

namespace leasehold::scenarios {

/// What somebody saw of an incident: conditions on one run, all of which it must meet.
///
///   work_exclusion            the property is violated; `=holds`, `=unknown` for another verdict
///   stuck, slow               a client wants the lock and nobody gets it, for ever or for a while
///   overlap>=5s               two clients worked at once for so long
///   wait>=30s, wait<=1s       the longest that an attempt waited, served or not
///   gap>=2min                 the longest time between two acquisitions
class Symptom {
 public:
  /// Conditions with commas between them.
  static support::Expected<Symptom> parse(const std::string& text);
  static Symptom violated(checkers::Property property);

  [[nodiscard]] bool shown_by(const RunOutcome& outcome) const;
  /// The first property that it says is violated.
  [[nodiscard]] std::optional<checkers::Property> property() const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Quantity : std::uint8_t { verdict, stuck, slow, overlap, wait, gap };
  struct Condition {
    Quantity quantity = Quantity::verdict;
    checkers::Property property{};
    checkers::Verdict verdict = checkers::Verdict::violated;
    bool at_least = true;
    sim::Duration length;
  };

  static std::optional<Condition> condition(std::string_view word);
  static std::optional<Condition> length_condition(std::string_view word);
  static bool meets(const RunOutcome& outcome, const Condition& condition);

  std::string text_;
  std::vector<Condition> conditions_;
};

}  // namespace leasehold::scenarios
