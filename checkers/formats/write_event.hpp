#pragma once

#include <string>

#include "checkers/formats/recorded_event.hpp"

/// Histories as text. What is written reads as the same events.
namespace leasehold::checkers {

/// One map on one line, as Jepsen writes it.
void append_edn(std::string& out, const RecordedEvent& event);

/// The first line of leasehold's own format, and an event of it.
std::string json_lines_header();
void append_json(std::string& out, const RecordedEvent& event);
void append_json(std::string& out, const Value& value);

}  // namespace leasehold::checkers
