#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checkers/formats/value.hpp"

namespace leasehold::checkers {

/// Where in a file something stands; 0: not from a file.
struct Place {
  std::uint64_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< from 1, in code points
};

/// Who did something: a client's process by its number, or, by its name, something that asks the
/// object under test for nothing, such as Jepsen's nemesis or the observer of a simulation.
struct Process {
  std::int64_t number = 0;
  std::string name;

  [[nodiscard]] bool is_client() const { return name.empty(); }
  friend auto operator<=>(const Process&, const Process&) = default;
};

/// A line of a history, whatever its format: a process asked for something, was answered, was not
/// (`info`: it may have happened), or something else came to pass.
struct RecordedEvent {
  enum class Type : std::uint8_t { invoke, ok, fail, info };

  Process process;
  Type type{};
  std::string f;  ///< what was asked: acquire, write, cas …
  Value key;      ///< of what, where the format says it apart from the value
  Value value;
  Value error;
  std::optional<std::int64_t> time_ns;  ///< may run backwards: the order is that of the file
  std::optional<std::int64_t> index;
  Value extras;  ///< whatever else the line says, as a map; nil if nothing
  Place place;

  /// Everything but the place.
  friend bool operator==(const RecordedEvent& a, const RecordedEvent& b);
};

inline bool operator==(const RecordedEvent& a, const RecordedEvent& b) {
  return a.process == b.process && a.type == b.type && a.f == b.f && a.key == b.key &&
         a.value == b.value && a.error == b.error && a.time_ns == b.time_ns && a.index == b.index &&
         a.extras == b.extras;
}

}  // namespace leasehold::checkers
