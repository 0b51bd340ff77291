#include "models/redis/node_set.hpp"

#include <utility>

namespace leasehold::models::redis {

using sim::Incoming;
using sim::MonoTime;
using sim::Task;

NodeSet::NodeSet(sim::Process& self, sim::ProcessId first_node, std::uint32_t nodes,
                 sim::Duration timeout)
    : self_(self), timeout_(timeout), settled_(self) {
  for (std::uint32_t i = 0; i < nodes; ++i) {
    self_.spawn(nodes_.emplace_back(*this, first_node + i).run());
  }
}

Task<Votes> NodeSet::ask_until(Request request, std::uint32_t agree) {
  votes_ = Votes();
  agree_ = agree;
  asked_ = static_cast<std::uint32_t>(nodes_.size());
  const MonoTime deadline = self_.mono_now() + timeout_;
  for (Node& node : nodes_) node.send(request);
  // The deadline may be served after answers that came before it, when the process was stopped.
  if (!settled()) co_await settled_.wait_until(deadline);
  if (!settled()) {
    for (Node& node : nodes_) {
      if (node.give_up()) ++votes_.failed;
    }
  }
  co_return votes_;
}

Task<Votes> NodeSet::ask_in_turn(Request request) {
  votes_ = Votes();
  agree_ = kAll;
  asked_ = 0;
  for (Node& node : nodes_) {
    ++asked_;
    const MonoTime deadline = self_.mono_now() + timeout_;
    node.send(request);
    if (!settled()) co_await settled_.wait_until(deadline);
    if (!settled() && node.give_up()) ++votes_.failed;
  }
  co_return votes_;
}

void NodeSet::on_reply(const Reply& reply) {
  if (reply.kind == Reply::Kind::error) return on_failure();
  const bool yes = reply.kind == Reply::Kind::ok || reply.is_integer(1);
  ++(yes ? votes_.yes : votes_.no);
  notify_if_settled();
}

void NodeSet::on_failure() {
  ++votes_.failed;
  notify_if_settled();
}

// ------------------------------------------------------------------------------------- one node

void NodeSet::Node::send(const Request& request) {
  ++outstanding_;
  if (open_) return connection_.send(sim::Message::of(request));
  unsent_.push_back(request);
  wanted_.notify_all();
}

bool NodeSet::Node::give_up() {
  if (outstanding_ == 0) return false;
  outstanding_ = 0;
  unsent_.clear();
  open_ = false;
  if (connection_ && !given_up_) {
    // Wakes the reader as shutting a socket down does: it alone may drop the connection.
    given_up_ = true;
    connection_.shut_down();
  }
  return true;
}

Task<void> NodeSet::Node::run() {
  while (true) {
    while (unsent_.empty()) co_await wanted_.wait();
    connection_ = set_.self_.connect(server_);
    bool broken = false;
    while (!broken) {
      const Incoming incoming = co_await connection_.mailbox().receive();
      broken = incoming.is_broken();
      if (given_up_) continue;
      if (incoming.kind == Incoming::Kind::opened) on_open();
      // Only the last request's answer counts: nobody waits for the others any more.
      const bool answered = incoming.kind == Incoming::Kind::data;
      if (answered && --outstanding_ == 0) set_.on_reply(incoming.message.as<Reply>());
    }
    connection_ = sim::Connection();
    if (!std::exchange(given_up_, false)) on_broken();
  }
}

void NodeSet::Node::on_open() {
  open_ = true;
  for (const Request& request : unsent_) connection_.send(sim::Message::of(request));
  unsent_.clear();
}

void NodeSet::Node::on_broken() {
  open_ = false;
  unsent_.clear();
  if (std::exchange(outstanding_, 0) > 0) set_.on_failure();
}

}  // namespace leasehold::models::redis
