#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/linearizability/history.hpp"
#include "checkers/specifications/lock_reader.hpp"

namespace leasehold::checkers {

/// The calls of a lock's history, of which each policy reads the failed releases otherwise.
template <class Operation>
class CallsByPolicy {
 public:
  using Calls = History<Operation>;
  using Failure = LockRead::Failure;

  void push_back(Call<Operation> call, Failure failure) {
    if (failure != Failure::none) failed_releases_.push_back({calls_.size(), failure});
    calls_.push_back(std::move(call));
  }

  /// What is left of the calls under a policy, and which number each of them has.
  struct Read {
    bool refusals = false;             ///< of releases
    bool all = true;                   ///< nothing is left out, as in most histories
    Calls some;                        ///< else
    std::vector<std::size_t> numbers;  ///< of some

    [[nodiscard]] std::size_t number(std::size_t call) const { return all ? call : numbers[call]; }
    /// Empty if one of the calls is left out.
    [[nodiscard]] std::vector<std::size_t> indices(const std::vector<std::size_t>& calls) const {
      if (all) return calls;
      std::vector<std::size_t> found;
      for (const std::size_t call : calls) {
        const auto at = std::lower_bound(numbers.begin(), numbers.end(), call);
        if (at == numbers.end() || *at != call) return {};
        found.push_back(static_cast<std::size_t>(at - numbers.begin()));
      }
      return found;
    }
  };
  [[nodiscard]] const Calls& of(const Read& read) const { return read.all ? calls_ : read.some; }

  [[nodiscard]] Read under(FailedReleases policy) const {
    Read read;
    read.all = failed_releases_.empty();
    if (read.all) return read;
    auto failed = failed_releases_.begin();
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      Call<Operation> call = calls_[i];
      if (failed != failed_releases_.end() && failed->call == i) {
        const Failure failure = (failed++)->failure;
        const bool ends = policy == FailedReleases::ends_hold && failure == Failure::lease_gone;
        const bool tells = policy == FailedReleases::observation && failure != Failure::other;
        if (!ends && !tells) continue;
        call.operation.refused = tells;
        read.refusals = read.refusals || tells;
      }
      read.some.push_back(std::move(call));
      read.numbers.push_back(i);
    }
    return read;
  }

  /// Whether policies read anything otherwise.
  [[nodiscard]] bool has_policies() const {
    return std::any_of(
        failed_releases_.begin(), failed_releases_.end(),
        [](const FailedRelease& failed) { return failed.failure != Failure::other; });
  }

  [[nodiscard]] std::size_t bytes() const {
    return calls_.capacity() * sizeof(Call<Operation>) +
           failed_releases_.capacity() * sizeof(FailedRelease);
  }

 private:
  struct FailedRelease {
    std::size_t call;
    Failure failure;
  };

  Calls calls_;
  std::vector<FailedRelease> failed_releases_;
};

}  // namespace leasehold::checkers
