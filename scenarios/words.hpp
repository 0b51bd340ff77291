#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "scenarios/fault_template.hpp"
#include "scenarios/scenario.hpp"

/// The words that stand for enumerators in files, in the order of the enumerators.
namespace leasehold::scenarios {

enum class WorkloadKind : std::uint8_t {
  critical_section,
  counter,
  period_job,
  index_job,
  voucher,
};

/// What becomes of a property in all runs.
enum class EveryRun : std::uint8_t { holds, violated };

template <class Enum>
struct WordList;

template <>
struct WordList<WorkloadKind> {
  static constexpr std::array<std::string_view, 5> kWords{"critical-section", "counter",
                                                          "period-job", "index-job", "voucher"};
};
template <>
struct WordList<PeriodJob::Guard> {
  static constexpr std::array<std::string_view, 3> kWords{"hold-to-expiry", "release", "last-run"};
};
template <>
struct WordList<Voucher::Order> {
  static constexpr std::array<std::string_view, 2> kWords{"lock-first", "read-first"};
};
template <>
struct WordList<Voucher::Claim> {
  static constexpr std::array<std::string_view, 3> kWords{"blind", "conditional", "unchecked"};
};
template <>
struct WordList<Voucher::Acknowledge> {
  static constexpr std::array<std::string_view, 2> kWords{"on-receipt", "when-done"};
};
template <>
struct WordList<Fencing> {
  static constexpr std::array<std::string_view, 3> kWords{"off", "on", "write-only"};
};
template <>
struct WordList<Role> {
  static constexpr std::array<std::string_view, 7> kWords{
      "client", "holder", "server", "leader", "minority", "majority", "all"};
};
template <>
struct WordList<Trigger> {
  static constexpr std::array<std::string_view, 9> kWords{
      "acquire-sent", "granted",      "checked", "work",  "effect-sent",
      "renew-sent",   "release-sent", "elected", "locked"};
};
template <>
struct WordList<PartitionShape> {
  static constexpr std::array<std::string_view, 4> kWords{"isolate", "halves", "minority",
                                                          "majority"};
};
template <>
struct WordList<Direction> {
  static constexpr std::array<std::string_view, 3> kWords{"both", "inbound", "outbound"};
};
template <>
struct WordList<Peers> {
  static constexpr std::array<std::string_view, 4> kWords{"everyone", "clients", "servers",
                                                          "resource"};
};
template <>
struct WordList<StepSense> {
  static constexpr std::array<std::string_view, 3> kWords{"forward", "backward", "either"};
};
template <>
struct WordList<FaultKind> {
  static constexpr std::array<std::string_view, 17> kWords{
      "partition",        "loss",       "delay",       "reply-loss", "pause",
      "vm-suspend",       "clock-rate", "clock-slew",  "clock-step", "crash",
      "power-loss",       "slow-disk",  "fsync-error", "cpu-steal",  "memory-pressure",
      "connection-reset", "failover"};
};

template <>
struct WordList<EveryRun> {
  static constexpr std::array<std::string_view, 2> kWords{"holds", "violated"};
};

template <class Enum>
constexpr std::span<const std::string_view> words() {
  return WordList<Enum>::kWords;
}

template <class Enum>
constexpr std::string_view word(Enum value) {
  return WordList<Enum>::kWords[static_cast<std::size_t>(value)];
}

template <class Enum>
constexpr std::optional<Enum> from_word(std::string_view text) {
  const auto list = words<Enum>();
  const auto found = std::find(list.begin(), list.end(), text);
  if (found == list.end()) return std::nullopt;
  return static_cast<Enum>(found - list.begin());
}

inline WorkloadKind kind_of(const Workload& workload) {
  return static_cast<WorkloadKind>(workload.index());
}

}  // namespace leasehold::scenarios
