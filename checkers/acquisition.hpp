#pragma once

#include <cstdint>
#include <vector>

#include "checkers/histogram.hpp"
#include "checkers/record/record.hpp"

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
  Client& client(ClientId id);
  void unserved(Client& client, std::int64_t at_ns, std::uint64_t& count);
  std::int64_t end_wait(Client& client, std::int64_t at_ns);

  std::vector<Client> clients_;
  bool acquired_before_ = false;
  std::int64_t last_acquired_at_ns_ = 0;
  AcquisitionResult result_;
};

}  // namespace leasehold::checkers
