#include "reports/truth_text.hpp"

#include <algorithm>

#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::ExpectedShare;
using scenarios::LengthFinding;
using scenarios::ShareFinding;

std::string percent(std::uint32_t per_mille) { return Decimal(per_mille / 10.0).significant(2); }

std::string range(const ExpectedShare& share) {
  const std::string low = percent(share.at_least_per_mille);
  const std::string high = percent(share.at_most_per_mille);
  if (share.at_most_per_mille == 1'000) return "≥ " + low + " %";
  if (share.at_least_per_mille == 0) return "≤ " + high + " %";
  return low + "–" + high + " %";
}

std::string expected(const ShareFinding& finding) {
  const bool none = finding.expected == ExpectedShare::holds();
  const bool all = finding.expected == ExpectedShare::violated();
  if (!finding.property) return none ? "never" : all ? "always" : "in " + range(finding.expected);
  return none ? "holds" : all ? "violated" : "violated in " + range(finding.expected);
}

FindingText text_of(const ShareFinding& finding) {
  std::string measured = count_text(finding.seen) + " of " + count_text(finding.judged);
  if (finding.judged < finding.runs) measured += " judged of " + count_text(finding.runs);
  return {std::string(finding.subject()), expected(finding), measured, finding.as_expected()};
}

std::string span_text(const std::string& low, const std::string& high) {
  return low == high ? low : low + " to " + high;
}

std::string expected(const LengthFinding& finding) {
  const std::string low = duration_text(finding.at_least.ns());
  if (!finding.at_most) return "≥ " + low;
  const std::string high = duration_text(finding.at_most->ns());
  return finding.at_least == sim::Duration::zero() ? "≤ " + high : span_text(low, high);
}

std::string measured(const scenarios::PerRun& lengths) {
  if (lengths.runs == 0) return "never";
  return span_text(duration_text(lengths.least_ns), duration_text(lengths.greatest_ns));
}

FindingText text_of(const LengthFinding& finding) {
  std::string quantity(finding.quantity);
  std::replace(quantity.begin(), quantity.end(), '_', ' ');
  return {quantity, expected(finding), measured(finding.measured), finding.as_expected()};
}

}  // namespace

std::vector<FindingText> finding_texts(const scenarios::Findings& findings) {
  std::vector<FindingText> texts;
  for (const ShareFinding& finding : findings.shares) texts.push_back(text_of(finding));
  for (const LengthFinding& finding : findings.lengths) texts.push_back(text_of(finding));
  return texts;
}

std::string expected_line(const scenarios::Findings& findings) {
  std::vector<std::string> parts;
  for (const FindingText& text : finding_texts(findings)) {
    parts.push_back(text.subject + ' ' + text.expected);
  }
  return joined(parts, "; ");
}

std::string measured_line(const scenarios::Findings& findings) {
  std::vector<std::string> parts;
  for (const FindingText& text : finding_texts(findings)) parts.push_back(text.measured);
  return joined(parts, "; ");
}

}  // namespace leasehold::reports
