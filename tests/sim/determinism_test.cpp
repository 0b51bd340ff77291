#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

struct Note {
  static constexpr std::uint16_t kRecordKind = 0x7001;
  std::uint8_t small = 0;  // padding follows, which no digest may see
  std::uint64_t large = 0;
};

/// A world in which everything happens: datagrams and streams over lossy links, drifting clocks,
/// timers on all clocks, syncs, computations, records, pauses, cuts, steps, crashes.
struct Everything : World {
  struct Settings {
    std::uint64_t seed = 1;
    std::uint64_t payload = 5;
    Duration service = 100_us;
    std::int64_t rate_ppb = 20'000;
    std::uint32_t loss = 20'000;
    std::uint8_t small = 1;
    Duration pause_at = 2_s;
    bool cut = true;
  };

  explicit Everything(const Settings& settings) : World(settings.seed), settings_(settings) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      HostSettings host;
      host.rate_ppb = settings.rate_ppb * (i == 0 ? 1 : -2);
      host.wall_offset = Duration::milliseconds(i);
      host.fsync = Distribution::lognormal(2_ms, 700);
      kernel.add_host(host);
    }
    for (std::uint32_t from = 0; from < 3; ++from) {
      for (std::uint32_t to = 0; to < 3; ++to) {
        kernel.network().set_delay(from, to, Distribution::lognormal(1_ms, 500));
        kernel.network().set_loss(from, to, settings.loss);
      }
    }
    process(0, [this](Process& self) { return serve(self); });
    process(1, [this](Process& self) { return ask(self); });
    process(2, [this](Process& self) { return ask(self); });
    at(settings.pause_at, [this] { kernel.pause(1); });
    at(settings.pause_at + 1_s, [this] { kernel.resume(1); });
    if (settings.cut) {
      at(4_s, [this] { cut_both(0, 2); });
      at(5_s, [this] { mend_both(0, 2); });
    }
    at(6_s, [this] { kernel.step_wall_clock(1, -300_ms); });
    at(7_s, [this] { kernel.crash(2); });
    at(7'500_ms, [this] { kernel.restart(2); });
    at(8_s, [this] { kernel.suspend_machine(0); });
    at(8'200_ms, [this] { kernel.unsuspend_machine(0); });
  }

  Task<void> serve(Process& self) {
    self.listen();
    Rng rng = self.stream(purpose("service"));
    const Distribution service = Distribution::exponential(settings_.service);
    File& file = self.file(1);
    while (true) {
      const Incoming incoming = co_await self.inbox().receive();
      co_await self.compute(service.sample(rng));
      if (incoming.kind == Incoming::Kind::datagram) self.send(incoming.from, incoming.message);
      if (incoming.kind != Incoming::Kind::data) continue;
      file.append(DiskRecord::of(value_of(incoming)));
      co_await self.sync(file);
      self.send_over(incoming.connection, incoming.message);
    }
  }

  Task<void> ask(Process& self) {
    Rng rng = self.stream(purpose("pauses"));
    std::uint64_t number = settings_.payload;
    while (true) {
      Connection connection = self.connect(0);
      const auto opened = co_await connection.mailbox().receive_until(self.mono_now() + 1_s);
      if (!opened || opened->kind != Incoming::Kind::opened) continue;
      while (true) {
        connection.send(text(number));
        self.send(0, text(number));
        self.recorder().emit(Note{settings_.small, number});
        ++number;
        const auto reply = co_await connection.mailbox().receive_until(self.mono_now() + 500_ms);
        if (!reply || reply->kind != Incoming::Kind::data) break;
        co_await self.sleep_until(self.wall_now() + Distribution::exponential(20_ms).sample(rng));
      }
    }
  }

  Settings settings_;
};

std::uint64_t digest_of(const Everything::Settings& settings) {
  Everything world(settings);
  world.run_until(10_s);
  return world.kernel.digest();
}

}  // namespace

TEST_CASE("the digest of a run is pinned: it moves only together with replay_version") {
  Everything world({});
  world.run_until(10_s);
  CHECK(world.kernel.counters().records > 300);
  CHECK(world.kernel.network().counters().stalled > 5);
  CHECK(world.kernel.digest() == 0xcf076289e3fdcd53);
}

TEST_CASE("the same seed gives the same digest, another seed another one") {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Everything::Settings settings;
    settings.seed = seed;
    const std::uint64_t digest = digest_of(settings);
    CHECK(digest == digest_of(settings));
    digests.insert(digest);
  }
  CHECK(digests.size() == 20);
}

TEST_CASE("the digest differs when anything differs") {
  std::set<std::uint64_t> digests;
  const auto add = [&](const std::function<void(Everything::Settings&)>& change) {
    Everything::Settings settings;
    change(settings);
    digests.insert(digest_of(settings));
  };
  add([](auto&) {});
  add([](auto& s) { s.payload = 6; });
  add([](auto& s) { s.service = 100_us + 10_ns; });
  add([](auto& s) { s.rate_ppb = 20'001; });
  add([](auto& s) { s.loss = 20'001; });
  add([](auto& s) { s.small = 2; });
  add([](auto& s) { s.pause_at = 2_s + 1_ns; });
  add([](auto& s) { s.cut = false; });
  CHECK(digests.size() == 8);
}

TEST_CASE("several worlds in one program, taking turns, have the digests they have alone") {
  std::vector<std::unique_ptr<Everything>> worlds;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Everything::Settings settings;
    settings.seed = seed;
    worlds.push_back(std::make_unique<Everything>(settings));
  }
  for (int step = 1; step <= 100; ++step) {
    for (auto& world : worlds) world->run_until(Duration::milliseconds(100 * step));
  }
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Everything::Settings settings;
    settings.seed = seed;
    CHECK(worlds[seed]->kernel.digest() == digest_of(settings));
  }
}

TEST_CASE("looking at a run does not change it") {
  struct Onlooker final : TraceSink, RecordSink {
    void on_event(const TraceEvent&) override { ++events; }
    void on_record(TrueTime, std::uint64_t sequence, std::uint16_t, const void*) override {
      CHECK(sequence == records++);
    }
    std::uint64_t events = 0;
    std::uint64_t records = 0;
  };
  Onlooker onlooker;
  Everything world({});
  world.kernel.set_trace_sink(&onlooker);
  world.kernel.set_record_sink(&onlooker);
  world.run_until(10_s);
  CHECK(onlooker.events > 1000);
  CHECK(onlooker.records == world.kernel.counters().records);
  CHECK(world.kernel.digest() == digest_of({}));
}

TEST_CASE("running in one go or in many is the same run") {
  Everything world({});
  for (int step = 1; step <= 10'000; ++step) world.run_until(Duration::milliseconds(step));
  CHECK(world.kernel.digest() == digest_of({}));
}

TEST_CASE("worlds come and go in any number without leaving anything to the next") {
  const std::uint64_t alone = digest_of({});
  for (std::uint64_t seed = 100; seed < 110; ++seed) {
    Everything::Settings settings;
    settings.seed = seed;
    Everything world(settings);
    world.run_until(Duration::milliseconds(static_cast<std::int64_t>(seed)));
  }
  CHECK(digest_of({}) == alone);
}
