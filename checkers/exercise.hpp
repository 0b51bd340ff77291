#pragma once

#include <cstdint>
#include <vector>

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
  Client& client(ClientId id);
  void set_waits(Client& client, bool waits);
  void drop_beliefs(Client& client, std::uint32_t count);
  void meet_faults();

  std::vector<Client> clients_;
  std::uint32_t waiting_ = 0;       ///< clients
  std::uint32_t believing_ = 0;     ///< clients
  std::vector<FaultRecord> unmet_;  ///< applied or in effect; nobody has held or wanted the lock
  ExerciseResult result_;
};

}  // namespace leasehold::checkers
