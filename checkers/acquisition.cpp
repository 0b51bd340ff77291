#include "checkers/acquisition.hpp"

#include <algorithm>

namespace leasehold::checkers {

void AttemptCounts::merge(const AttemptCounts& other) {
  made += other.made;
  acquired += other.acquired;
  refused += other.refused;
  timed_out += other.timed_out;
  unfinished += other.unfinished;
}

void Fairness::merge(const Fairness& other) {
  jain_numerator += other.jain_numerator;
  jain_denominator += other.jain_denominator;
  longest_wait_ns = std::max(longest_wait_ns, other.longest_wait_ns);
}

void Acquisition::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::started) return;
  unserved(of_client(clients_, life.client), at.at_ns, result_.attempts.unfinished);
}

const AcquisitionResult& Acquisition::finish(Stamp end_of_run) {
  std::uint64_t clients = 0;
  std::uint64_t sum = 0;
  std::uint64_t sum_of_squares = 0;
  for (Client& client : clients_) {
    unserved(client, end_of_run.at_ns, result_.attempts.unfinished);
    if (client.attempts > 0) ++clients;
    sum += client.acquired;
    sum_of_squares += client.acquired * client.acquired;
  }
  result_.fairness.longest_wait_ns = std::max(result_.latency_ns.served.max_ns().value_or(0),
                                              result_.latency_ns.unserved.max_ns().value_or(0));
  result_.fairness.jain_numerator = sum * sum;
  result_.fairness.jain_denominator = clients * sum_of_squares;
  return result_;
}

void Acquisition::reset() {
  clients_.assign(clients_.size(), Client{});
  acquired_before_ = false;
  last_acquired_at_ns_ = 0;
  result_.attempts = {};
  result_.latency_ns.clear();
  result_.gap_ns.clear();
  result_.fairness = {};
}

}  // namespace leasehold::checkers
