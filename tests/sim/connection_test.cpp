#include <catch2/catch.hpp>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

using Kind = Incoming::Kind;

/// A client on host 0 with a connection to a server on host 1, 1 ms apart each way. Both note what
/// they hear. The client opens at 0 and has `opened` at 2 ms, the server at 3 ms.
class Pair {
 public:
  explicit Pair(const ConnectionOptions& of_client = {}, const ConnectionOptions& of_server = {},
                std::uint64_t seed = 1)
      : world(seed), of_client_(of_client), of_server_(of_server) {
    world.add_hosts(2);
    server = world.process(1, [this](Process& self) { return serve(self); }).id();
    client = world.process(0, [this](Process& self) { return connect(self); }).id();
  }

  void send_at(Duration when, std::uint64_t value) {
    world.at(when, [this, value] { connection->send(text(value)); });
  }
  void reply_at(Duration when, std::uint64_t value) {
    world.at(when, [this, value] { kernel().process(server).send_over(accepted, text(value)); });
  }
  Kernel& kernel() { return world.kernel; }
  Network& network() { return world.kernel.network(); }

  World world;
  ProcessId server = 0;
  ProcessId client = 0;
  Connection* connection = nullptr;
  ConnectionId accepted = 0;
  Arrivals client_heard;
  Arrivals server_heard;

 private:
  Task<void> serve(Process& self) {
    self.listen(of_server_);
    while (true) {
      const Incoming incoming = co_await self.inbox().receive();
      accepted = incoming.connection;
      server_heard.push_back(arrival(world, incoming));
    }
  }
  Task<void> connect(Process& self) {
    Connection mine = self.connect(server, of_client_);
    connection = &mine;
    co_await note_all(world, mine.mailbox(), client_heard);
  }

  ConnectionOptions of_client_;
  ConnectionOptions of_server_;
};

ConnectionOptions keepalive(Duration idle, Duration interval, std::uint32_t count) {
  ConnectionOptions options;
  options.keepalive_idle = idle;
  options.keepalive_interval = interval;
  options.keepalive_count = count;
  return options;
}

ConnectionOptions user_timeout(Duration timeout) {
  ConnectionOptions options;
  options.user_timeout = timeout;
  return options;
}

}  // namespace

// --------------------------------------------------------------------------------------- opening

TEST_CASE("a connection opens after a round trip, at the server half a one later") {
  Pair pair;
  pair.world.run_until(1_s);
  CHECK(pair.client_heard == Arrivals{{2_ms, Kind::opened, 0}});
  CHECK(pair.server_heard == Arrivals{{3_ms, Kind::opened, 0}});
  CHECK(pair.network().counters().connections_opened == 1);
}

TEST_CASE("a connect to a process that does not listen is refused at once") {
  World world;
  world.add_hosts(2);
  const ProcessId deaf =
      world.process(1, [](Process& self) -> Task<void> { co_await self.sleep(Duration::max()); })
          .id();
  Arrivals heard;
  world.process(0, [&](Process& self) -> Task<void> {
    Connection connection = self.connect(deaf);
    co_await note_all(world, connection.mailbox(), heard);
  });
  world.run_until(1_s);
  CHECK(heard == Arrivals{{2_ms, Kind::reset, 0}});
}

TEST_CASE(
    "a connect to a machine that is off is tried after 0, 1, 3, 7 … s and given up at 127 s") {
  Pair pair;
  pair.kernel().power_loss(1);
  SECTION("for ever") {
    pair.world.run_until(200_s);
    CHECK(pair.client_heard == Arrivals{{127_s, Kind::timed_out, 0}});
  }
  SECTION("until it is back between two attempts") {
    pair.world.at(4_s, [&] { pair.kernel().power_on(1); });
    pair.world.run_until(200_s);
    CHECK(pair.client_heard == Arrivals{{7_s + 2_ms, Kind::opened, 0}});
  }
}

TEST_CASE("the connect timeout bounds the attempts") {
  ConnectionOptions options;
  options.connect_timeout = 5_s;
  Pair pair(options);
  pair.network().cut(1, 0);
  pair.world.run_until(200_s);
  CHECK(pair.client_heard == Arrivals{{5_s, Kind::timed_out, 0}});
  CHECK(pair.server_heard.empty());
}

TEST_CASE("a server hears of a connection when the handshake is complete, also by data") {
  Pair pair;
  // The client's confirmation, sent at 2 ms, is lost; what it sends at 5 ms confirms as well.
  pair.world.at(1_ms + 500_us, [&] { pair.network().cut(0, 1); });
  pair.world.at(4_ms, [&] { pair.network().mend(0, 1); });
  SECTION("with data") {
    pair.send_at(5_ms, 7);
    pair.world.run_until(1_s);
    CHECK(pair.server_heard == Arrivals{{6_ms, Kind::opened, 0}, {6_ms, Kind::data, 7}});
  }
  SECTION("without data, at the retransmission") {
    pair.world.run_until(1_s);
    CHECK(pair.server_heard == Arrivals{{203_ms, Kind::opened, 0}});
  }
}

TEST_CASE("a paused server's kernel accepts and receives; its process hears of it on resuming") {
  Pair pair;
  pair.world.at(500_us, [&] { pair.kernel().pause(pair.server); });
  pair.send_at(5_s, 1);
  pair.world.at(10_s, [&] { pair.kernel().resume(pair.server); });
  pair.world.run_until(20_s);
  CHECK(pair.client_heard == Arrivals{{2_ms, Kind::opened, 0}});
  CHECK(pair.server_heard == Arrivals{{10_s, Kind::opened, 0}, {10_s, Kind::data, 1}});
}

// ------------------------------------------------------------------------------- order and stalls

TEST_CASE("a stream delivers in order what a network would reorder") {
  Pair pair;
  pair.send_at(10_ms, 1);
  pair.world.at(10_ms, [&] { pair.network().add_delay(0, 1, 5_ms); });
  pair.send_at(11_ms, 2);
  pair.world.at(11_ms, [&] { pair.network().add_delay(0, 1, -5_ms); });
  pair.send_at(12_ms, 3);
  pair.world.run_until(1_s);
  pair.server_heard.erase(pair.server_heard.begin());
  CHECK(pair.server_heard ==
        Arrivals{{11_ms, Kind::data, 1}, {17_ms, Kind::data, 2}, {17_ms, Kind::data, 3}});
}

TEST_CASE("data sent into a cut is delivered late, at the first retransmission after healing") {
  Pair pair;
  pair.world.at(10_ms, [&] { pair.world.cut_both(0, 1); });
  pair.send_at(20_ms, 1);
  pair.send_at(30_ms, 2);
  pair.world.at(2_s, [&] { pair.world.mend_both(0, 1); });
  pair.world.run_until(10_s);
  pair.server_heard.erase(pair.server_heard.begin());
  // Sent at 20 ms; again after 0.2, 0.6, 1.4, 3.0 s. Once that is acknowledged the rest follows.
  CHECK(pair.server_heard == Arrivals{{3_s + 21_ms, Kind::data, 1}, {3_s + 22_ms, Kind::data, 2}});
}

TEST_CASE("a cut that falls between sending and arrival stalls the segment too") {
  Pair pair;
  pair.send_at(20_ms, 1);
  pair.world.at(20_ms + 500_us, [&] { pair.network().cut(0, 1); });
  pair.world.at(100_ms, [&] { pair.network().mend(0, 1); });
  pair.world.run_until(10_s);
  CHECK(pair.server_heard.back() == Arrival{221_ms, Kind::data, 1});
}

TEST_CASE("what follows a lost segment waits for it at the receiver") {
  Pair pair;
  pair.send_at(20_ms, 1);
  pair.world.at(20_ms + 100_us, [&] { pair.network().cut(0, 1); });
  pair.send_at(20_ms + 200_us, 2);
  pair.world.at(20_ms + 300_us, [&] { pair.network().mend(0, 1); });
  pair.send_at(21_ms, 3);
  pair.world.run_until(10_s);
  pair.server_heard.erase(pair.server_heard.begin());
  CHECK(pair.server_heard == Arrivals{{21_ms, Kind::data, 1},
                                      {221_ms + 200_us, Kind::data, 2},
                                      {221_ms + 200_us, Kind::data, 3}});
}

TEST_CASE("with the way back cut, data arrives but nothing new follows the first timeout") {
  Pair pair;
  pair.world.at(10_ms, [&] { pair.network().cut(1, 0); });
  pair.send_at(20_ms, 1);
  pair.send_at(100_ms, 2);
  pair.reply_at(100_ms, 9);
  pair.send_at(300_ms, 3);
  pair.world.at(5_s, [&] { pair.network().mend(1, 0); });
  pair.world.run_until(10_s);
  pair.server_heard.erase(pair.server_heard.begin());
  pair.client_heard.erase(pair.client_heard.begin());
  // Retransmissions at 220, 620, 1,420, 3,020, 6,220 ms; the reply's at 300, 700, 1,500, 3,100 …
  CHECK(pair.server_heard ==
        Arrivals{{21_ms, Kind::data, 1}, {101_ms, Kind::data, 2}, {6'222_ms, Kind::data, 3}});
  CHECK(pair.client_heard == Arrivals{{6'301_ms, Kind::data, 9}});
}

TEST_CASE("unacknowledged data breaks a connection after 15 retransmissions, 924.6 s") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  pair.send_at(2_s, 1);
  pair.world.run_until(2_s + 924'599_ms);
  CHECK(pair.client_heard.size() == 1);
  pair.world.run_until(2_s + 924'600_ms);
  CHECK(pair.client_heard.back() == Arrival{2_s + 924'600_ms, Kind::timed_out, 0});
}

TEST_CASE("the user timeout breaks a connection when data stays unacknowledged that long") {
  Pair pair(user_timeout(30_s));
  SECTION("cut at sending") {
    pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  }
  SECTION("cut at arrival") {
    pair.world.at(2_s + 500_us, [&] { pair.world.cut_both(0, 1); });
  }
  SECTION("only the answers are lost") {
    pair.world.at(1_s, [&] { pair.network().cut(1, 0); });
  }
  pair.send_at(2_s, 1);
  pair.world.run_until(100_s);
  CHECK(pair.client_heard.back() == Arrival{32_s, Kind::timed_out, 0});
}

TEST_CASE("a connection that is not used survives any partition") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  pair.world.at(90'000_s, [&] { pair.world.mend_both(0, 1); });
  pair.send_at(90'001_s, 1);
  pair.world.run_until(90'002_s);
  CHECK(pair.server_heard.back() == Arrival{90'001_s + 1_ms, Kind::data, 1});
}

// ------------------------------------------------------------------------------------- keepalive

TEST_CASE("keepalive 5/1/3 gives up exactly 8 s after the last traffic") {
  Pair pair({}, keepalive(5_s, 1_s, 3));
  pair.send_at(10_s, 1);  // arrives at 10.001 s: the last the server hears
  pair.world.at(11_s, [&] { pair.world.cut_both(0, 1); });
  pair.world.run_until(100_s);
  CHECK(pair.server_heard.back() == Arrival{18_s + 1_ms, Kind::timed_out, 0});
}

TEST_CASE("keepalive 7200/75/9, Linux's default, gives up after 7,875 s") {
  Pair pair({}, keepalive(7200_s, 75_s, 9));
  pair.send_at(10_s, 1);
  pair.world.at(11_s, [&] { pair.network().cut(0, 1); });
  pair.world.run_until(10'000_s);
  CHECK(pair.server_heard.back() == Arrival{7'885_s + 1_ms, Kind::timed_out, 0});
}

TEST_CASE("keepalive counts from the last probe that was answered") {
  Pair pair({}, keepalive(5_s, 1_s, 3));
  // Probes at 5.003 and 10.003 s are answered, that of 15.003 s is the first lost one.
  pair.world.at(11_s, [&] { pair.world.cut_both(0, 1); });
  SECTION("and gives up") {
    pair.world.run_until(100_s);
    CHECK(pair.server_heard.back() == Arrival{18_s + 3_ms, Kind::timed_out, 0});
  }
  SECTION("unless the last probe gets through") {
    pair.world.at(17_s, [&] { pair.world.mend_both(0, 1); });
    pair.world.run_until(100_s);
    CHECK(pair.server_heard.size() == 1);
  }
}

TEST_CASE("the user timeout takes the place of the count of probes") {
  ConnectionOptions options = keepalive(5_s, 1_s, 3);
  options.user_timeout = 20_s;
  Pair pair({}, options);
  pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  pair.world.run_until(100_s);
  CHECK(pair.server_heard.back() == Arrival{20_s + 3_ms, Kind::timed_out, 0});
}

TEST_CASE("a paused process's kernel answers keepalive, a suspended machine does not") {
  Pair pair({}, keepalive(5_s, 1_s, 3));
  SECTION("paused") {
    pair.world.at(1_s, [&] { pair.kernel().pause(pair.client); });
    pair.world.run_until(100_s);
    CHECK(pair.server_heard.size() == 1);
  }
  SECTION("suspended") {
    pair.world.at(1_s, [&] { pair.kernel().suspend_machine(0); });
    pair.world.run_until(100_s);
    CHECK(pair.server_heard.back() == Arrival{8_s + 3_ms, Kind::timed_out, 0});
  }
  SECTION("frozen") {
    pair.world.at(1_s, [&] { pair.kernel().freeze_machine(0); });
    pair.world.run_until(100_s);
    CHECK(pair.server_heard.back() == Arrival{8_s + 3_ms, Kind::timed_out, 0});
  }
}

TEST_CASE("the timers of a suspended machine's kernel stand still with its monotonic clock") {
  Pair pair({}, keepalive(5_s, 1_s, 3));
  pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  pair.world.at(2_s, [&] { pair.kernel().suspend_machine(1); });
  pair.world.at(62_s, [&] { pair.kernel().unsuspend_machine(1); });
  pair.world.run_until(100_s);
  CHECK(pair.server_heard.back() == Arrival{68_s + 3_ms, Kind::timed_out, 0});
}

TEST_CASE("keepalive leaves unacknowledged data to its own timeouts") {
  Pair pair(keepalive(5_s, 1_s, 3));
  pair.world.at(1_s, [&] { pair.world.cut_both(0, 1); });
  pair.send_at(2_s, 1);
  pair.world.run_until(900_s);
  CHECK(pair.client_heard.size() == 1);
  pair.world.run_until(1000_s);
  CHECK(pair.client_heard.back() == Arrival{926'600_ms, Kind::timed_out, 0});
}

// ------------------------------------------------------------------------- half-open and closing

TEST_CASE("power loss leaves the peer half-open until it speaks to the machine come back") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.kernel().power_loss(1); });
  pair.world.at(10_s, [&] { pair.kernel().power_on(1); });
  SECTION("nothing tells it") {
    pair.world.run_until(100_s);
    CHECK(pair.client_heard.size() == 1);
  }
  SECTION("data is answered with a reset") {
    pair.send_at(20_s, 1);
    pair.world.run_until(100_s);
    CHECK(pair.client_heard.back() == Arrival{20_s + 2_ms, Kind::reset, 0});
  }
  SECTION("data sent while it is off is answered when it is back") {
    pair.send_at(2_s, 1);  // again at 2.2, 2.6, 3.4, 5.0, 8.2, 14.6 s
    pair.world.run_until(100_s);
    CHECK(pair.client_heard.back() == Arrival{14'602_ms, Kind::reset, 0});
  }
}

TEST_CASE("keepalive finds out that the peer has rebooted") {
  Pair pair(keepalive(5_s, 1_s, 3));
  pair.world.at(1_s, [&] { pair.kernel().power_loss(1); });
  pair.world.at(2_s, [&] { pair.kernel().power_on(1); });
  pair.world.run_until(100_s);
  CHECK(pair.client_heard.back() == Arrival{5_s + 3_ms, Kind::reset, 0});
}

TEST_CASE("when a process dies its kernel closes its connections after what it had sent") {
  Pair pair;
  pair.send_at(1_s, 1);
  pair.world.at(1_s, [&] { pair.kernel().crash(pair.client); });
  pair.world.run_until(10_s);
  pair.server_heard.erase(pair.server_heard.begin());
  CHECK(pair.server_heard == Arrivals{{1'001_ms, Kind::data, 1}, {1'001_ms, Kind::closed, 0}});
}

TEST_CASE("a dead process's last words are retransmitted by its kernel") {
  Pair pair;
  pair.world.at(500_ms, [&] { pair.world.cut_both(0, 1); });
  pair.send_at(1_s, 1);
  pair.world.at(1'100_ms, [&] { pair.kernel().crash(pair.client); });
  SECTION("and arrive after healing") {
    pair.world.at(2_s, [&] { pair.world.mend_both(0, 1); });
    pair.world.run_until(10_s);
    pair.server_heard.erase(pair.server_heard.begin());
    CHECK(pair.server_heard == Arrivals{{2'401_ms, Kind::data, 1}, {2'402_ms, Kind::closed, 0}});
  }
  SECTION("for 8 retransmissions, 102.2 s, only: then the peer is half-open") {
    pair.world.at(110_s, [&] { pair.world.mend_both(0, 1); });
    pair.reply_at(200_s, 5);
    pair.world.run_until(300_s);
    pair.server_heard.erase(pair.server_heard.begin());
    CHECK(pair.server_heard == Arrivals{{200_s + 2_ms, Kind::reset, 0}});
  }
}

TEST_CASE("data for an end that closed is answered with a reset") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.kernel().crash(pair.client); });
  pair.reply_at(1_s, 5);
  pair.world.run_until(10_s);
  CHECK(pair.server_heard.back() == Arrival{1'001_ms, Kind::closed, 0});
}

TEST_CASE("both ends may close at once") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.kernel().crash(pair.client); });
  pair.world.at(1_s, [&] { pair.kernel().process(pair.server).close(pair.accepted); });
  pair.world.run_until(10_s);
  CHECK(pair.server_heard.size() == 1);
  CHECK(pair.network().counters().stalled == 0);
  CHECK(pair.network().live_connections() == 0);
}

TEST_CASE("a restarted listener knows nothing of its predecessor's connections") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.kernel().crash(pair.server); });
  pair.world.at(1_s, [&] { pair.kernel().restart(pair.server); });
  pair.world.run_until(10_s);
  CHECK(pair.client_heard.back() == Arrival{1'001_ms, Kind::closed, 0});
  CHECK(pair.server_heard == Arrivals{{3_ms, Kind::opened, 0}});
}

TEST_CASE("connections can be reset from outside, at both ends at once") {
  Pair pair;
  pair.world.at(1_s, [&] { pair.network().reset_connections(pair.server, pair.client); });
  pair.world.run_until(10_s);
  CHECK(pair.client_heard.back() == Arrival{1_s, Kind::reset, 0});
  CHECK(pair.server_heard.back() == Arrival{1_s, Kind::reset, 0});
}

TEST_CASE("connections leave nothing behind, however they end") {
  World world;
  world.add_hosts(2);
  const ProcessId server = world
                               .process(1,
                                        [](Process& self) -> Task<void> {
                                          self.listen();
                                          while (true) {
                                            const Incoming incoming =
                                                co_await self.inbox().receive();
                                            if (incoming.kind != Kind::data) continue;
                                            self.send_over(incoming.connection, incoming.message);
                                          }
                                        })
                               .id();
  int answered = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    for (std::uint64_t i = 0; i < 3000; ++i) {
      Connection connection = self.connect(server);
      const auto opened = co_await connection.mailbox().receive_until(self.mono_now() + 50_ms);
      if (!opened || opened->kind != Kind::opened) continue;
      connection.send(text(i));
      const auto reply = co_await connection.mailbox().receive_until(self.mono_now() + 50_ms);
      if (reply && reply->kind == Kind::data) ++answered;
    }
  });
  world.kernel.network().set_loss(0, 1, 50'000);
  world.kernel.network().set_loss(1, 0, 50'000);
  std::size_t most = 0;
  for (int i = 0; i < 2000; ++i) {
    world.run_until(world.now() + 100_ms);
    most = std::max(most, world.kernel.network().live_connections());
  }
  CHECK(answered > 2000);
  CHECK(most < 20);
  CHECK(world.kernel.network().live_connections() == 0);
}
