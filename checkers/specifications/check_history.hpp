#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkers/formats/byte_source.hpp"
#include "checkers/formats/open_history.hpp"
#include "checkers/specifications/history_judge.hpp"
#include "checkers/specifications/other_views.hpp"
#include "checkers/specifications/registry.hpp"

namespace leasehold::checkers {

struct CheckOptions {
  ChosenSpecification specification;
  std::optional<Value> initial;  ///< nothing: the format's own, or absent
  FailedReleases policy = FailedReleases::drop;
  SearchBudget budget;
  bool certify = false;  ///< a legal order is wanted, even if the verdict can do without
};

/// A call of a history as it is shown to people. Of a fact, the process is 0 and nothing answered.
struct CheckedCall {
  std::int64_t process = 0;
  Position invoked = 0;
  Position responded = kNever;
  std::uint64_t event = 0;  ///< of its invocation, among all events, from 0
  std::uint64_t line = 0;
  std::uint64_t answered_line = 0;  ///< 0: never
  std::optional<std::int64_t> invoked_ns;
  std::optional<std::int64_t> answered_ns;
  std::string text;  ///< what was asked and answered; empty in histories too long to explain
};

/// A history as read, with all that is said of it.
struct CheckedHistory {
  HistoryFormat format{};
  std::uint64_t events = 0;
  std::vector<CheckedCall> calls;  ///< as the judge numbers them
  std::unique_ptr<HistoryJudge> judge;
  HistoryJudgement judgement;
  /// By policy, where failed releases make one matter.
  std::optional<std::array<Verdict, 3>> under;
  OtherViews views;

  [[nodiscard]] bool depends_on_policy() const {
    return under && ((*under)[0] != (*under)[1] || (*under)[0] != (*under)[2]);
  }
};

/// Reads a history for a specification. The error lacks the name of the file.
support::Expected<CheckedHistory> read_history(std::unique_ptr<ByteSource> source,
                                               const CheckOptions& options);

/// Judges what was read.
void judge_history(CheckedHistory& history, const CheckOptions& options);

}  // namespace leasehold::checkers
