#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/explanation/explanation.hpp"

/// What happened in a run, in the words of somebody who tells it afterwards.
namespace leasehold::reports {

/// `18.331 s`; to the microsecond where the events that decide are hardly a millisecond apart.
std::string instant_text(std::int64_t at_ns, const scenarios::Explanation& explanation);

/// A time, and what there is to say of it, within the width.
std::string timed_line(const std::string& at, const std::string& text, std::size_t width);

/// `client 2`
std::string client_text(checkers::ClientId client);

/// Whom a fault hits: `client 2`, `server 0`, `servers 1 and 3`. REQUIRES: it hits somebody.
std::string targets_text(const std::vector<sim::ProcessId>& targets, std::uint32_t clients);

/// How it begins: `client 2 is paused for 13.1 s`.
std::string fault_phrase(const scenarios::PlannedFault& fault,
                         const std::vector<sim::ProcessId>& targets, std::uint32_t clients);
/// How it ends, empty if that is no event: `client 2 runs again`.
std::string fault_end_phrase(const scenarios::PlannedFault& fault,
                             const std::vector<sim::ProcessId>& targets, std::uint32_t clients);

/// What it is: `the pause of client 2`.
std::string fault_noun(const scenarios::PlannedFault& fault,
                       const std::vector<sim::ProcessId>& targets, std::uint32_t clients);

/// The event of a moment: `client 1 is granted the lock`. Of several records of one instant the one
/// that says most.
std::string moment_phrase(const scenarios::Chronicle& chronicle, std::size_t moment,
                          const scenarios::FaultPlan& plan, std::uint32_t clients);

/// `a process stands still only briefly`
std::string assumption_text(scenarios::Assumption assumption);
/// The word for it in JSON: `bounded_pause`.
std::string_view assumption_word(scenarios::Assumption assumption);

}  // namespace leasehold::reports
