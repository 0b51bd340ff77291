#include "checkers/linearizability/parts.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

namespace leasehold::checkers {
namespace {

constexpr std::uint64_t kFirstSteps = 1U << 14;

class PartsSearch {
 public:
  PartsSearch(std::vector<HistoryPart>& parts, const SearchBudget& budget)
      : parts_(parts), budget_(budget), results_(parts.size()) {}

  SearchResult run() {
    if (budget_.steps > kFirstSteps) search_all(kFirstSteps);
    if (!violated_) search_all(budget_.steps);
    return conclude();
  }

 private:
  /// Those that are not decided yet, with so many steps in all from the beginning.
  void search_all(std::uint64_t steps) {
    next_ = 0;
    std::vector<std::thread> others;
    const std::size_t threads = std::min<std::size_t>(budget_.threads, parts_.size());
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back([this, steps] { work(steps); });
    work(steps);
    for (std::thread& other : others) other.join();
  }

  void work(std::uint64_t steps) {
    while (!violated_) {
      const std::size_t part = next_++;
      if (part >= parts_.size()) return;
      if (results_[part].verdict != Verdict::unknown) continue;
      if (budget_.stop != nullptr && budget_.stop->load()) return;
      SearchBudget share = budget_;
      share.steps = steps;
      share.bytes /= std::max<std::size_t>(1, budget_.threads);
      results_[part] = search_window(*parts_[part].transitions, parts_[part].calls, share);
      if (results_[part].verdict == Verdict::violated) violated_ = true;
    }
  }

  SearchResult conclude() {
    SearchResult whole;
    whole.verdict = Verdict::holds;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const SearchResult& result = results_[part];
      whole.steps += result.steps;
      whole.configurations += result.configurations;
      whole.bytes = std::max(whole.bytes, result.bytes);
      const bool worse = result.verdict == Verdict::violated ||
                         (result.verdict == Verdict::unknown && whole.verdict == Verdict::holds);
      if (!worse) continue;
      whole.verdict = result.verdict;
      whole.blocked.reset();
      if (result.blocked) whole.blocked = parts_[part].indices[*result.blocked];
    }
    if (whole.verdict == Verdict::holds) whole.order = merged_order();
    return whole;
  }

  /// Each call takes effect when the last of those before it in its part, or itself, is invoked:
  /// that is in its time, and the same for no two parts.
  [[nodiscard]] std::vector<std::size_t> merged_order() const {
    std::vector<std::pair<Position, std::size_t>> calls;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      Position at = 0;
      for (const std::size_t call : results_[part].order) {
        at = std::max(at, parts_[part].calls[call].invoked);
        calls.emplace_back(at, parts_[part].indices[call]);
      }
    }
    if (parts_.size() > 1) {
      std::stable_sort(calls.begin(), calls.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
    }
    std::vector<std::size_t> order;
    order.reserve(calls.size());
    for (const auto& [at, call] : calls) order.push_back(call);
    return order;
  }

  std::vector<HistoryPart>& parts_;
  const SearchBudget& budget_;
  std::vector<SearchResult> results_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> violated_ = false;
};

}  // namespace

SearchResult search_parts(std::vector<HistoryPart>& parts, const SearchBudget& budget) {
  if (parts.empty()) return {Verdict::holds, 0, {}, std::nullopt, 0, 0};
  return PartsSearch(parts, budget).run();
}

}  // namespace leasehold::checkers
