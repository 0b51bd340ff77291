#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "scenarios/fault_plan.hpp"
#include "scenarios/scenario.hpp"
#include "sim/process/random.hpp"
#include "sim/process/units.hpp"
#include "support/assert.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Rng;

/// FNV-1a (64 bits).
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// From exactly one word.
std::int64_t draw(const IntegerRange& range, Rng& rng) {
  return range.low + static_cast<std::int64_t>(
                         rng.below(static_cast<std::uint64_t>(range.high - range.low) + 1));
}

bool changes_clocks(FaultKind kind) {
  return kind == FaultKind::clock_rate || kind == FaultKind::clock_slew ||
         kind == FaultKind::clock_step;
}

/// How long a fault keeps its target from working. A process that never comes back is not counted:
/// the others go on without it.
std::int64_t occupied_ns(const PlannedFault& fault) {
  return fault.duration_ns + fault.restart_after_ns.value_or(0) + fault.detection_ns +
         fault.promotion_ns;
}

/// What one template contributes to the plan of one seed.
class TemplateDraw {
 public:
  TemplateDraw(const FaultTemplate& fault, const Scenario& scenario, std::uint64_t seed)
      : template_(fault),
        clients_(scenario.clients),
        yardsticks_(scenario.yardsticks()),
        seed_(seed) {}

  void append_to(std::vector<PlannedFault>& plan) const {
    Rng swarm = Rng::stream(seed_, hash_of(template_.id), sim::purpose("fault.swarm"));
    if (!swarm.chance(template_.chance_per_mille, 1'000)) return;
    if (!hits_each()) return append_group(template_.id, template_.target, plan);
    if (template_.target.role == Role::all) append_each(Role::client, clients_, plan);
    append_each(Role::server, kServerSlots, plan);
  }

 private:
  /// Whether the target stands for several, each with faults of its own.
  bool hits_each() const {
    const bool each_clock = template_.target.role == Role::all && changes_clocks(template_.kind) &&
                            !template_.correlated;
    return each_clock || (template_.target.role == Role::server && !template_.target.index);
  }

  void append_each(Role role, std::uint32_t count, std::vector<PlannedFault>& plan) const {
    const std::string name = role == Role::client ? ":client-" : ":";
    for (std::uint32_t i = 0; i < count; ++i) {
      append_group(template_.id + name + std::to_string(i), {role, i}, plan);
    }
  }

  /// The faults of one target: as many as drawn, one after the other with the gap between them.
  void append_group(const std::string& name, Target target, std::vector<PlannedFault>& plan) const {
    Rng counts = Rng::stream(seed_, hash_of(name), sim::purpose("fault.count"));
    std::vector<PlannedFault> group;
    for (std::int64_t n = scenarios::draw(template_.count, counts); n > 0; --n) {
      group.push_back(drawn(name + "." + std::to_string(group.size()), target));
    }
    std::stable_sort(group.begin(), group.end(),
                     [](const auto& a, const auto& b) { return a.start_ns < b.start_ns; });
    const std::int64_t gap = template_.gap.resolve(yardsticks_).ns();
    std::int64_t free_from = 0;
    for (PlannedFault& fault : group) {
      fault.start_ns = std::max(fault.start_ns, free_from);
      if (fault.start_ns >= yardsticks_.horizon.ns()) break;
      end_at_horizon(fault);
      free_from = fault.start_ns + occupied_ns(fault) + gap;
      plan.push_back(std::move(fault));
    }
  }

  void end_at_horizon(PlannedFault& fault) const {
    if (!info(fault.kind).takes(FaultParameter::duration)) return;
    if (!fault.on) {
      fault.duration_ns = std::min(fault.duration_ns, yardsticks_.horizon.ns() - fault.start_ns);
    }
    fault.duration_ns = std::max<std::int64_t>(fault.duration_ns, 1);
  }

  /// Every value takes its word of the stream, whether the kind has that value or not.
  PlannedFault drawn(std::string id, Target target) const {
    Rng rng = Rng::stream(seed_, hash_of(id), sim::purpose("fault.values"));
    PlannedFault fault;
    fault.kind = template_.kind;
    fault.id = std::move(id);
    fault.target = target;
    fault.window_ns = template_.window.resolve(yardsticks_).ns();
    draw_time(fault, rng);
    draw_links(fault, rng);
    draw_clock(fault, rng);
    draw_process(fault, rng);
    return fault;
  }

  void draw_time(PlannedFault& fault, Rng& rng) const {
    const TriggerTemplate on = template_.on.value_or(TriggerTemplate{});
    fault.start_ns = draw(template_.at, rng);
    const auto occurrence = static_cast<std::uint32_t>(scenarios::draw(on.occurrence, rng));
    const std::int64_t delay = draw(on.delay, rng);
    const std::int64_t duration = draw(template_.duration, rng);
    const auto client = static_cast<std::uint32_t>(rng.below(clients_));
    if (template_.on) fault.on = PlannedTrigger{on.event, occurrence, delay};
    if (takes(FaultParameter::duration)) fault.duration_ns = duration;
    const bool any_client = fault.target.role == Role::client && !fault.target.index;
    if (any_client && !fault.on) fault.target.index = client;
  }

  void draw_links(PlannedFault& fault, Rng& rng) const {
    const std::uint64_t side = rng.next();
    const std::int64_t probability = scenarios::draw(template_.probability_ppm, rng);
    const std::int64_t extra = draw(template_.extra, rng);
    const Role role = template_.target.role;
    const bool some_servers = role == Role::minority || role == Role::majority;
    if (some_servers || template_.shape != PartitionShape::isolate) fault.side = side;
    fault.shape = template_.shape;
    fault.direction = template_.direction;
    fault.peers = template_.peers;
    if (takes(FaultParameter::probability)) {
      fault.probability_ppm = static_cast<std::uint32_t>(probability);
    }
    if (takes(FaultParameter::extra)) fault.extra_ns = extra;
  }

  void draw_clock(PlannedFault& fault, Rng& rng) const {
    const std::int64_t rate = scenarios::draw(template_.rate_ppm, rng);
    const std::int64_t step = draw(template_.step, rng);
    const bool coin = rng.chance(1, 2);
    const bool backward =
        template_.sense == StepSense::backward || (template_.sense == StepSense::either && coin);
    if (takes(FaultParameter::rate)) fault.rate_ppm = rate;
    if (takes(FaultParameter::step)) fault.step_ns = backward ? -step : step;
    fault.correlated = template_.correlated;
  }

  void draw_process(PlannedFault& fault, Rng& rng) const {
    const std::int64_t restart = draw(template_.restart_after.value_or(DistributionSpec{}), rng);
    const std::int64_t factor = scenarios::draw(template_.factor, rng);
    const std::int64_t failures = scenarios::draw(template_.failures, rng);
    const std::int64_t detection = draw(template_.detection, rng);
    const std::int64_t promotion = draw(template_.promotion, rng);
    const bool alive = rng.chance(template_.old_primary_alive_per_mille, 1'000);
    fault.freeze = template_.freeze;
    if (takes(FaultParameter::restart_after) && template_.restart_after) {
      fault.restart_after_ns = restart;
    }
    if (takes(FaultParameter::factor)) fault.factor = static_cast<std::uint32_t>(factor);
    if (takes(FaultParameter::failures)) fault.failures = static_cast<std::uint32_t>(failures);
    if (!takes(FaultParameter::detector)) return;
    fault.detection_ns = detection;
    fault.promotion_ns = promotion;
    fault.old_primary_alive = alive;
  }

  bool takes(FaultParameter parameter) const { return info(template_.kind).takes(parameter); }

  /// No value is longer than a file could say: a plan can always be stored.
  std::int64_t draw(const DistributionSpec& spec, Rng& rng) const {
    return std::min(spec.resolve(yardsticks_).sample(rng), sim::kLongestDuration).ns();
  }

  const FaultTemplate& template_;
  std::uint32_t clients_;
  Yardsticks yardsticks_;
  std::uint64_t seed_;
};

/// Takes faults in the order of their start times, as long as the budget lasts.
class BudgetMeter {
 public:
  BudgetMeter(const FaultBudget& budget, sim::Duration horizon)
      : budget_(budget),
        horizon_(horizon.ns()),
        busy_most_(horizon_ - horizon_ / 1'000 * std::int64_t{budget.quiet_per_mille}) {}

  bool admits(const PlannedFault& fault) {
    if (changes_clocks(fault.kind)) return true;
    const std::int64_t start = fault.start_ns;
    const std::int64_t end = std::min(start + occupied_ns(fault), horizon_);
    std::erase_if(ends_, [start](std::int64_t other) { return other <= start; });
    const std::int64_t added = std::max<std::int64_t>(0, end - std::max(start, busy_until_));
    if (taken_ == budget_.total || ends_.size() >= budget_.concurrent ||
        busy_ + added > busy_most_) {
      return false;
    }
    ++taken_;
    ends_.push_back(end);
    busy_ += added;
    busy_until_ = std::max(busy_until_, end);
    return true;
  }

 private:
  const FaultBudget& budget_;
  std::int64_t horizon_;
  std::int64_t busy_most_;
  std::int64_t busy_ = 0;  ///< length of the union of all taken so far
  std::int64_t busy_until_ = 0;
  std::vector<std::int64_t> ends_;  ///< of those in effect at the last start
  std::uint32_t taken_ = 0;
};

}  // namespace

FaultPlan draw_fault_plan(const Scenario& scenario, std::uint64_t seed) {
  FaultPlan plan;
  for (const FaultTemplate& fault : scenario.faults) {
    TemplateDraw(fault, scenario, seed).append_to(plan.faults);
  }
  std::sort(plan.faults.begin(), plan.faults.end(), [](const auto& a, const auto& b) {
    return std::tie(a.start_ns, a.id) < std::tie(b.start_ns, b.id);
  });
  BudgetMeter meter(scenario.budget, scenario.horizon);
  FaultPlan affordable;
  for (PlannedFault& fault : plan.faults) {
    if (meter.admits(fault)) affordable.faults.push_back(std::move(fault));
  }
  return affordable;
}

std::vector<std::uint32_t> drawn_slots(std::uint64_t side, std::uint32_t servers,
                                       std::uint32_t count) {
  LH_ASSERT(count <= servers);
  LH_ASSERT(servers <= kServerSlots);
  std::array<std::uint32_t, kServerSlots> order{};
  for (std::uint32_t i = 0; i < kServerSlots; ++i) {
    const auto place = static_cast<std::uint32_t>(side % (i + 1));
    side /= i + 1;
    order[i] = order[place];
    order[place] = i;
  }
  std::vector<std::uint32_t> slots;
  for (const std::uint32_t slot : order) {
    if (slot < servers && slots.size() < count) slots.push_back(slot);
  }
  return slots;
}

}  // namespace leasehold::scenarios
