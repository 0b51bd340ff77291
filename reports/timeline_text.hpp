#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkers/run_checker.hpp"
#include "reports/timeline_names.hpp"

/// What a timeline says in words.
namespace leasehold::reports {

/// `17.204 s`; more digits where a picture shows less than a tenth of a second.
std::string time_text(std::int64_t at_ns, int decimals = 3);

/// `+3.10 ms`, `−2.00 s`: how far a clock is ahead.
std::string ahead_text(std::int64_t ahead_ns);

/// What a bar is called: `c0#3`, `leader, term 4`; nothing if it says no more than its kind.
std::string bar_name(const Timeline& timeline, const TimelineBar& bar);

/// The same with its token if it has one: `c0#3, token 34`.
std::string bar_name_in_full(const Timeline& timeline, const TimelineBar& bar);

/// What a bar is, for whoever points at it.
std::string bar_text(const Timeline& timeline, const TimelineBar& bar);

/// What stands before and after an event's text, and then its peer: `sends ` … ` to ` …
struct Phrase {
  std::string_view before;
  std::string_view peer;  ///< empty: the peer is not named
};
Phrase phrase_of(TimelineEvent::Kind kind);

/// An event as its lane would tell it: `sends SET lock c3#7 NX PX 10000 to s0`.
std::string event_text(const Timeline& timeline, const TimelineEvent& event);

/// What went wrong, in a sentence: the title of a page.
std::string headline(const Timeline& timeline);

/// The event at which the first finding becomes true: what the page opens at.
EventIndex focus_event(const Timeline& timeline);

/// Whether the text names an attempt that the first finding is about.
bool concerns_finding(const Timeline& timeline, const std::string& text);

/// How a fault went: `client:2: from 3.1 s to 17.3 s, felt from 3.1 s`.
std::string fault_course(const Timeline& timeline, const TimelineFault& fault);

/// Whether it hits nothing but clocks.
bool is_clock_fault(scenarios::FaultKind kind);

std::string_view word(checkers::Judgement judgement);

}  // namespace leasehold::reports
