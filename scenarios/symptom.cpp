#include "scenarios/symptom.hpp"

#include <algorithm>
#include <array>

#include "checkers/property_name.hpp"
#include "scenarios/format/describe_incident.hpp"
#include "scenarios/words.hpp"
#include "sim/process/units.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::Property;
using checkers::Verdict;
using support::Diagnostic;
using support::Diagnostics;

constexpr std::array<std::string_view, 3> kLengths{"overlap", "wait", "gap"};
constexpr std::array<std::string_view, 2> kStarvations{"stuck", "slow"};

template <class Words>
std::optional<std::size_t> index_of(std::string_view word, const Words& words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<std::size_t>(found - words.begin());
}

Diagnostic unknown(const std::string& text, std::string_view word) {
  std::vector<std::string_view> known(checkers::kPropertyNames.begin(),
                                      checkers::kPropertyNames.end());
  known.insert(known.end(), kStarvations.begin(), kStarvations.end());
  known.insert(known.end(), kLengths.begin(), kLengths.end());
  Diagnostic diagnostic;
  diagnostic.file = "--symptom " + text;
  diagnostic.message = support::quoted(std::string(word)) + " is no symptom";
  diagnostic.nearest = support::nearest_word(word.substr(0, word.find_first_of("<>=")), known);
  diagnostic.expected =
      "a property (work_exclusion, progress=holds), stuck, slow, or overlap, wait or gap with a "
      "length (wait>=30s), with commas between several";
  return diagnostic;
}

std::int64_t greatest(const PerRun& quantity) {
  return quantity.runs > 0 ? quantity.greatest_ns : 0;
}

}  // namespace

std::optional<Symptom::Condition> Symptom::length_condition(std::string_view word) {
  const std::size_t sign = word.find_first_of("<>");
  if (sign == std::string_view::npos || word.substr(sign + 1, 1) != "=") return std::nullopt;
  const auto quantity = index_of(word.substr(0, sign), kLengths);
  const auto length = sim::parse_duration(word.substr(sign + 2));
  if (!quantity || !length) return std::nullopt;
  Condition condition;
  condition.quantity =
      static_cast<Quantity>(static_cast<std::size_t>(Quantity::overlap) + *quantity);
  condition.at_least = word[sign] == '>';
  condition.length = *length;
  return condition;
}

std::optional<Symptom::Condition> Symptom::condition(std::string_view word) {
  if (const auto length = length_condition(word)) return length;
  Condition condition;
  if (const auto starvation = index_of(word, kStarvations)) {
    condition.quantity = *starvation == 0 ? Quantity::stuck : Quantity::slow;
    return condition;
  }
  const std::size_t equals = word.find('=');
  const auto property = index_of(word.substr(0, equals), checkers::kPropertyNames);
  if (!property) return std::nullopt;
  condition.property = static_cast<Property>(*property);
  if (equals == std::string_view::npos) return condition;
  const auto verdict = index_of(word.substr(equals + 1), WordList<Verdict>::kWords);
  if (!verdict) return std::nullopt;
  condition.verdict = static_cast<Verdict>(*verdict);
  return condition;
}

support::Expected<Symptom> Symptom::parse(const std::string& text) {
  Symptom symptom;
  symptom.text_ = text;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    const auto parsed = condition(word);
    if (!parsed) return Diagnostics{unknown(text, word)};
    symptom.conditions_.push_back(*parsed);
    if (comma == std::string_view::npos) return symptom;
    rest.remove_prefix(comma + 1);
  }
}

Symptom Symptom::violated(Property property) {
  Symptom symptom;
  symptom.text_ = checkers::property_name(property);
  symptom.conditions_.push_back({.property = property, .length = {}});
  return symptom;
}

bool Symptom::shown_by(const RunOutcome& outcome) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&outcome](const Condition& condition) { return meets(outcome, condition); });
}

bool Symptom::meets(const RunOutcome& outcome, const Condition& condition) {
  std::int64_t measured = 0;
  switch (condition.quantity) {
    case Quantity::verdict:
      return outcome.verdicts[condition.property].verdict == condition.verdict;
    case Quantity::stuck:
      return outcome.totals.stuck_runs > 0;
    case Quantity::slow:
      return outcome.totals.slow_runs > 0;
    case Quantity::overlap:
      measured = outcome.totals.work_overlap_ns.max_ns().value_or(0);
      break;
    case Quantity::wait:
      measured = greatest(outcome.totals.longest_wait_ns);
      break;
    case Quantity::gap:
      measured = greatest(outcome.totals.longest_gap_ns);
      break;
  }
  return condition.at_least ? measured >= condition.length.ns() : measured <= condition.length.ns();
}

std::optional<Property> Symptom::property() const {
  for (const Condition& condition : conditions_) {
    if (condition.quantity == Quantity::verdict && condition.verdict == Verdict::violated) {
      return condition.property;
    }
  }
  return std::nullopt;
}

}  // namespace leasehold::scenarios
