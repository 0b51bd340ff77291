#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "checkers/formats/recorded_event.hpp"

/// The fields of an event under the names that the formats give them.
namespace leasehold::checkers {

/// What the first line of leasehold's own format says instead of an event.
inline constexpr std::string_view kHistoryKey = "leasehold_history";
inline constexpr std::int64_t kHistoryVersion = 1;

enum class EventField : std::uint8_t { process, type, f, key, value, error, time, index, other };

inline constexpr std::array<std::string_view, 4> kEventTypes = {"invoke", "ok", "fail", "info"};

EventField event_field(std::string_view name);

/// Takes fields one by one and says what is wrong with them; kept by a reader for all its events.
class EventBuilder {
 public:
  /// What a field may not be, and what it may.
  struct Problem {
    std::string message;  ///< empty: none
    std::string expected;
    std::string nearest{};
    explicit operator bool() const { return !message.empty(); }
  };

  explicit EventBuilder(RecordedEvent& event);

  /// Where the field's value is to be read into.
  Value& slot(EventField field);
  /// Takes the value in the slot. `name`: as the file has it.
  Problem take(EventField field, const Value& name);
  /// Whether what an event must have is there.
  Problem finish();

 private:
  Problem take_process(const Value& value);
  Problem take_type(const Value& value);

  RecordedEvent& event_;
  unsigned seen_ = 0;  ///< a bit per field
  Value scratch_;
  std::vector<Value> extras_;
};

}  // namespace leasehold::checkers
