#include "reports/scenario_text.hpp"

#include <algorithm>
#include <vector>

#include "reports/number.hpp"
#include "reports/text.hpp"
#include "scenarios/words.hpp"

namespace leasehold::reports {
namespace {

using scenarios::DistributionSpec;
using scenarios::FaultKind;
using scenarios::FaultParameter;
using scenarios::FaultTemplate;
using scenarios::IntegerRange;
using scenarios::PlannedFault;
using scenarios::Scenario;
using scenarios::Span;
using scenarios::Target;
using scenarios::Yardsticks;

/// A number and its unit, kept apart so that a range names the unit once.
struct Quantity {
  std::string number;
  std::string unit;

  std::string text() const { return number + " " + unit; }
};

std::string thousandths_text(std::int64_t thousandths) {
  std::string text = fixed_point(thousandths, 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Quantity quantity(const Span& span, const Yardsticks& yardsticks, bool in_leases) {
  if (in_leases && span.unit == Span::Unit::leases) {
    return {thousandths_text(span.value), span.value == 1'000 ? "lease" : "leases"};
  }
  const std::string text = duration_text(span.resolve(yardsticks).ns());
  const std::size_t space = text.find(' ');
  return {text.substr(0, space), text.substr(space + 1)};
}

std::string range_text(const Quantity& low, const Quantity& high) {
  // "0.2–1 lease" and "1–3 leases" alike: a range takes the unit of its end.
  const bool same =
      low.unit == high.unit || low.unit + "s" == high.unit || low.unit == high.unit + "s";
  return same ? low.number + "–" + high.text() : low.text() + "–" + high.text();
}

std::string range_text(const IntegerRange& range) {
  const std::string low = std::to_string(range.low);
  return range.low == range.high ? low : low + "–" + std::to_string(range.high);
}

std::string signed_text(std::int64_t value) {
  return value < 0 ? "−" + std::to_string(-value) : "+" + std::to_string(value);
}

std::string ppm_text(const IntegerRange& range) {
  if (range.low == -range.high) return "±" + std::to_string(range.high) + " ppm";
  if (range.low == range.high) return signed_text(range.low) + " ppm";
  return signed_text(range.low) + " to " + signed_text(range.high) + " ppm";
}

std::string percent_text(std::int64_t ppm) {
  return thousandths_text(ppm / 10) + " %";  // to a thousandth of a per cent
}

std::string target_text(const Target& target) {
  std::string text(scenarios::word(target.role));
  if (target.index) text += ":" + std::to_string(*target.index);
  return text;
}

/// What the kind takes besides its target, as a list of remarks.
std::vector<std::string> remarks(const FaultTemplate& fault, const Yardsticks& yardsticks) {
  const auto& kind = scenarios::info(fault.kind);
  const auto length = [&](const DistributionSpec& spec) {
    return distribution_text(spec, yardsticks, true);
  };
  std::vector<std::string> all;
  if (kind.takes(FaultParameter::duration)) all.push_back(length(fault.duration));
  if (kind.takes(FaultParameter::shape) && fault.shape != scenarios::PartitionShape::isolate) {
    all.emplace_back(scenarios::word(fault.shape));
  }
  if (kind.takes(FaultParameter::direction) && fault.direction != scenarios::Direction::both) {
    all.emplace_back(scenarios::word(fault.direction));
  }
  if (kind.takes(FaultParameter::probability)) {
    const IntegerRange& ppm = fault.probability_ppm;
    const std::string low = ppm.low == ppm.high ? "" : thousandths_text(ppm.low / 10) + "–";
    if (ppm.low < 1'000'000) all.push_back(low + percent_text(ppm.high));
  }
  if (kind.takes(FaultParameter::extra)) all.push_back("+" + length(fault.extra));
  if (kind.takes(FaultParameter::rate)) all.push_back(ppm_text(fault.rate_ppm));
  if (kind.takes(FaultParameter::step)) {
    const bool either = fault.sense == scenarios::StepSense::either;
    all.push_back((either ? "±" : "") + length(fault.step));
    if (!either) all.back() += " " + std::string(scenarios::word(fault.sense));
  }
  if (kind.takes(FaultParameter::restart_after)) {
    all.push_back(fault.restart_after ? "down for " + length(*fault.restart_after)
                                      : "never restarted");
  }
  if (kind.takes(FaultParameter::factor)) all.push_back(range_text(fault.factor) + "× slower");
  if (fault.on) all.push_back("on " + std::string(scenarios::word(fault.on->event)));
  if (fault.chance_per_mille < 1'000) {
    all.push_back("in " + thousandths_text(std::int64_t{fault.chance_per_mille} * 100) +
                  " % of runs");
  }
  return all;
}

std::vector<std::string> kinds_of(const Scenario& scenario) {
  std::vector<std::string> kinds;
  for (const FaultTemplate& fault : scenario.faults) {
    std::string kind(scenarios::word(fault.kind));
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

std::string distribution_text(const DistributionSpec& spec, const Yardsticks& yardsticks,
                              bool in_leases) {
  const auto text = [&](const Span& span) { return quantity(span, yardsticks, in_leases).text(); };
  std::string result;
  switch (spec.kind) {
    case DistributionSpec::Kind::constant:
      result = text(spec.a);
      break;
    case DistributionSpec::Kind::uniform:
      result = range_text(quantity(spec.a, yardsticks, in_leases),
                          quantity(spec.b, yardsticks, in_leases));
      break;
    case DistributionSpec::Kind::exponential:
      result = "mean " + text(spec.a);
      break;
    case DistributionSpec::Kind::lognormal:
      result = "median " + text(spec.a);
      break;
  }
  if (spec.min) result += ", at least " + text(*spec.min);
  if (spec.max) result += ", at most " + text(*spec.max);
  return result;
}

std::string setting_text(const Scenario& scenario) {
  const Yardsticks yardsticks = scenario.yardsticks();
  return "lease " + duration_text(scenario.lease.ns()) + "; work " +
         distribution_text(scenario.work, yardsticks, false) + "; " +
         std::to_string(scenario.clients) + (scenario.clients == 1 ? " client; " : " clients; ") +
         duration_text(scenario.horizon.ns()) + " + " +
         duration_text(scenario.heal.resolve(yardsticks).ns()) + " healed";
}

std::string fault_text(const FaultTemplate& fault, const Yardsticks& yardsticks) {
  std::string text(scenarios::word(fault.kind));
  if (fault.count != IntegerRange{1, 1}) text += " ×" + range_text(fault.count);
  text += " on " + target_text(fault.target);
  const std::vector<std::string> all = remarks(fault, yardsticks);
  return all.empty() ? text : text + ", " + joined(all, ", ");
}

std::string faults_text(const Scenario& scenario, std::size_t width) {
  if (scenario.faults.empty()) return "no faults";
  std::vector<std::string> in_full;
  for (const FaultTemplate& fault : scenario.faults) {
    in_full.push_back(fault_text(fault, scenario.yardsticks()));
  }
  const std::vector<std::string> kinds = kinds_of(scenario);
  const std::string budget = "at most " + std::to_string(scenario.budget.concurrent) + " at once";
  for (const std::string& text :
       {joined(in_full, "; "), joined(kinds, ", ") + "; " + budget, joined(kinds, ", ")}) {
    if (display_width(text) <= width) return text;
  }
  return std::to_string(kinds.size()) + " kinds of fault, " + budget;
}

std::string fault_text(const PlannedFault& fault) {
  const auto& kind = scenarios::info(fault.kind);
  std::string text = std::string(scenarios::word(fault.kind)) + " of " + target_text(fault.target);
  if (kind.takes(FaultParameter::step)) {
    text += fault.step_ns < 0 ? " by −" : " by +";
    text += duration_text(fault.step_ns < 0 ? -fault.step_ns : fault.step_ns);
  }
  if (kind.takes(FaultParameter::rate)) text += " by " + signed_text(fault.rate_ppm) + " ppm";
  if (kind.takes(FaultParameter::extra)) text += " by +" + duration_text(fault.extra_ns);
  if (kind.takes(FaultParameter::duration)) text += " for " + duration_text(fault.duration_ns);
  if (kind.takes(FaultParameter::restart_after)) {
    text += fault.restart_after_ns ? " for " + duration_text(*fault.restart_after_ns) : " for good";
  }
  return text;
}

}  // namespace leasehold::reports
