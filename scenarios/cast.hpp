#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "checkers/record/record.hpp"
#include "sim/process/mailbox.hpp"

namespace leasehold::scenarios {

/// Who plays which part in one world. Hosts and processes are numbered alike in every deployment:
/// first the clients, then the resource, then the server slots, each process on a host of its own.
/// That keeps every client's streams the same whatever the algorithm.
class Cast {
 public:
  Cast(std::uint32_t clients, std::uint32_t servers) : clients_(clients), servers_(servers) {
    in_work_.resize(clients);
    releasing_.resize(clients);
  }

  std::uint32_t clients() const { return clients_; }
  std::uint32_t servers() const { return servers_; }
  std::uint32_t everyone() const { return clients_ + 1 + servers_; }

  sim::ProcessId client(std::uint32_t index) const { return index; }
  sim::ProcessId resource() const { return clients_; }
  sim::ProcessId server(std::uint32_t slot) const { return clients_ + 1 + slot; }

  /// REQUIRES: is_server(process).
  std::uint32_t slot_of(sim::ProcessId process) const { return process - clients_ - 1; }

  bool is_client(sim::ProcessId process) const { return process < clients_; }
  bool is_server(sim::ProcessId process) const { return process > clients_; }

  void set_in_work(checkers::ClientId client, bool in_work) { in_work_[client] = in_work; }
  void set_releasing(checkers::ClientId client, bool releasing) { releasing_[client] = releasing; }
  bool any_releasing() const {
    return std::find(releasing_.begin(), releasing_.end(), true) != releasing_.end();
  }
  /// The lowest-numbered client in its work.
  std::optional<checkers::ClientId> holder() const {
    for (std::uint32_t i = 0; i < clients_; ++i) {
      if (in_work_[i]) return i;
    }
    return std::nullopt;
  }

 private:
  std::uint32_t clients_;
  std::uint32_t servers_;
  std::vector<bool> in_work_;
  std::vector<bool> releasing_;  ///< by client: whether a release of its is under way
};

}  // namespace leasehold::scenarios
