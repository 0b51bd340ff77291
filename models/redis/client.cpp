#include "models/redis/client.hpp"

namespace leasehold::models::redis {

using sim::Incoming;
using sim::MonoTime;
using sim::Task;

Task<std::optional<Reply>> Client::command(Request request) {
  LH_ASSERT(!busy_);
  busy_ = true;
  std::optional<Reply> reply;
  const MonoTime deadline = self_.mono_now() + timeout_;
  const bool connected = co_await connect(deadline);
  if (connected) {
    connection_.send(sim::Message::of(request));
    const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(deadline);
    if (incoming && incoming->kind == Incoming::Kind::data) reply = incoming->message.as<Reply>();
  }
  if (!reply) connection_ = sim::Connection();
  busy_ = false;
  co_return reply;
}

Task<bool> Client::connect(MonoTime deadline) {
  if (connection_) co_return true;
  connection_ = self_.connect(server_);
  const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(deadline);
  co_return incoming && incoming->kind == Incoming::Kind::opened;
}

}  // namespace leasehold::models::redis
