#include "reports/truth_text.hpp"

#include <algorithm>
#include <vector>

#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::ExpectedShare;
using scenarios::LengthFinding;
using scenarios::ShareFinding;

std::string percent(std::uint32_t per_mille) { return Decimal(per_mille / 10.0).significant(2); }

std::string share_text(const ExpectedShare& share) {
  if (share == ExpectedShare::holds()) return "holds";
  if (share == ExpectedShare::violated()) return "violated";
  const std::string low = percent(share.at_least_per_mille);
  const std::string high = percent(share.at_most_per_mille);
  if (share.at_most_per_mille == 1'000) return "violated in ≥ " + low + " %";
  if (share.at_least_per_mille == 0) return "violated in ≤ " + high + " %";
  return "violated in " + low + "–" + high + " %";
}

std::string expected(const ShareFinding& finding) {
  const auto property = static_cast<std::size_t>(finding.property);
  return std::string(checkers::kPropertyNames[property]) + ' ' + share_text(finding.expected);
}

std::string expected(const LengthFinding& finding) {
  std::string quantity(finding.quantity);
  std::replace(quantity.begin(), quantity.end(), '_', ' ');
  const std::string low = duration_text(finding.at_least.ns());
  if (!finding.at_most) return quantity + " ≥ " + low;
  return quantity + " " + low + " to " + duration_text(finding.at_most->ns());
}

std::string measured(const ShareFinding& finding) {
  std::string text = count_text(finding.violated) + " of " + count_text(finding.judged);
  if (finding.judged < finding.runs) text += " judged of " + count_text(finding.runs);
  return text;
}

std::string measured(const LengthFinding& finding) {
  if (finding.measured.runs == 0) return "never";
  const std::string least = duration_text(finding.measured.least_ns);
  const std::string greatest = duration_text(finding.measured.greatest_ns);
  return least == greatest ? least : least + " to " + greatest;
}

template <class Text>
std::string lines(const scenarios::Findings& findings, Text text) {
  std::vector<std::string> all;
  for (const ShareFinding& finding : findings.shares) all.push_back(text(finding));
  for (const LengthFinding& finding : findings.lengths) all.push_back(text(finding));
  return joined(all, "\n");
}

}  // namespace

std::string expected_text(const scenarios::Findings& findings) {
  return lines(findings, [](const auto& finding) { return expected(finding); });
}

std::string expected_text(const scenarios::Findings& findings, const scenarios::Findings& beside) {
  const auto only_share = [](const scenarios::Findings& each) {
    const bool one = each.shares.size() == 1 && each.lengths.empty();
    return one ? &each.shares.front() : nullptr;
  };
  const ShareFinding* mine = only_share(findings);
  const ShareFinding* other = only_share(beside);
  const bool same = mine != nullptr && other != nullptr && mine->property == other->property;
  return same ? share_text(mine->expected) : expected_text(findings);
}

std::string measured_text(const scenarios::Findings& findings) {
  return lines(findings, [](const auto& finding) { return measured(finding); });
}

}  // namespace leasehold::reports
