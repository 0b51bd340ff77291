#pragma once

#include <string_view>

#include "checkers/formats/edn_reader.hpp"

namespace leasehold::checkers {

/// Where in a line of a log an event stands.
struct LogTail {
  Process process;
  RecordedEvent::Type type{};
  std::string_view f;
  std::size_t begin = 0;  ///< of the event
  std::size_t value = 0;  ///< of its value
};

/// Finds `PROCESS :TYPE :F …` in the line, whatever stands before it. False if it is not there.
bool find_log_tail(std::string_view line, LogTail& tail);

/// What Jepsen logs, as in its history.txt and jepsen.log and in the logs that Porcupine is tested
/// with: `PROCESS :TYPE :F VALUE [ERROR]` at the end of a line. Lines without are skipped.
class LogReader final : public EdnScanner {
 public:
  explicit LogReader(ByteSource& source) : EdnScanner(source) {}

 private:
  Found read_record(RecordedEvent& event) override;
  bool read_rest(RecordedEvent& event);
};

}  // namespace leasehold::checkers
