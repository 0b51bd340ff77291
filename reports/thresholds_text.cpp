#include "reports/thresholds_text.hpp"

#include "checkers/property_name.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

constexpr std::size_t kWidth = 80;

/// Parts per million as a percentage, with the decimals that it has.
std::string percent(std::uint32_t ppm) {
  std::string text = fixed_point(ppm, 4);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

std::string line_of(const scenarios::JudgedThreshold& judged) {
  const std::string property(checkers::property_name(judged.threshold.property));
  return "exceeded: " + property + " of " + judged.algorithm + " on " + printable(judged.scenario) +
         ", violated in " + count_text(judged.violated_runs) + " of " +
         count_text(judged.judged_runs) + " runs; at most " +
         percent(judged.threshold.max_violated_ppm);
}

}  // namespace

std::string thresholds_text(std::span<const scenarios::JudgedThreshold> thresholds) {
  if (thresholds.empty()) return "";
  std::string lines;
  std::size_t exceeded = 0;
  for (const scenarios::JudgedThreshold& judged : thresholds) {
    if (!judged.exceeded()) continue;
    ++exceeded;
    lines += "  " + paragraph(line_of(judged), 4, kWidth);
  }
  return "Thresholds: " + count_text(exceeded) + " exceeded, " +
         count_text(thresholds.size() - exceeded) + " kept\n" + lines;
}

}  // namespace leasehold::reports
