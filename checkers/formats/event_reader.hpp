#pragma once

#include <optional>

#include "checkers/formats/recorded_event.hpp"
#include "support/diagnostic.hpp"

namespace leasehold::checkers {

/// A history, an event at a time, whatever its format.
class EventReader {
 public:
  virtual ~EventReader() = default;
  /// Overwrites `event` with the next one. False at the end, and where the file is wrong.
  virtual bool next(RecordedEvent& event) = 0;
  /// What is wrong with the file, without its name: nothing more can be read.
  [[nodiscard]] const std::optional<support::Diagnostic>& error() const { return error_; }

 protected:
  std::optional<support::Diagnostic> error_;
};

}  // namespace leasehold::checkers
