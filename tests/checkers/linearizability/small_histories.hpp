#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "checkers/linearizability/history.hpp"

namespace leasehold::checkers::testing {

/// Every history of so many operations of three clients at a lock, of those kinds, answered or not:
/// each once, whatever the clients are called. Invocations without a response in between
/// may stand in any order, so they stand in that of the clients; the same for responses.
template <class Judge>
class SmallHistories {
 public:
  using Kind = LockOperation::Kind;

  /// `go_on`: clients do after a lost answer.
  SmallHistories(std::size_t operations, std::vector<Kind> kinds, bool go_on, Judge judge)
      : operations_(operations), kinds_(std::move(kinds)), go_on_(go_on), judge_(judge) {}

  std::uint64_t run() {
    extend(0, false, 0);
    return count_;
  }

 private:
  static constexpr std::size_t kClients = 3;
  static constexpr std::size_t kIdle = static_cast<std::size_t>(-1);

  /// The last event was a response or an invocation, of a client below `next` or that one.
  void extend(Position now, bool responses, std::size_t next) {
    bool open = false;
    for (const std::size_t call : open_) open = open || call != kIdle;
    if (history_.size() == operations_ && !open) {
      ++count_;
      judge_(history_);
      return;
    }
    for (std::size_t client = 0; client < kClients; ++client) {
      if (open_[client] != kIdle && (!responses || client >= next)) respond(now, client);
      const bool in_order = responses || client >= next;
      if (open_[client] == kIdle && in_order && !gone_[client]) invoke(now, client);
      if (!used_[client]) break;  // those that did nothing yet are all alike
    }
  }

  void respond(Position now, std::size_t client) {
    const std::size_t call = std::exchange(open_[client], kIdle);
    history_[call].responded = now + 1;
    extend(now + 1, true, client + 1);
    history_[call].responded = kNever;
    open_[client] = call;
  }

  void invoke(Position now, std::size_t client) {
    if (history_.size() == operations_) return;
    const bool used = std::exchange(used_[client], true);
    for (const Kind kind : kinds_) {
      history_.push_back({{kind, false, static_cast<OwnerId>(client + 1), 0}, now + 1, kNever});
      open_[client] = history_.size() - 1;
      extend(now + 1, false, client + 1);
      open_[client] = kIdle;  // or its answer is lost
      gone_[client] = !go_on_;
      extend(now + 1, false, client + 1);
      gone_[client] = false;
      history_.pop_back();
    }
    used_[client] = used;
  }

  std::size_t operations_;
  std::vector<Kind> kinds_;
  bool go_on_;
  Judge judge_;
  LockHistory history_;
  std::array<std::size_t, kClients> open_{kIdle, kIdle, kIdle};
  std::array<bool, kClients> gone_{};
  std::array<bool, kClients> used_{};
  std::uint64_t count_ = 0;
};

}  // namespace leasehold::checkers::testing
