#include "scenarios/format/check.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "scenarios/format/read_value.hpp"
#include "scenarios/format/walk.hpp"
#include "scenarios/words.hpp"
#include "sim/process/units.hpp"
#include "support/diagnostic.hpp"
#include "support/nearest_word.hpp"

namespace leasehold::scenarios::format {
namespace {

using sim::Duration;
using support::quoted;

/// Tells problems at JSON pointers.
class Report {
 public:
  Report(const LocatedValue& root, Problems& problems) : root_(root), problems_(problems) {}

  void operator()(const std::string& pointer, std::string message, std::string expected = {},
                  std::string nearest = {}) const {
    problems_.add(place_of(root_, pointer), pointer, std::move(message), std::move(expected),
                  std::move(nearest));
  }
  std::size_t count() const { return problems_.count(); }

 private:
  const LocatedValue& root_;
  Problems& problems_;
};

/// Measures every length of a scenario by its lease and horizon.
class LengthCheck {
 public:
  LengthCheck(const Yardsticks& yardsticks, const Report& report)
      : yardsticks_(yardsticks), report_(report) {}

  template <class T, class Rule>
  void operator()(const std::string& pointer, const T& member, const Rule& rule) const {
    judge(pointer, member, rule);
  }

 private:
  template <class T, class Rule>
  void judge(const std::string&, const T&, const Rule&) const {}

  void judge(const std::string& pointer, const Span& span, const LengthRule& rule) const {
    const Duration length = span.resolve(yardsticks_);
    if (too_long(pointer, length)) return;
    if (rule.positive && length == Duration::zero()) report_(pointer, "is zero");
  }

  void judge(const std::string& pointer, const DistributionSpec& spec,
             const LengthRule& rule) const {
    for (const Span& span :
         {spec.a, spec.b, spec.min.value_or(Span{}), spec.max.value_or(Span{})}) {
      if (too_long(pointer, span.resolve(yardsticks_))) return;
    }
    if (!spec.is_ordered(yardsticks_)) {
      report_(pointer, "the low end is above the high end");
    } else if (rule.positive && spec.resolve(yardsticks_).maximum() == Duration::zero()) {
      report_(pointer, "is always zero");
    }
  }

  template <class T>
  void judge(const std::string& pointer, const std::optional<T>& value, const NeverRule&) const {
    if (value) judge(pointer, *value, LengthRule{});
  }

  bool too_long(const std::string& pointer, Duration length) const {
    if (length <= sim::kLongestDuration) return false;
    report_(pointer, "is longer than " + sim::format_duration(sim::kLongestDuration));
    return true;
  }

  const Yardsticks& yardsticks_;
  const Report& report_;
};

void check_phases(const Scenario& scenario, const Report& report) {
  const Duration heal = scenario.heal.resolve(scenario.yardsticks());
  if (heal == Duration::zero()) return;  // nothing is said of a healed world
  const Duration least = scenario.lease * 3;
  if (heal < least) {
    report("/heal", "heals for " + sim::format_duration(heal) + ", shorter than three leases",
           "at least " + sim::format_duration(least) + ", or 0s");
  }
  const Duration progress_within = scenario.progress_within.resolve(scenario.yardsticks());
  if (progress_within > heal) {
    report("/progress_within",
           sim::format_duration(progress_within) +
               " is longer than the heal phase, so that no lock " + "could be found stuck",
           "at most " + sim::format_duration(heal));
  }
}

void check_names(const Scenario& scenario, const Report& report) {
  if (scenario.algorithms.empty()) report("/algorithms", "names no algorithm");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < scenario.algorithms.size(); ++i) {
    if (seen.insert(scenario.algorithms[i]).second) continue;
    report(pointer_to("/algorithms", i), quoted(scenario.algorithms[i]) + " stands twice");
  }
}

void check_workload(const Scenario& scenario, const Report& report) {
  const auto* job = std::get_if<PeriodJob>(&scenario.workload);
  if (job != nullptr && job->poll > job->period) {
    report("/workload/poll", "polls less often than once per period",
           "at most " + sim::format_duration(job->period));
  }
}

std::string roles_of(const FaultKindInfo& kind) {
  std::string out;
  for (std::size_t i = 0; i < words<Role>().size(); ++i) {
    if (!kind.allows(static_cast<Role>(i))) continue;
    out += (out.empty() ? "" : ", ") + std::string(words<Role>()[i]);
  }
  return out;
}

void check_target(const FaultTemplate& fault, const Scenario& scenario, const std::string& pointer,
                  const Report& report) {
  const Target& target = fault.target;
  if (!info(fault.kind).allows(target.role)) {
    report(pointer,
           quoted(std::string(word(fault.kind))) + " cannot hit " +
               quoted(std::string(word(target.role))),
           "one of " + roles_of(info(fault.kind)));
    return;
  }
  const std::uint32_t count = target.role == Role::client ? scenario.clients : kServerSlots;
  if (target.index && *target.index >= count) {
    const std::string role(word(target.role));
    report(pointer, "there is no " + role + ":" + std::to_string(*target.index),
           role + ":0 to " + role + ":" + std::to_string(count - 1));
  }
  if (fault.shape != PartitionShape::isolate && target.role != Role::all) {
    report(pointer,
           "a partition of shape " + quoted(std::string(word(fault.shape))) +
               " splits everyone, not one target",
           "\"all\"");
  }
}

void check_faults(const Scenario& scenario, const Report& report) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const std::string pointer = pointer_to("/faults", i);
    const FaultTemplate& fault = scenario.faults[i];
    check_target(fault, scenario, pointer + "/target", report);
    if (!ids.insert(fault.id).second) {
      report(pointer + "/id", "id " + quoted(fault.id) + " stands twice", "an id of its own");
    }
  }
}

void check_order(const Expectation& expect, const Yardsticks& yardsticks,
                 const std::string& pointer, const Report& report) {
  const auto possible = [&](std::string_view key, const std::optional<ExpectedShare>& share) {
    if (!share || share->at_least_per_mille <= share->at_most_per_mille) return;
    report(pointer_to(pointer, key), "expects more than it allows");
  };
  for (std::size_t i = 0; i < expect.shares.size(); ++i) {
    possible(checkers::kPropertyNames[i], expect.shares[i]);
  }
  possible("stuck", expect.stuck);
  const auto ordered = [&](const char* key, const std::optional<ExpectedLength>& length) {
    const bool bounded = length && length->at_most;
    if (!bounded) return;
    if (length->at_least.resolve(yardsticks) <= length->at_most->resolve(yardsticks)) return;
    report(pointer_to(pointer, key), "expects more than it allows");
  };
  ordered("longest_wait", expect.longest_wait);
  ordered("longest_gap", expect.longest_gap);
}

/// A variant that just misses the condition of another one is told beside it.
void check_missed(const Scenario& scenario, const Variant& variant, const std::string& pointer,
                  const Report& report) {
  if (variant.misses.empty()) return;
  std::vector<std::string_view> labels;
  for (const Variant& other : scenario.variants) {
    const bool can_be_missed = other.expect && other.misses.empty();
    if (can_be_missed) labels.push_back(other.label);
  }
  if (std::find(labels.begin(), labels.end(), variant.misses) != labels.end()) return;
  report(pointer + "/misses",
         "no variant that expects something is called " + quoted(variant.misses), listed(labels),
         std::string(support::nearest_word(variant.misses, labels)));
}

void check_truth(const Scenario& scenario, const Report& report) {
  std::set<std::string> labels;
  bool expects = scenario.variants.empty();  // those of a truth, once they are told apart
  for (std::size_t i = 0; i < scenario.variants.size(); ++i) {
    const Variant& variant = scenario.variants[i];
    const std::string pointer = pointer_to("/variants", i);
    if (!labels.insert(variant.label).second) {
      report(pointer + "/label", quoted(variant.label) + " stands twice", "a label of its own");
    }
    check_missed(scenario, variant, pointer, report);
    if (!variant.expect) continue;
    expects = true;
    if (*variant.expect == Expectation{}) report(pointer + "/expect", "expects nothing");
    check_order(*variant.expect, scenario.yardsticks(), pointer + "/expect", report);
    if (!scenario.truth) {
      report(pointer + "/expect", "expects something of a scenario that tells no truth",
             "\"truth\" beside \"variants\"");
    }
  }
  if (scenario.truth && !expects) report("/truth", "no variant expects anything");
}

/// A clean control must be clean: whatever is found in it is a false alarm.
void check_calm(const Scenario& scenario, const Report& report) {
  if (!scenario.calm) return;
  if (!scenario.faults.empty()) report("/faults", "a calm scenario has faults", "none");
  if (scenario.network.loss_ppm > 0) report("/network/loss_ppm", "a calm network loses nothing");
  const Yardsticks yardsticks = scenario.yardsticks();
  const auto bound = [&](const char* pointer, const DistributionSpec& spec, Duration most) {
    if (spec.resolve(yardsticks).maximum() <= most) return;
    report(pointer, "may exceed what a calm scenario allows",
           "a \"max\" of at most " + sim::format_duration(most));
  };
  bound("/network/client_server", scenario.network.client_server, scenario.lease / 100);
  bound("/network/client_resource", scenario.network.client_resource, scenario.lease / 100);
  bound("/network/server_server", scenario.network.server_server, scenario.lease / 100);
  bound("/work", scenario.work, scenario.lease / 2);
}

}  // namespace

void check(const Scenario& scenario, const LocatedValue& root, Problems& problems) {
  const Report report(root, problems);
  const std::size_t before = report.count();
  const Yardsticks yardsticks = scenario.yardsticks();
  walk(scenario, LengthCheck(yardsticks, report));
  check_names(scenario, report);
  check_faults(scenario, report);
  check_workload(scenario, report);
  if (report.count() > before) return;  // what follows measures lengths that must be sound
  check_phases(scenario, report);
  check_truth(scenario, report);
  check_calm(scenario, report);
}

}  // namespace leasehold::scenarios::format
