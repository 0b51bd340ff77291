#pragma once

#include <cstdint>
#include <optional>

#include "checkers/formats/recorded_event.hpp"
#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// An invocation with the answer to it, before any specification has looked at it.
struct RecordedCall {
  /// `failed`: a definite no, it did not happen. `indeterminate`: an info, or no answer at all.
  enum class Outcome : std::uint8_t { ok, failed, indeterminate };

  RecordedEvent invocation;
  std::optional<RecordedEvent> completion;  ///< nothing: never answered
  Outcome outcome = Outcome::indeterminate;
  Position invoked = 0;
  Position responded = kNever;  ///< kNever if and only if indeterminate

  /// What was asked and, where it succeeded, answered.
  [[nodiscard]] const Value& value() const {
    return outcome == Outcome::ok ? completion->value : invocation.value;
  }
};

}  // namespace leasehold::checkers
