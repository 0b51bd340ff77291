#include "models/postgres/session.hpp"

#include <utility>

namespace leasehold::models::postgres {

using sim::Incoming;
using sim::Task;

Task<bool> Session::open(sim::Duration pause, sim::MonoTime give_up) {
  while (true) {
    connection_ = self_.connect(address_.server, tcp_);
    const std::optional<Incoming> incoming = co_await connection_.mailbox().receive_until(give_up);
    open_ = incoming && incoming->kind == Incoming::Kind::opened;
    if (open_) {
      const Query startup{Statement::startup, 0, 0};
      const std::optional<std::uint64_t> started = co_await run(startup);
      if (started) co_return true;
    }
    close();
    if (self_.mono_now() >= give_up) co_return false;
    co_await self_.sleep(pause);
  }
}

Task<std::optional<std::uint64_t>> Session::run(Query query) {
  LH_ASSERT(open_);
  bool sent = false;
  while (true) {
    if (!std::exchange(under_way_, false)) {
      connection_.send(sim::Message::of(query));
      sent = true;
    }
    const Incoming incoming = co_await connection_.mailbox().receive();
    if (incoming.kind != Incoming::Kind::data) break;
    const auto result = incoming.message.as<Result>();
    if (result.kind != Result::Kind::ready) break;
    if (sent) co_return result.value;
  }
  close();
  co_return std::nullopt;
}

void Session::start(const Query& query) {
  LH_ASSERT(open_ && !under_way_);
  connection_.send(sim::Message::of(query));
  under_way_ = true;
}

void Session::close() {
  connection_ = sim::Connection();
  open_ = false;
  under_way_ = false;
}

}  // namespace leasehold::models::postgres
