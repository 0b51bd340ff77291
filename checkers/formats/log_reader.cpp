#include "checkers/formats/log_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "checkers/formats/tokens.hpp"

namespace leasehold::checkers {
namespace {

/// The next word of the line from `at` on, which moves past it; empty at the end.
std::string_view next_word(std::string_view line, std::size_t& at) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (at < line.size() && is_space(line[at])) ++at;
  const std::size_t from = at;
  while (at < line.size() && !is_space(line[at])) ++at;
  return line.substr(from, at - from);
}

bool read_process(std::string_view word, Process& process) {
  process = {};
  if (word.size() > 1 && word.front() == ':') {
    process.name = word.substr(1);
    return is_keyword(process.name);
  }
  const char* const begin = word.data();
  const char* const end = begin + word.size();
  const auto [stopped, error] = std::from_chars(begin, end, process.number);
  return !word.empty() && stopped == end && error == std::errc();
}

bool read_type(std::string_view word, RecordedEvent::Type& type) {
  if (word.empty() || word.front() != ':') return false;
  const auto* const found = std::find(kEventTypes.begin(), kEventTypes.end(), word.substr(1));
  type = static_cast<RecordedEvent::Type>(found - kEventTypes.begin());
  return found != kEventTypes.end();
}

/// What a program printed, be it EDN or not.
Value read_leniently(std::string_view text) {
  auto value = parse_edn(text);
  return value ? std::move(value).value() : Value::string(text);
}

}  // namespace

bool find_log_tail(std::string_view line, LogTail& tail) {
  std::size_t at = 0;
  std::string_view process = next_word(line, at);
  while (!process.empty()) {
    const std::size_t before = static_cast<std::size_t>(process.data() - line.data());
    const std::string_view type = next_word(line, at);
    if (read_type(type, tail.type) && read_process(process, tail.process)) {
      tail.f = next_word(line, at);
      tail.begin = before;
      tail.value = at;
      return tail.f.size() > 1 && tail.f.front() == ':';
    }
    process = type;
  }
  return false;
}

LogReader::Found LogReader::read_record(RecordedEvent& event) {
  if (at_end()) return is_last_window() ? Found::end : Found::stopped;
  const std::size_t line_end = rest().find('\n');
  if (line_end == std::string_view::npos && !is_last_window()) return Found::stopped;
  const std::size_t length = std::min(line_end, rest().size());
  std::string_view line = rest().substr(0, length);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const char* const begin = line.data();
  LogTail tail;
  const bool found = find_log_tail(line, tail);
  if (found) {
    const EventBuilder fresh(event);
    event.process = std::move(tail.process);
    event.type = tail.type;
    event.f = tail.f.substr(1);
    move_to(begin + tail.begin);
    event.place = place();
    move_to(begin + tail.value);
    const std::size_t whole = limit_to(line.size() - tail.value);
    const bool read = read_rest(event);
    lift_limit(whole);
    if (!read) return Found::stopped;
  }
  move_to(begin + length);
  if (line_end != std::string_view::npos) {
    skip(1);
    new_line();
  }
  return found ? Found::event : Found::nothing;
}

bool LogReader::read_rest(RecordedEvent& event) {
  const char* const from = std::find_if_not(pointer(), limit(), is_blank);
  move_to(from);
  if (at_end()) return true;
  if (!event.process.is_client()) {
    event.value = read_leniently(rest());
    return true;
  }
  if (!read_value(event.value) || !skip_blank()) return false;
  if (!at_end()) event.error = read_leniently(rest());
  return true;
}

}  // namespace leasehold::checkers
