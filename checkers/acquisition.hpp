#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checkers/by_client.hpp"
#include "checkers/histogram.hpp"
#include "checkers/record/record.hpp"
#include "support/assert.hpp"

namespace leasehold::checkers {

struct AttemptCounts {
  std::uint64_t made = 0;
  std::uint64_t acquired = 0;
  std::uint64_t refused = 0;     ///< a definite no
  std::uint64_t timed_out = 0;   ///< given up without knowing
  std::uint64_t unfinished = 0;  ///< cut off by a crash or the end of the run

  void merge(const AttemptCounts& other);
};

/// How evenly the lock was shared by the clients that tried to acquire it. Jain's index of a run is
/// (Σx)² / (n·Σx²) over their acquisitions x; several runs are pooled by adding numerators and
/// denominators.
struct Fairness {
  std::uint64_t jain_numerator = 0;
  std::uint64_t jain_denominator = 0;  ///< 0: nobody acquired
  std::int64_t longest_wait_ns = 0;    ///< served or not

  void merge(const Fairness& other);
};

struct AcquisitionResult {
  AttemptCounts attempts;
  CensoredHistogram latency_ns;  ///< of every attempt, from invocation to success
  Histogram gap_ns;              ///< between successive acquisitions, by whichever client
  Fairness fairness;
};

/// How often, how fast and how evenly the lock was acquired. An attempt that was refused, timed out
/// or cut off is unserved; its wait until then is a lower bound. REQUIRES: a client has one attempt
/// pending at a time. Cost: one array element per record.
class Acquisition {
 public:
  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const ClientLife& life);

  /// The result is valid until reset().
  const AcquisitionResult& finish(Stamp end_of_run);
  [[nodiscard]] const AcquisitionResult& result() const { return result_; }
  void reset();

 private:
  struct Client {
    bool pending = false;
    std::int64_t invoked_at_ns = 0;
    std::uint64_t attempts = 0;
    std::uint64_t acquired = 0;
  };
  void unserved(Client& client, std::int64_t at_ns, std::uint64_t& count);
  std::int64_t end_wait(Client& client, std::int64_t at_ns);

  std::vector<Client> clients_;
  bool acquired_before_ = false;
  std::int64_t last_acquired_at_ns_ = 0;
  AcquisitionResult result_;
};

inline void Acquisition::unserved(Client& client, std::int64_t at_ns, std::uint64_t& count) {
  if (!client.pending) return;
  ++count;
  result_.latency_ns.unserved.record(end_wait(client, at_ns));
}

inline std::int64_t Acquisition::end_wait(Client& client, std::int64_t at_ns) {
  client.pending = false;
  return at_ns - client.invoked_at_ns;
}

inline void Acquisition::observe(Stamp at, const Operation& operation) {
  if (operation.kind != Operation::Kind::acquire) return;
  Client& by = of_client(clients_, operation.client);
  AttemptCounts& counts = result_.attempts;
  switch (operation.phase) {
    case Operation::Phase::invoked:
      LH_ASSERT(!by.pending);
      ++counts.made;
      ++by.attempts;
      by.pending = true;
      by.invoked_at_ns = at.at_ns;
      break;
    case Operation::Phase::ok:
      if (!by.pending) return;
      ++counts.acquired;
      ++by.acquired;
      result_.latency_ns.served.record(end_wait(by, at.at_ns));
      if (acquired_before_) result_.gap_ns.record(at.at_ns - last_acquired_at_ns_);
      acquired_before_ = true;
      last_acquired_at_ns_ = at.at_ns;
      break;
    case Operation::Phase::refused:
      unserved(by, at.at_ns, counts.refused);
      break;
    case Operation::Phase::indeterminate:
      unserved(by, at.at_ns, counts.timed_out);
      break;
  }
}

}  // namespace leasehold::checkers
