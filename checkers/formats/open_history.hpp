#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "checkers/formats/byte_source.hpp"
#include "checkers/formats/event_reader.hpp"
#include "checkers/specifications/reading.hpp"
#include "support/expected.hpp"

namespace leasehold::checkers {

enum class HistoryFormat : std::uint8_t {
  json_lines,    ///< leasehold's own
  edn,           ///< Jepsen's
  porcupine_kv,  ///< EDN with a :key, as of the key-value store that Porcupine is tested with
  jepsen_log,    ///< Jepsen's history.txt and jepsen.log
  porcupine_log  ///< of the etcd logs that Porcupine is tested with
};

std::string_view name_of(HistoryFormat format);

/// What a user need not say about a history of that format.
ReadingRules rules_of(HistoryFormat format);

struct OpenHistory {
  HistoryFormat format{};
  std::unique_ptr<EventReader> events;
};

/// Recognises the format by the content. The error lacks the name of the file.
support::Expected<OpenHistory> open_history(std::unique_ptr<ByteSource> source);

}  // namespace leasehold::checkers
