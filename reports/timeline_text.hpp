#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checkers/run_checker.hpp"
#include "scenarios/timeline/timeline.hpp"

/// What a timeline says in words.
namespace leasehold::reports {

/// `17.204 s`; more digits where a picture shows less than a tenth of a second.
std::string time_text(std::int64_t at_ns, int decimals = 3);

/// `+3.10 ms`, `−2.00 s`: how far a clock is ahead.
std::string ahead_text(std::int64_t ahead_ns);

/// `c0#3`, and `c0#3, token 34` where it has one.
std::string holder_text(const scenarios::TimelineBar& bar);

/// What a bar is, for whoever points at it.
std::string bar_text(const scenarios::Timeline& timeline, const scenarios::TimelineBar& bar);

/// What stands before and after an event's text, and then its peer: `sends ` … ` to ` …
struct Phrase {
  std::string_view before;
  std::string_view peer;  ///< empty: the peer is not named
};
Phrase phrase_of(scenarios::TimelineEvent::Kind kind);

/// An event as its lane would tell it: `sends SET lock c3#7 NX PX 10000 to s0`.
std::string event_text(const scenarios::Timeline& timeline, const scenarios::TimelineEvent& event);

/// What went wrong, in a sentence: the title of a page.
std::string headline(const scenarios::Timeline& timeline);

/// The event at which the first finding becomes true: what the page opens at.
scenarios::EventIndex focus_event(const scenarios::Timeline& timeline);

/// Whether the text names an attempt that the first finding is about.
bool concerns_finding(const scenarios::Timeline& timeline, const std::string& text);

/// How a fault went: `client:2: from 3.1 s to 17.3 s, felt from 3.1 s`.
std::string fault_course(const scenarios::Timeline& timeline,
                         const scenarios::TimelineFault& fault);

/// Whether it hits nothing but clocks.
bool is_clock_fault(scenarios::FaultKind kind);

std::string_view word(checkers::Judgement judgement);

}  // namespace leasehold::reports
