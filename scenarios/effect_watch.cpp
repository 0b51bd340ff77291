#include "scenarios/effect_watch.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using sim::ClockKind;
using sim::ProcessId;

constexpr std::uint8_t bit(ClockKind clock) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(clock));
}

constexpr std::uint8_t kAllClocks =
    bit(ClockKind::wall) | bit(ClockKind::mono) | bit(ClockKind::boot);

/// The clocks that a fault changes.
std::uint8_t clocks_changed_by(FaultKind kind, bool freeze) {
  switch (kind) {
    case FaultKind::clock_step:
      return bit(ClockKind::wall);
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
      return kAllClocks;
    case FaultKind::vm_suspend:
      return freeze ? kAllClocks : bit(ClockKind::mono);
    default:
      return 0;
  }
}

template <class Item>
bool contains(const std::vector<Item>& items, const Item& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

}  // namespace

EffectWatch::EffectWatch(sim::Kernel& kernel, EffectListener& listener)
    : kernel_(kernel), listener_(listener) {
  kernel_.set_fault_watcher(this);
}

EffectWatch::~EffectWatch() { kernel_.set_fault_watcher(nullptr); }

bool EffectWatch::acts_at_once(const PlannedFault& planned, const std::vector<ProcessId>& targets,
                               const Links& links) const {
  const auto any = [&targets](auto holds) {
    return std::any_of(targets.begin(), targets.end(), holds);
  };
  const std::uint8_t clocks = clocks_changed_by(planned.kind, planned.freeze);
  const auto waits = [&](ProcessId id) { return kernel_.has_timers(id, clocks); };
  const auto computes = [&](ProcessId id) { return kernel_.computing(id); };
  switch (planned.kind) {
    case FaultKind::partition:
    case FaultKind::loss:
    case FaultKind::delay:
    case FaultKind::reply_loss:
    case FaultKind::slow_disk:
    case FaultKind::fsync_error:
      return false;
    case FaultKind::pause:
    case FaultKind::cpu_steal:
      return any(computes);
    case FaultKind::vm_suspend:
      return any(computes) || any(waits);
    case FaultKind::clock_rate:
    case FaultKind::clock_slew:
    case FaultKind::clock_step:
      return any(waits);
    case FaultKind::crash:
    case FaultKind::power_loss:
      return any([this](ProcessId id) { return kernel_.alive(id); });
    case FaultKind::connection_reset:
      return std::any_of(links.begin(), links.end(), [this](const auto& link) {
        return kernel_.network().are_connected(link.first, link.second);
      });
    default:
      return true;
  }
}

void EffectWatch::begin(std::size_t fault, const PlannedFault& planned,
                        const std::vector<ProcessId>& targets, const Links& links) {
  watched_.push_back({fault, planned.kind, targets, links});
  for (const auto& [from, to] : links) kernel_.network().watch(from, to);
  watch_clocks_of(targets);
}

void EffectWatch::end(std::size_t fault) {
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    if (watched_[i].fault == fault) return forget(i);
  }
}

void EffectWatch::on_touch(Touch touch, std::uint32_t where, std::uint32_t peer) {
  for (std::size_t i = watched_.size(); i-- > 0;) {
    if (!is_felt(watched_[i], touch, where, peer)) continue;
    const std::size_t fault = watched_[i].fault;
    forget(i);
    listener_.on_in_effect(fault);
  }
}

bool EffectWatch::is_felt(const Watched& watched, Touch touch, std::uint32_t where,
                          std::uint32_t peer) {
  const bool on_link = contains(watched.links, std::pair(where, peer));
  const bool on_target = contains(watched.targets, where);
  switch (touch) {
    case Touch::cut:
      return watched.kind == FaultKind::partition && on_link;
    case Touch::lost:
      return (watched.kind == FaultKind::loss || watched.kind == FaultKind::reply_loss) && on_link;
    case Touch::delayed:
      return watched.kind == FaultKind::delay && on_link;
    case Touch::stopped:
      return (watched.kind == FaultKind::pause || watched.kind == FaultKind::vm_suspend) &&
             on_target;
    case Touch::clock:
      return clocks_changed_by(watched.kind, true) != 0 && on_target;
    case Touch::cpu:
      return watched.kind == FaultKind::cpu_steal && on_target;
    case Touch::disk:
      break;
  }
  return (watched.kind == FaultKind::slow_disk || watched.kind == FaultKind::fsync_error) &&
         on_target;
}

void EffectWatch::forget(std::size_t place) {
  const Watched gone = std::move(watched_[place]);
  watched_.erase(watched_.begin() + static_cast<std::ptrdiff_t>(place));
  for (const auto& [from, to] : gone.links) kernel_.network().unwatch(from, to);
  watch_clocks_of(gone.targets);
}

/// What the faults that are still watched have changed. A machine that stands still reads nothing.
void EffectWatch::watch_clocks_of(const std::vector<ProcessId>& hosts) {
  for (const ProcessId host : hosts) {
    std::uint8_t clocks = 0;
    for (const Watched& each : watched_) {
      if (each.kind == FaultKind::vm_suspend || !contains(each.targets, host)) continue;
      clocks |= clocks_changed_by(each.kind, false);
    }
    kernel_.watch_clocks(host, clocks);
  }
}

}  // namespace leasehold::scenarios
