#include "models/postgres/standby.hpp"

#include "models/postgres/log.hpp"

namespace leasehold::models::postgres {
namespace {

using sim::Duration;

constexpr Duration kReconnectPause = Duration::milliseconds(100);

/// wal_receiver_timeout and wal_sender_timeout: 60 s.
sim::ConnectionOptions patience() {
  sim::ConnectionOptions tcp;
  tcp.keepalive_idle = Duration::seconds(30);
  tcp.keepalive_interval = Duration::seconds(10);
  tcp.keepalive_count = 3;
  tcp.user_timeout = Duration::seconds(60);
  return tcp;
}

}  // namespace

sim::Task<void> follow(sim::Process& self, const Address& primary) {
  sim::File& log = self.file(kSequenceFile);
  drop_torn_end(log);
  Session session(self, primary, patience());
  while (primary.server != self.id()) {
    if (!session.is_open()) {
      const sim::MonoTime give_up = self.mono_now() + kReconnectPause;
      const bool opened = co_await session.open(kReconnectPause, give_up);
      if (!opened) continue;
    }
    const Query next(Statement::replicate, log.size(), 0);
    const std::optional<std::uint64_t> record = co_await session.run(next);
    if (!record || primary.server == self.id()) continue;
    log.append(sim::DiskRecord::of(*record));
    const bool flushed = co_await self.sync(log);
    const bool asks_again = !flushed && primary.server != self.id();
    if (asks_again) log.truncate(log.size() - 1);
  }
}

}  // namespace leasehold::models::postgres
