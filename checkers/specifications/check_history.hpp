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
#include "checkers/specifications/call_table.hpp"
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

/// A history as read, with all that is said of it.
struct CheckedHistory {
  HistoryFormat format{};
  std::uint64_t events = 0;
  /// The line up to which the memory of the budget held the history, if it did not hold it all.
  std::optional<std::uint64_t> cut_after_line;
  CallTable calls;  ///< as the judge numbers them
  std::unique_ptr<HistoryJudge> judge;
  HistoryJudgement judgement;
  /// By policy, where failed releases make one matter.
  std::optional<std::array<Verdict, 3>> under;
  OtherViews views;

  /// Held for it in all, at the most: by the calls, by what is judged of them and by the judging.
  [[nodiscard]] std::size_t bytes() const {
    return calls.bytes() + judge->bytes() + views.bytes() + judgement.bytes;
  }
  [[nodiscard]] bool depends_on_policy() const {
    return under && ((*under)[0] != (*under)[1] || (*under)[0] != (*under)[2]);
  }
};

/// Reads a history for a specification, as far as it has room in the memory of the budget. The
/// error lacks the name of the file.
support::Expected<CheckedHistory> read_history(std::unique_ptr<ByteSource> source,
                                               const CheckOptions& options);

/// Judges what was read; of a history that was cut, nothing is known.
void judge_history(CheckedHistory& history, const CheckOptions& options);

}  // namespace leasehold::checkers
