#include "models/redis/client.hpp"

namespace leasehold::models::redis {

using sim::Incoming;
using sim::MonoTime;
using sim::Task;

Task<std::optional<Reply>> Client::pipeline(std::span<const Request> requests) {
  LH_ASSERT(!busy_);
  busy_ = true;
  std::optional<Reply> reply;
  const MonoTime deadline = self_.mono_now() + timeout_;
  // A connection on which something came unasked was closed while it was idle.
  bool connected = connection_ && connection_.mailbox().empty();
  if (!connected) connected = co_await connect(deadline);
  std::size_t outstanding = connected ? requests.size() : 0;
  for (std::size_t i = 0; i < outstanding; ++i) {
    connection_.send(sim::Message::of(requests[i]));
  }
  while (outstanding > 0) {
    const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(deadline);
    if (!incoming || incoming->kind != Incoming::Kind::data) break;
    if (--outstanding == 0) reply = incoming->message.as<Reply>();
  }
  if (!reply) connection_ = sim::Connection();
  busy_ = false;
  co_return reply;
}

Task<bool> Client::connect(MonoTime deadline) {
  connection_ = self_.connect(server_);
  const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(deadline);
  co_return incoming && incoming->kind == Incoming::Kind::opened;
}

}  // namespace leasehold::models::redis
