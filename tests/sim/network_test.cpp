#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/sim/death.hpp"
#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

using Kind = Incoming::Kind;

/// Process 0 on host 0 sends a datagram every millisecond, numbered from 0, to process 1 on host 1.
struct Flow : World {
  explicit Flow(std::uint64_t count, std::uint64_t seed = 1) : World(seed) {
    add_hosts(2);
    process(0, [count](Process& self) -> Task<void> {
      for (std::uint64_t i = 0; i < count; ++i) {
        self.send(1, text(i));
        co_await self.sleep(1_ms);
      }
    });
    process(1,
            [this](Process& self) -> Task<void> { co_await note_all(*this, self.inbox(), heard); });
  }
  std::vector<std::uint64_t> values() const {
    std::vector<std::uint64_t> result;
    for (const Arrival& arrival : heard) result.push_back(arrival.value);
    return result;
  }
  Arrivals heard;
};

}  // namespace

TEST_CASE("a datagram takes the delay of its link") {
  Flow flow(2);
  flow.kernel.network().set_delay(0, 1, Distribution::constant(30_ms));
  flow.kernel.network().add_delay(0, 1, 5_ms);
  flow.run_until(1_s);
  CHECK(flow.heard == Arrivals{{35_ms, Kind::datagram, 0}, {36_ms, Kind::datagram, 1}});
  CHECK(flow.kernel.network().counters().datagrams_sent == 2);
  CHECK(flow.kernel.network().messages_sent(0, 1) == 2);
  CHECK(flow.kernel.network().messages_sent(1, 0) == 0);
  CHECK(flow.kernel.network().counters().lost == 0);
}

TEST_CASE("datagrams may overtake one another") {
  Flow flow(2);
  flow.kernel.network().set_delay(0, 1, Distribution::constant(30_ms));
  flow.at(500_us, [&] { flow.kernel.network().set_delay(0, 1, Distribution::constant(1_ms)); });
  flow.run_until(1_s);
  CHECK(flow.values() == std::vector<std::uint64_t>{1, 0});
}

TEST_CASE("a cut acts at sending and at delivery, in its direction alone, and nests") {
  Flow flow(10);
  flow.process(1, [&](Process& self) -> Task<void> {
    for (std::uint64_t i = 100; i < 110; ++i) {
      self.send(0, text(i));
      co_await self.sleep(1_ms);
    }
  });
  Network& network = flow.kernel.network();
  SECTION("of the messages sent at 0 … 9 ms those under way at 3.5 ms are lost as well") {
    network.set_delay(0, 1, Distribution::constant(2_ms));
    flow.at(3'500_us, [&] { network.cut(0, 1); });
    flow.at(6'500_us, [&] { network.mend(0, 1); });
    flow.run_until(1_s);
    // Sent at 2 and 3 ms: under way. At 4 and 5 ms: sent into the cut. At 6 ms: too.
    CHECK(flow.values() == std::vector<std::uint64_t>{0, 1, 7, 8, 9});
    CHECK(network.counters().lost == 5);
    CHECK(flow.kernel.process(0).inbox().size() == 10);
  }
  SECTION("a cut that is over before a message arrives does not harm it") {
    network.set_delay(0, 1, Distribution::constant(5_ms));
    flow.at(3'200_us, [&] { network.cut(0, 1); });
    flow.at(3'800_us, [&] { network.mend(0, 1); });
    flow.run_until(1_s);
    CHECK(flow.values().size() == 10);
  }
  SECTION("two cuts must both be mended") {
    network.cut(0, 1);
    network.cut(0, 1);
    flow.at(4'500_us, [&] { network.mend(0, 1); });
    flow.at(7'500_us, [&] { network.mend(0, 1); });
    flow.run_until(1_s);
    CHECK(flow.values() == std::vector<std::uint64_t>{8, 9});
  }
}

TEST_CASE("each message takes the next word of the loss stream, whether it could be lost or not") {
  const auto survivors = [](std::uint32_t loss_before) {
    Flow flow(100);
    Network& network = flow.kernel.network();
    network.set_loss(0, 1, loss_before);
    flow.at(49'500_us, [&network] { network.set_loss(0, 1, 500'000); });
    flow.run_until(1_s);
    std::vector<std::uint64_t> later = flow.values();
    std::erase_if(later, [](std::uint64_t number) { return number < 50; });
    return later;
  };
  CHECK(survivors(0) == survivors(1'000'000));
  CHECK(survivors(0).size() < 50);
}

TEST_CASE("loss of replies alone") {
  World world;
  world.add_hosts(2);
  int requests = 0;
  int replies = 0;
  world.process(0, [&](Process& self) -> Task<void> {
    while (true) {
      const Incoming request = co_await self.inbox().receive();
      ++requests;
      self.send(request.from, request.message);
    }
  });
  world.process(1, [&](Process& self) -> Task<void> {
    for (int i = 0; i < 100; ++i) {
      self.send(0, text(1));
      const auto reply = co_await self.inbox().receive_until(self.mono_now() + 10_ms);
      if (reply) ++replies;
    }
  });
  SECTION("all of them") {
    world.kernel.network().set_loss(0, 1, 1'000'000);
    world.run_until(10_s);
    CHECK(requests == 100);
    CHECK(replies == 0);
  }
  SECTION("a part of them") {
    world.kernel.network().set_loss(0, 1, 500'000);
    world.run_until(10_s);
    CHECK(requests == 100);
    CHECK(replies > 30);
    CHECK(replies < 70);
  }
}

TEST_CASE("a datagram to a stopped machine or a dead process is lost, to a paused one it waits") {
  Flow flow(10);
  SECTION("suspended") {
    flow.at(3'500_us, [&] { flow.kernel.suspend_machine(1); });
    flow.at(6'500_us, [&] { flow.kernel.unsuspend_machine(1); });
    flow.run_until(1_s);
    CHECK(flow.values() == std::vector<std::uint64_t>{0, 1, 2, 6, 7, 8, 9});
  }
  SECTION("frozen") {
    flow.at(3'500_us, [&] { flow.kernel.freeze_machine(1); });
    flow.at(6'500_us, [&] { flow.kernel.thaw_machine(1); });
    flow.run_until(1_s);
    CHECK(flow.values() == std::vector<std::uint64_t>{0, 1, 2, 6, 7, 8, 9});
  }
  SECTION("dead") {
    flow.at(3'500_us, [&] { flow.kernel.crash(1); });
    flow.at(6'500_us, [&] { flow.kernel.restart(1); });
    flow.run_until(1_s);
    CHECK(flow.values() == std::vector<std::uint64_t>{0, 1, 2, 6, 7, 8, 9});
  }
  SECTION("paused") {
    flow.at(3'500_us, [&] { flow.kernel.pause(1); });
    flow.at(6'500_us, [&] { flow.kernel.resume(1); });
    flow.run_until(1_s);
    CHECK(flow.values().size() == 10);
  }
}

TEST_CASE("negative delays and more mending than cutting are bugs that are caught") {
  CHECK(asserts([] {
    World world;
    world.add_hosts(2);
    world.kernel.network().mend(0, 1);
  }));
  CHECK(asserts([] {
    World world;
    world.add_hosts(2);
    world.kernel.network().add_delay(0, 1, -1_ns);
  }));
  CHECK(asserts([] {
    World world;
    world.add_hosts(2);
    world.kernel.network().set_delay(0, 1, Distribution::constant(-1_ns));
  }));
}

// ---------------------------------------------------------------------------------- random faults

namespace {

/// A fault on one of the two directions between host 0 and host 1, at a time.
struct LinkFault {
  enum class Kind : std::uint8_t { cut, loss, delay, suspend, pause };
  std::int64_t at_ms;
  std::int64_t lasts_ms;
  Kind kind;
  std::uint32_t from;
  std::uint32_t value;

  friend std::ostream& operator<<(std::ostream& out, const LinkFault& fault) {
    return out << "{at " << fault.at_ms << " lasts " << fault.lasts_ms << " kind "
               << static_cast<int>(fault.kind) << " from " << fault.from << " value " << fault.value
               << "}";
  }
};

std::vector<LinkFault> any_faults() {
  return *rc::gen::container<std::vector<LinkFault>>(rc::gen::apply(
      [](std::int64_t at, std::int64_t lasts, int kind, std::uint32_t from, std::uint32_t value) {
        return LinkFault{at, lasts, static_cast<LinkFault::Kind>(kind), from, value};
      },
      rc::gen::inRange<std::int64_t>(0, 20'000), rc::gen::inRange<std::int64_t>(1, 8'000),
      rc::gen::inRange(0, 5), rc::gen::inRange<std::uint32_t>(0, 2),
      rc::gen::inRange<std::uint32_t>(1, 1'000'000)));
}

void plan(World& world, const LinkFault& fault) {
  Kernel& kernel = world.kernel;
  Network& network = kernel.network();
  const std::uint32_t from = fault.from;
  const std::uint32_t to = 1 - from;
  const Duration extra = Duration::nanoseconds(std::int64_t{fault.value} * 1000);
  std::function<void()> begin;
  std::function<void()> end;
  switch (fault.kind) {
    case LinkFault::Kind::cut:
      begin = [&network, from, to] { network.cut(from, to); };
      end = [&network, from, to] { network.mend(from, to); };
      break;
    case LinkFault::Kind::loss:
      begin = [&network, from, to, fault] { network.set_loss(from, to, fault.value); };
      end = [&network, from, to] { network.set_loss(from, to, 0); };
      break;
    case LinkFault::Kind::delay:
      begin = [&network, from, to, extra] { network.add_delay(from, to, extra); };
      end = [&network, from, to, extra] { network.add_delay(from, to, -extra); };
      break;
    case LinkFault::Kind::suspend:
      begin = [&kernel, from] { kernel.suspend_machine(from); };
      end = [&kernel, from] { kernel.unsuspend_machine(from); };
      break;
    case LinkFault::Kind::pause:
      begin = [&kernel, from] { kernel.pause(from); };
      end = [&kernel, from] { kernel.resume(from); };
      break;
  }
  world.at(Duration::milliseconds(fault.at_ms), begin);
  world.at(Duration::milliseconds(fault.at_ms + fault.lasts_ms), end);
}

/// A client (process 0, host 0) and a server that each send a numbered message every now and then.
struct Talk : World {
  Talk(std::uint64_t seed, const std::vector<LinkFault>& faults, ConnectionOptions options = {})
      : World(seed) {
    add_hosts(2);
    for (const std::uint32_t from : {0u, 1u}) {
      kernel.network().set_delay(from, 1 - from, Distribution::exponential(20_ms));
    }
    process(0, [this, options](Process& self) { return run_client(self, options); });
    process(1, [this](Process& self) { return run_server(self); });
    for (const LinkFault& fault : faults) plan(*this, fault);
  }

  Task<void> run_client(Process& self, ConnectionOptions options) {
    Connection connection = self.connect(1, options);
    const Incoming opened = co_await connection.mailbox().receive();
    if (opened.kind != Kind::opened) {
      broken = true;
      co_return;
    }
    self.spawn(note(connection.mailbox(), client_heard));
    Rng rng = self.stream(purpose("test"));
    for (; client_sent < 400; ++client_sent) {
      connection.send(text(client_sent));
      co_await self.sleep(Distribution::exponential(50_ms).sample(rng));
    }
    co_await self.sleep(Duration::max());
  }

  Task<void> run_server(Process& self) {
    self.listen();
    Rng rng = self.stream(purpose("test"));
    const Incoming opened = co_await self.inbox().receive();
    self.spawn(note(self.inbox(), server_heard));
    for (; server_sent < 400; ++server_sent) {
      self.send_over(opened.connection, text(server_sent));
      co_await self.sleep(Distribution::exponential(50_ms).sample(rng));
    }
    co_await self.sleep(Duration::max());
  }

  Task<void> note(Mailbox& mailbox, std::vector<std::uint64_t>& heard) {
    while (true) {
      const Incoming incoming = co_await mailbox.receive();
      if (incoming.kind == Kind::data) {
        heard.push_back(value_of(incoming));
      } else {
        broken = true;
      }
    }
  }

  bool broken = false;
  std::uint64_t client_sent = 0;
  std::uint64_t server_sent = 0;
  std::vector<std::uint64_t> client_heard;
  std::vector<std::uint64_t> server_heard;
};

/// What was heard is a beginning of 0, 1, 2 … sent: in order, nothing twice, nothing invented.
bool is_prefix(const std::vector<std::uint64_t>& heard, std::uint64_t sent) {
  for (std::uint64_t i = 0; i < heard.size(); ++i) {
    if (heard[i] != i) return false;
  }
  return heard.size() <= sent;
}

}  // namespace

TEST_CASE("a stream keeps order and loses nothing, whatever the network does") {
  CHECK(rc::check("under random cuts, losses, delays, suspends and pauses", [] {
    const auto faults = any_faults();
    Talk talk(*rc::gen::arbitrary<std::uint64_t>(), faults);
    for (int step = 0; step < 30; ++step) {
      talk.run_until(talk.now() + 1_s);
      RC_ASSERT(is_prefix(talk.server_heard, talk.client_sent + 1));
      RC_ASSERT(is_prefix(talk.client_heard, talk.server_sent + 1));
    }
    // Every fault is over at 28 s. The longest retransmission timeout by then is below 30 s.
    talk.run_until(300_s);
    RC_ASSERT(!talk.broken);
    RC_ASSERT(talk.server_heard.size() == 400u);
    RC_ASSERT(talk.client_heard.size() == 400u);
  }));
}

TEST_CASE("a stream that breaks has delivered a beginning of what was sent") {
  CHECK(rc::check("with a user timeout and keepalive, and power losses", [] {
    const auto faults = any_faults();
    ConnectionOptions options;
    options.user_timeout = Duration::milliseconds(*rc::gen::inRange(500, 5000));
    options.keepalive_idle = Duration::milliseconds(*rc::gen::inRange(100, 2000));
    options.keepalive_interval = Duration::milliseconds(*rc::gen::inRange(100, 2000));
    Talk talk(*rc::gen::arbitrary<std::uint64_t>(), faults, options);
    const auto crash_at = Duration::milliseconds(*rc::gen::inRange(1, 40'000));
    const HostId host = *rc::gen::inRange<HostId>(0, 2);
    const bool power = *rc::gen::arbitrary<bool>();
    talk.at(crash_at, [&] {
      if (power) {
        talk.kernel.power_loss(host);
      } else {
        talk.kernel.crash(host);
      }
    });
    talk.run_until(2000_s);
    RC_ASSERT(is_prefix(talk.server_heard, talk.client_sent + 1));
    RC_ASSERT(is_prefix(talk.client_heard, talk.server_sent + 1));
  }));
}

TEST_CASE("datagrams arrive at most once, and none that was not sent") {
  CHECK(rc::check("under random cuts, losses, delays, suspends and pauses", [] {
    const auto faults = any_faults();
    Flow flow(20'000, *rc::gen::arbitrary<std::uint64_t>());
    flow.kernel.network().set_delay(0, 1, Distribution::exponential(20_ms));
    for (const LinkFault& fault : faults) plan(flow, fault);
    flow.run_until(100_s);
    std::set<std::uint64_t> seen;
    for (const std::uint64_t value : flow.values()) RC_ASSERT(seen.insert(value).second);
    RC_ASSERT((seen.empty() || *seen.rbegin() < 20'000u));
    RC_ASSERT(seen.size() + flow.kernel.network().counters().lost == 20'000u);
  }));
}

// ----------------------------------------------------------------------------- independent streams

namespace {

/// When each of the numbered messages of either direction arrived; nothing reacts to anything.
std::map<std::uint64_t, Duration> arrivals_under(std::uint64_t seed,
                                                 const std::vector<LinkFault>& faults) {
  World world(seed);
  world.add_hosts(2);
  std::map<std::uint64_t, Duration> arrived;
  for (const std::uint32_t me : {0u, 1u}) {
    world.kernel.network().set_delay(me, 1 - me, Distribution::lognormal(5_ms, 800));
    world.kernel.network().set_loss(me, 1 - me, 20'000);
    world.process(me, [&world, &arrived, me](Process& self) -> Task<void> {
      const auto note = [](World& w, Process& p, auto& when) -> Task<void> {
        while (true) {
          const Incoming incoming = co_await p.inbox().receive();
          when.emplace(value_of(incoming), w.now());
        }
      };
      self.spawn(note(world, self, arrived));
      for (std::uint64_t i = 0; i < 2500; ++i) {
        self.send(1 - me, text(me * 1'000'000 + i));
        co_await self.sleep(10_ms);
      }
    });
  }
  for (const LinkFault& fault : faults) plan(world, fault);
  world.run_until(100_s);
  return arrived;
}

/// Whether the fault may concern a message, which is under way for up to `under_way_ms`.
bool touches(const LinkFault& fault, std::uint64_t message, std::int64_t under_way_ms) {
  const auto from = static_cast<std::uint32_t>(message / 1'000'000);
  const auto sent_ms = static_cast<std::int64_t>(message % 1'000'000) * 10;
  return fault.from == from && sent_ms >= fault.at_ms - under_way_ms &&
         sent_ms <= fault.at_ms + fault.lasts_ms;
}

}  // namespace

TEST_CASE("removing one fault leaves every draw that it did not decide as it was") {
  CHECK(rc::check("message by message, before, during and after other faults", [] {
    const std::uint64_t seed = *rc::gen::arbitrary<std::uint64_t>();
    std::vector<LinkFault> faults = any_faults();
    // Link faults alone: a stopped sender would move its later messages in time. A loss replaces
    // the link's own, so one at a time.
    std::erase_if(faults, [](const LinkFault& f) {
      return f.kind != LinkFault::Kind::cut && f.kind != LinkFault::Kind::delay;
    });
    RC_PRE(!faults.empty());
    const auto index = *rc::gen::inRange<std::size_t>(0, faults.size());
    const LinkFault removed = faults[index];
    std::int64_t under_way_ms = 1000;
    for (const LinkFault& fault : faults) under_way_ms += fault.value / 1000;
    const auto with = arrivals_under(seed, faults);
    faults.erase(faults.begin() + static_cast<std::ptrdiff_t>(index));
    const auto without = arrivals_under(seed, faults);
    for (const auto& [message, at] : without) {
      if (touches(removed, message, under_way_ms)) continue;
      const auto found = with.find(message);
      RC_ASSERT(found != with.end());
      RC_ASSERT(found->second.ns() == at.ns());
    }
  }));
}
