#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checkers/by_client.hpp"
#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// The faults of one kind: planned, aimed at a process, effective, and effective while the lock was
/// held or wanted (`met`).
struct FaultCounts {
  std::uint64_t scheduled = 0;
  std::uint64_t bound = 0;
  std::uint64_t in_effect = 0;
  std::uint64_t met = 0;

  void merge(const FaultCounts& other);
};

struct ExerciseResult {
  std::uint32_t clients_acquired = 0;
  bool waited_while_held = false;   ///< a client waited while another believed to hold the lock
  bool fault_met = false;           ///< one was applied while the lock was held or wanted
  std::vector<FaultCounts> faults;  ///< by FaultRecord::kind
};

/// What a run put to the test. A verdict on a run that did not is vacuous: nobody else wanted the
/// lock, or no fault came at the right time. Cost: an array element per record.
class Exercise {
 public:
  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const Belief& belief);
  void observe(Stamp at, const ClientLife& life);
  void observe(Stamp at, const FaultRecord& fault);

  /// Valid until reset(), and up to date at any time.
  [[nodiscard]] const ExerciseResult& result() const { return result_; }
  void reset();

 private:
  struct Client {
    bool waits = false;
    bool acquired = false;
    std::uint32_t beliefs = 0;
  };
  void set_waits(Client& client, bool waits);
  void drop_beliefs(Client& client, std::uint32_t count);
  void meet_faults();

  std::vector<Client> clients_;
  std::uint32_t waiting_ = 0;       ///< clients
  std::uint32_t believing_ = 0;     ///< clients
  std::vector<FaultRecord> unmet_;  ///< applied or in effect; nobody has held or wanted the lock
  ExerciseResult result_;
};

inline void Exercise::set_waits(Client& client, bool waits) {
  waiting_ = waiting_ + (waits ? 1U : 0U) - (client.waits ? 1U : 0U);
  client.waits = waits;
  if (!waits) return;
  if (believing_ > (client.beliefs > 0 ? 1U : 0U)) result_.waited_while_held = true;
  if (!unmet_.empty()) meet_faults();
}

inline void Exercise::drop_beliefs(Client& client, std::uint32_t count) {
  if (count == 0) return;
  client.beliefs -= count;
  if (client.beliefs == 0) --believing_;
}

inline void Exercise::observe(Stamp, const Operation& operation) {
  if (operation.kind != Operation::Kind::acquire) return;
  Client& by = of_client(clients_, operation.client);
  set_waits(by, operation.phase == Operation::Phase::invoked);
  if (operation.phase == Operation::Phase::ok && !by.acquired) {
    by.acquired = true;
    ++result_.clients_acquired;
  }
}

inline void Exercise::observe(Stamp, const Belief& belief) {
  Client& by = of_client(clients_, belief.client);
  if (belief.phase == Belief::Phase::ended) return drop_beliefs(by, std::min(by.beliefs, 1U));
  if (by.beliefs++ == 0) ++believing_;
  if (waiting_ > (by.waits ? 1U : 0U)) result_.waited_while_held = true;
  if (!unmet_.empty()) meet_faults();
}

}  // namespace leasehold::checkers
