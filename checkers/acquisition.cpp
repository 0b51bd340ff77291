#include "checkers/acquisition.hpp"

#include <algorithm>

#include "support/assert.hpp"

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

Acquisition::Client& Acquisition::client(ClientId id) {
  if (id >= clients_.size()) clients_.resize(id + std::size_t{1});
  return clients_[id];
}

void Acquisition::observe(Stamp at, const Operation& operation) {
  if (operation.kind != Operation::Kind::acquire) return;
  Client& by = client(operation.client);
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

void Acquisition::observe(Stamp at, const ClientLife& life) {
  if (life.phase == ClientLife::Phase::started) return;
  unserved(client(life.client), at.at_ns, result_.attempts.unfinished);
}

void Acquisition::unserved(Client& client, std::int64_t at_ns, std::uint64_t& count) {
  if (!client.pending) return;
  ++count;
  result_.latency_ns.unserved.record(end_wait(client, at_ns));
}

std::int64_t Acquisition::end_wait(Client& client, std::int64_t at_ns) {
  client.pending = false;
  const std::int64_t wait_ns = at_ns - client.invoked_at_ns;
  result_.fairness.longest_wait_ns = std::max(result_.fairness.longest_wait_ns, wait_ns);
  return wait_ns;
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
