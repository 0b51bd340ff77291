#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/redis/protocol.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::redis {

/// What became of one request to several nodes.
struct Votes {
  std::uint32_t yes = 0;     ///< done: OK, or 1 for a script
  std::uint32_t no = 0;      ///< answered otherwise
  std::uint32_t failed = 0;  ///< no answer: timed out or broken, outcome unknown; or an error

  std::uint32_t against() const { return no + failed; }
  std::uint32_t all() const { return yes + no + failed; }
};

/// A client's connections to independent Redis nodes, over which it asks all of them at once. Each
/// node has `timeout` to answer; then its connection is given up and a new one made for the next
/// request. The requests on one connection are answered in order.
class NodeSet {
 public:
  NodeSet(sim::Process& self, sim::ProcessId first_node, std::uint32_t nodes,
          sim::Duration timeout);
  NodeSet(const NodeSet&) = delete;
  NodeSet& operator=(const NodeSet&) = delete;

  /// All at once; until each has answered or had its time.
  sim::Task<Votes> ask(Request request) { return ask_until(request, kAll); }
  /// All at once; until so many agree one way or the other, no answer being one against. The other
  /// answers are not waited for.
  sim::Task<Votes> ask_until(Request request, std::uint32_t agree);
  /// One after the other.
  sim::Task<Votes> ask_in_turn(Request request);

 private:
  static constexpr std::uint32_t kAll = ~std::uint32_t{0};

  /// One connection, and the coroutine that reads from it.
  class Node {
   public:
    Node(NodeSet& set, sim::ProcessId server) : set_(set), server_(server), wanted_(set.self_) {}
    void send(const Request& request);
    /// Stops waiting for answers and gives up the connection if one is outstanding.
    bool give_up();
    sim::Task<void> run();

   private:
    void on_open();
    void on_broken();

    NodeSet& set_;
    sim::ProcessId server_;
    sim::Signal wanted_;
    sim::Connection connection_;
    bool open_ = false;
    bool given_up_ = false;          ///< the reader is to drop the connection
    std::uint32_t outstanding_ = 0;  ///< requests without an answer
    std::vector<Request> unsent_;    ///< until the connection is open
  };

  void on_reply(const Reply& reply);
  void on_failure();
  bool settled() const {
    return votes_.all() == asked_ || votes_.yes >= agree_ || votes_.against() >= agree_;
  }
  void notify_if_settled() {
    if (settled()) settled_.notify_all();
  }

  sim::Process& self_;
  sim::Duration timeout_;
  std::deque<Node> nodes_;
  sim::Signal settled_;
  Votes votes_;
  std::uint32_t asked_ = 0;
  std::uint32_t agree_ = kAll;
};

}  // namespace leasehold::models::redis
