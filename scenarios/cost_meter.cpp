#include "scenarios/cost_meter.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::scenarios {

using sim::Duration;
using sim::TrueTime;

namespace {

/// A look costs some hundred steps; connections last.
constexpr Duration kBetweenLooks = Duration::seconds(5);

}  // namespace

void CostMeter::on_acquire(const checkers::Operation& acquire) {
  std::optional<std::uint64_t>& before = answers_before_[acquire.client];
  const std::uint64_t now = answers_to(acquire.client);
  if (acquire.phase == checkers::Operation::Phase::invoked) {
    before = now;
  } else if (before) {
    so_far_.round_trips += now - *std::exchange(before, std::nullopt);
  }
}

bool CostMeter::run_until(sim::Kernel& kernel, TrueTime end) {
  while (kernel.now() < end) {
    if (!kernel.run_until(std::min(end, kernel.now() + kBetweenLooks))) return false;
    so_far_.connections += connections();
    ++so_far_.looks;
  }
  return true;
}

RunCost CostMeter::cost() const {
  RunCost cost = so_far_;
  cost.messages = messages();
  cost.fsyncs = kernel_.counters().fsyncs;
  for (std::uint32_t client = 0; client < cast_.clients(); ++client) {
    const std::optional<std::uint64_t>& before = answers_before_[client];
    if (before) cost.round_trips += answers_to(client) - *before;
  }
  return cost;
}

std::uint64_t CostMeter::messages() const {
  std::uint64_t messages = 0;
  for (std::uint32_t from = 0; from < cast_.everyone(); ++from) {
    for (std::uint32_t to = 0; to < cast_.everyone(); ++to) {
      if (from == cast_.resource() || to == cast_.resource()) continue;
      messages += kernel_.network().messages_sent(from, to);
    }
  }
  return messages;
}

std::uint64_t CostMeter::answers_to(checkers::ClientId client) const {
  std::uint64_t answers = 0;
  for (std::uint32_t slot = 0; slot < cast_.servers(); ++slot) {
    answers += kernel_.network().messages_sent(cast_.server(slot), cast_.client(client));
  }
  return answers;
}

/// Everybody has one with the resource, if any.
std::uint64_t CostMeter::connections() const {
  std::uint64_t connections = kernel_.network().live_connections();
  for (std::uint32_t client = 0; client < cast_.clients(); ++client) {
    const bool also = kernel_.network().are_connected(cast_.client(client), cast_.resource());
    if (also && connections > 0) --connections;
  }
  return connections;
}

}  // namespace leasehold::scenarios
