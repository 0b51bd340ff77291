#include "checkers/explanation/core.hpp"

#include <algorithm>
#include <utility>

namespace leasehold::checkers {
namespace {

using Calls = std::vector<LetteredCall>;

/// What is known of the calls when everything has happened up to the end.
Calls cut(const Calls& calls, Position end) {
  Calls known = calls;
  for (LetteredCall& call : known) {
    if (call.responded > end) call.responded = kNever;
  }
  return known;
}

std::vector<std::size_t> by_response(const Calls& calls, Position up_to) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].responded <= up_to && !calls[i].indeterminate()) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return calls[a].responded < calls[b].responded; });
  return order;
}

/// Takes the answers from calls while the rest stays illegal.
class Relaxation {
 public:
  Relaxation(Transitions& transitions, Calls calls, const CoreBudget& budget)
      : transitions_(transitions), calls_(std::move(calls)), budget_(budget) {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!calls_[i].indeterminate()) needed_.push_back(i);
    }
  }

  void run() {
    for (std::size_t size = std::max<std::size_t>(1, needed_.size() / 2); !exhausted();) {
      const bool relaxed = relax_groups(size);
      if (size > 1) {
        size /= 2;
      } else if (!relaxed) {
        smallest_ = true;
        return;
      }
    }
  }

  [[nodiscard]] const std::vector<std::size_t>& needed() const { return needed_; }
  [[nodiscard]] const Calls& calls() const { return calls_; }
  [[nodiscard]] bool smallest() const { return smallest_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }

 private:
  [[nodiscard]] bool exhausted() const { return steps_ >= budget_.steps; }

  bool relax_groups(std::size_t size) {
    bool relaxed = false;
    for (std::size_t begin = 0; begin < needed_.size() && !exhausted();) {
      const std::size_t end = std::min(begin + size, needed_.size());
      if (end - begin < needed_.size() && relax(begin, end)) {
        relaxed = true;
      } else {
        begin = end;
      }
    }
    return relaxed;
  }

  bool relax(std::size_t begin, std::size_t end) {
    std::vector<Position> answers;
    for (std::size_t i = begin; i < end; ++i) {
      answers.push_back(std::exchange(calls_[needed_[i]].responded, kNever));
    }
    const SearchResult result = search_window(transitions_, calls_, budget_.search);
    steps_ += result.steps + 1;
    if (result.verdict == Verdict::violated) {
      needed_.erase(needed_.begin() + static_cast<std::ptrdiff_t>(begin),
                    needed_.begin() + static_cast<std::ptrdiff_t>(end));
      return true;
    }
    for (std::size_t i = begin; i < end; ++i) calls_[needed_[i]].responded = answers[i - begin];
    return false;
  }

  Transitions& transitions_;
  Calls calls_;
  CoreBudget budget_;
  std::vector<std::size_t> needed_;
  bool smallest_ = false;
  std::uint64_t steps_ = 0;
};

/// The same calls with room between any two events.
Calls spread(Calls calls) {
  std::vector<Position*> events;
  for (LetteredCall& call : calls) {
    events.push_back(&call.invoked);
    if (!call.indeterminate()) events.push_back(&call.responded);
  }
  std::sort(events.begin(), events.end(),
            [](const Position* a, const Position* b) { return *a < *b; });
  Position next = 0;
  for (Position* event : events) *event = next += 2;
  return calls;
}

/// Asks for the blocked call earlier and earlier, past one answer after the other: what it was
/// after when the rest became legal is what it overtakes.
std::optional<std::size_t> overtaken(HistoryPart& part, Calls calls, const IllegalCore& core,
                                     const CoreBudget& budget) {
  calls = spread(std::move(calls));
  LetteredCall& blocked = calls[core.blocked];
  std::vector<std::size_t> before = by_response(calls, blocked.invoked);
  for (; !before.empty(); before.pop_back()) {
    blocked.invoked = calls[before.back()].responded - 1;
    const Verdict verdict = search_window(*part.transitions, calls, budget.search).verdict;
    if (verdict == Verdict::holds) return before.back();
    if (verdict == Verdict::unknown) break;
  }
  return std::nullopt;
}

}  // namespace

std::size_t first_blocked(HistoryPart& part, std::size_t by, const SearchBudget& budget) {
  const std::vector<std::size_t> order = by_response(part.calls, part.calls[by].responded);
  std::size_t legal = 0;  // so many of the first responses are, and one more than `illegal` is not
  std::size_t illegal = order.size() - 1;
  while (legal < illegal) {
    const std::size_t middle = legal + (illegal - legal) / 2;
    const Calls known = cut(part.calls, part.calls[order[middle]].responded);
    if (search_window(*part.transitions, known, budget).verdict == Verdict::violated) {
      illegal = middle;
    } else {
      legal = middle + 1;
    }
  }
  return order[illegal];
}

IllegalCore illegal_core(HistoryPart& part, std::size_t by, const CoreBudget& budget) {
  IllegalCore core;
  core.blocked = first_blocked(part, by, budget.search);
  const Position end = part.calls[core.blocked].responded;
  core.prefix = search_window(*part.transitions, cut(part.calls, end - 1), budget.search).order;
  Relaxation relaxation(*part.transitions, cut(part.calls, end), budget);
  relaxation.run();
  core.calls = relaxation.needed();
  core.smallest = relaxation.smallest();
  core.steps = relaxation.steps();
  core.overtaken = overtaken(part, relaxation.calls(), core, budget);
  std::sort(core.calls.begin(), core.calls.end(), [&](std::size_t a, std::size_t b) {
    return part.calls[a].invoked < part.calls[b].invoked;
  });
  return core;
}

}  // namespace leasehold::checkers
