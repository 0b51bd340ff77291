#include "scenarios/findings.hpp"

#include <algorithm>

#include "checkers/property_name.hpp"

namespace leasehold::scenarios {
namespace {

constexpr std::uint64_t kMille = 1'000;

void add_length(const char* quantity, const std::optional<ExpectedLength>& expected,
                const Yardsticks& yardsticks, const PerRun& measured, Findings& found) {
  if (!expected) return;
  LengthFinding length{quantity, expected->at_least.resolve(yardsticks), std::nullopt, measured};
  if (expected->at_most) length.at_most = expected->at_most->resolve(yardsticks);
  found.lengths.push_back(length);
}

}  // namespace

std::string_view ShareFinding::subject() const {
  return property ? checkers::property_name(*property) : "stuck";
}

bool ShareFinding::as_expected() const {
  const bool put_to_the_test = judged > 0 && judged * 2 >= runs;
  return put_to_the_test && seen * kMille >= judged * expected.at_least_per_mille &&
         seen * kMille <= judged * expected.at_most_per_mille;
}

bool LengthFinding::as_expected() const {
  if (measured.runs == 0 || measured.least_ns < at_least.ns()) return false;
  return !at_most || measured.greatest_ns <= at_most->ns();
}

bool Findings::as_expected() const {
  const auto is_as_expected = [](const auto& finding) { return finding.as_expected(); };
  return std::all_of(shares.begin(), shares.end(), is_as_expected) &&
         std::all_of(lengths.begin(), lengths.end(), is_as_expected);
}

Findings findings(const Expectation& expect, const Yardsticks& yardsticks, const CellTally& tally) {
  Findings found;
  for (std::size_t i = 0; i < expect.shares.size(); ++i) {
    if (!expect.shares[i]) continue;
    const auto property = static_cast<checkers::Property>(i);
    const PropertyTally& tallied = tally.property(property);
    found.shares.push_back({property, *expect.shares[i], tallied.violated_seeds.count(),
                            tallied.judged_runs(), tally.runs()});
  }
  const Totals& totals = tally.totals();
  if (expect.stuck) {
    const std::uint64_t judged = tally.property(checkers::Property::progress).judged_runs();
    found.shares.push_back({std::nullopt, *expect.stuck, totals.stuck_runs,
                            judged - totals.undetermined_runs, tally.runs()});
  }
  add_length("longest_wait", expect.longest_wait, yardsticks, totals.longest_wait_ns, found);
  add_length("longest_gap", expect.longest_gap, yardsticks, totals.longest_gap_ns, found);
  return found;
}

}  // namespace leasehold::scenarios
