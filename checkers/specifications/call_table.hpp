#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/formats/pairing.hpp"
#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers {

/// A call of a history as it is shown to people. Of a fact, the process is 0 and nothing answered.
struct CheckedCall {
  std::int64_t process = 0;
  Position invoked = 0;
  Position responded = kNever;
  std::uint64_t line = 0;
  std::uint64_t answered_line = 0;  ///< 0: never
  std::optional<std::int64_t> invoked_ns;
  std::optional<std::int64_t> answered_ns;
  std::string_view text;  ///< what was asked and answered; empty in histories too long to explain

  /// The number of its invocation among all events, from 0.
  [[nodiscard]] std::uint64_t event() const { return event_at(invoked); }
};

/// The calls of a history, millions perhaps, in a few bytes each: times only if there are any,
/// texts end to end.
class CallTable {
 public:
  void push_back(const CheckedCall& call);
  /// Its text is valid until the next push_back().
  [[nodiscard]] CheckedCall operator[](std::size_t call) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Whether the text of another call would be looked at.
  [[nodiscard]] bool wants_text() const { return rows_.size() < kWorded; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// Beyond that nobody looks at single calls by their words.
  static constexpr std::size_t kWorded = 500'000;
  static constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int32_t kWide = std::numeric_limits<std::int32_t>::min();

  struct Row {
    std::int32_t process;  ///< kWide: see wide_
    Position invoked;
    Position responded;
    std::uint32_t line;
    std::uint32_t answered_line;
  };
  struct Times {
    std::int64_t invoked;
    std::int64_t answered;
  };

  std::deque<Row> rows_;
  std::deque<Times> times_;              ///< of the first calls, up to the last that has any
  std::deque<std::uint32_t> text_ends_;  ///< of the first calls, in texts_
  std::string texts_;
  std::map<std::size_t, std::int64_t> wide_;  ///< processes of more than 32 bits, by call
};

}  // namespace leasehold::checkers
