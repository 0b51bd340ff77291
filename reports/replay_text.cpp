#include "reports/replay_text.hpp"

#include "checkers/property_name.hpp"
#include "checkers/record/verdict_word.hpp"
#include "reports/digest_text.hpp"
#include "reports/number.hpp"
#include "reports/text.hpp"

namespace leasehold::reports {
namespace {

using scenarios::Comparison;
using scenarios::Recording;
using scenarios::RunResult;

constexpr std::size_t kWidth = 80;

std::string word(std::optional<checkers::Verdict> verdict) {
  return std::string(verdict ? checkers::verdict_word(*verdict) : "not known");
}

/// "every verdict is as recorded", or which are not.
std::string verdicts_text(const Recording& recorded, const RunResult& result,
                          const Comparison& comparison) {
  if (comparison.changed.empty()) return "every verdict is as recorded";
  std::string text;
  for (const checkers::Property property : comparison.changed) {
    const auto index = static_cast<std::size_t>(property);
    text += (text.empty() ? "" : ", ") + std::string(checkers::property_name(property)) + " was " +
            word(recorded.verdicts.of[index]) + " and now is " +
            word(result.checker->verdicts()[property].verdict);
  }
  return text;
}

std::string place_of(const scenarios::TrailFollower::Parting& parting) {
  const bool exact = parting.upto == parting.after + 1;
  return (exact ? "event " : "one of the events " + count_text(parting.after + 1) + " to ") +
         count_text(parting.upto) + " (" + duration_text(parting.at_ns) + ")";
}

std::string diverged(const Recording& recorded, const RunResult& result,
                     const Comparison& comparison) {
  std::string text = "diverged at ";
  if (comparison.parting) {
    text += place_of(*comparison.parting) + ": expected " +
            digest_text(comparison.parting->expected) + ", got " +
            digest_text(comparison.parting->got);
  } else {
    text += "an event after the trail ends: expected " + count_text(recorded.events) +
            " events and " + digest_text(recorded.digest) + ", got " + count_text(result.events) +
            " and " + digest_text(result.digest);
  }
  return text;
}

}  // namespace

std::string replay_text(const Recording& recorded, const RunResult& result,
                        const Comparison& comparison) {
  std::string text;
  switch (comparison.outcome) {
    case Comparison::Outcome::reproduced:
      text = "reproduced: the " + count_text(recorded.events) + " events that were recorded";
      break;
    case Comparison::Outcome::edited:
      text = "edited since it was recorded, so it is another run; " +
             verdicts_text(recorded, result, comparison);
      break;
    case Comparison::Outcome::diverged:
      text = diverged(recorded, result, comparison) + "; " +
             verdicts_text(recorded, result, comparison);
      break;
    case Comparison::Outcome::other_version:
      text = "recorded by replay version " + std::to_string(recorded.replay_version) +
             ", this is " + std::to_string(scenarios::kReplayVersion) +
             ", and the run is another; " + verdicts_text(recorded, result, comparison);
      break;
  }
  return paragraph(text, 2, kWidth);
}

}  // namespace leasehold::reports
