#include "sim/world/disk.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "tests/sim/world.hpp"

using namespace leasehold::sim;
using namespace leasehold::sim::test;

namespace {

DiskRecord record(std::uint64_t value) { return DiskRecord::of(value); }

/// What can be read: a value, or -1 for a torn record.
std::vector<std::int64_t> content(const File& file) {
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < file.size(); ++i) {
    values.push_back(file[i].torn ? -1 : static_cast<std::int64_t>(file[i].as<std::uint64_t>()));
  }
  return values;
}

/// One process on one host whose fsync takes `fsync`; `before` runs in its first life, then the
/// power goes at `loss` and comes back 1 s later, and the second life reads its file.
class Rig {
 public:
  using Body = std::function<Task<void>(Process&, File&)>;

  explicit Rig(Body before, std::uint64_t seed = 1) : world(seed), before_(std::move(before)) {
    HostSettings host;
    host.fsync = Distribution::constant(10_ms);
    world.kernel.add_host(host);
    world.process(0, [this](Process& self) { return run(self); });
  }
  std::vector<std::int64_t> after_power_loss(Duration loss) {
    world.at(loss, [this] { world.kernel.power_loss(0); });
    world.at(loss + 1_s, [this] { world.kernel.power_on(0); });
    world.run_until(loss + 2_s);
    return found;
  }
  std::vector<std::int64_t> after_crash(Duration crash) {
    world.at(crash, [this] { world.kernel.crash(0); });
    world.at(crash + 1_s, [this] { world.kernel.restart(0); });
    world.run_until(crash + 2_s);
    return found;
  }

  World world;
  std::vector<std::int64_t> found;

 private:
  Task<void> run(Process& self) {
    File& file = self.file(1);
    if (self.incarnation() == 0) {
      co_await before_(self, file);
      co_await self.sleep(Duration::max());
    }
    found = content(file);
  }

  Body before_;
};

}  // namespace

TEST_CASE("what was synced survives a power loss, whatever the seed") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          file.append(record(1));
          file.append(record(2));
          const bool ok = co_await self.sync(file);
          CHECK(ok);
        },
        seed);
    CHECK(rig.after_power_loss(100_ms) == std::vector<std::int64_t>{1, 2});
  }
}

TEST_CASE("the death of a process alone loses nothing that was written") {
  Rig rig([](Process&, File& file) -> Task<void> {
    file.append(record(1));
    file.append(record(2));
    co_return;
  });
  CHECK(rig.after_crash(100_ms) == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("unsynced appends are lost, kept or torn, from the end on") {
  std::set<std::vector<std::int64_t>> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          file.append(record(1));
          co_await self.sync(file);
          file.append(record(2));
          file.append(record(3));
        },
        seed);
    seen.insert(rig.after_power_loss(100_ms));
  }
  CHECK(seen == std::set<std::vector<std::int64_t>>{{1}, {1, -1}, {1, 2}, {1, 2, -1}, {1, 2, 3}});
}

TEST_CASE("an unsynced replacement leaves the old or the new content, a truncation likewise") {
  std::set<std::vector<std::int64_t>> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          file.append(record(1));
          file.append(record(2));
          co_await self.sync(file);
          file.truncate(1);
          file.replace({record(7), record(8), record(9)});
        },
        seed);
    seen.insert(rig.after_power_loss(100_ms));
  }
  CHECK(seen == std::set<std::vector<std::int64_t>>{{1, 2}, {1}, {7, 8, 9}});
}

TEST_CASE("a power loss during a sync may lose what it covers") {
  std::set<std::vector<std::int64_t>> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          file.append(record(1));
          co_await self.sync(file);  // until 10 ms
        },
        seed);
    seen.insert(rig.after_power_loss(9'999_us));
  }
  CHECK(seen == std::set<std::vector<std::int64_t>>{{}, {-1}, {1}});
}

TEST_CASE("a sync covers the writes before it and none after, even when syncs overlap") {
  std::set<std::vector<std::int64_t>> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          const auto sync = [](Process& p, File& f) -> Task<void> { co_await p.sync(f); };
          file.append(record(1));
          self.spawn(sync(self, file));  // done at 10 ms
          co_await self.sleep(1_ms);
          file.append(record(2));
          self.spawn(sync(self, file));  // done at 20 ms
          co_await self.sleep(14_ms);
          file.append(record(3));  // covered by none
        },
        seed);
    seen.insert(rig.after_power_loss(100_ms));
  }
  CHECK(seen == std::set<std::vector<std::int64_t>>{{1, 2}, {1, 2, -1}, {1, 2, 3}});
}

TEST_CASE("syncs of a disk queue behind one another, a slow disk takes its factor") {
  World world;
  HostSettings host;
  host.fsync = Distribution::constant(10_ms);
  world.kernel.add_host(host);
  std::vector<Duration> done;
  for (std::uint32_t i = 0; i < 3; ++i) {
    world.process(0, [&](Process& self) -> Task<void> {
      File& file = self.file(1);
      file.append(record(1));
      co_await self.sync(file);
      done.push_back(world.now());
      co_await self.sleep(100_ms);
      co_await self.sync(file);
      done.push_back(world.now());
    });
  }
  world.at(50_ms, [&] { world.kernel.disk(0).set_slowdown(7); });
  world.run_until(5_s);
  CHECK(done == std::vector<Duration>{10_ms, 20_ms, 30_ms, 180_ms, 250_ms, 320_ms});
  CHECK(world.kernel.counters().fsyncs == 6);
}

TEST_CASE("a sync that fails says so and makes nothing durable") {
  std::set<std::vector<std::int64_t>> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rig rig(
        [](Process& self, File& file) -> Task<void> {
          file.append(record(1));
          const bool first = co_await self.sync(file);
          CHECK(first);
          file.append(record(2));
          const bool second = co_await self.sync(file);
          CHECK(!second);
        },
        seed);
    rig.world.at(15_ms, [] {});
    rig.world.at(5_ms, [&] { rig.world.kernel.disk(0).fail_next_syncs(1); });
    seen.insert(rig.after_power_loss(100_ms));
  }
  CHECK(seen == std::set<std::vector<std::int64_t>>{{1}, {1, -1}, {1, 2}});
}

TEST_CASE("a crash during a sync is no sync acknowledged, and the disk goes on") {
  Rig rig([](Process& self, File& file) -> Task<void> {
    file.append(record(1));
    co_await self.sync(file);
    FAIL("the process is dead");
  });
  CHECK(rig.after_crash(5_ms) == std::vector<std::int64_t>{1});
}

TEST_CASE("files are told apart by process and name, and stay where they are") {
  World world;
  world.kernel.add_host();
  std::vector<std::vector<std::int64_t>> found;
  for (std::uint64_t me = 0; me < 2; ++me) {
    world.process(0, [&, me](Process& self) -> Task<void> {
      File& one = self.file(1);
      File& two = self.file(2);
      if (self.incarnation() == 0) {
        one.append(record(10 * me + 1));
        two.append(record(10 * me + 2));
      } else {
        found.push_back(content(one));
        found.push_back(content(two));
      }
      co_return;
    });
  }
  world.at(1_s, [&] {
    for (const ProcessId id : {0u, 1u}) {
      world.kernel.crash(id);
      world.kernel.restart(id);
    }
  });
  world.run_until(2_s);
  CHECK(found == std::vector<std::vector<std::int64_t>>{{1}, {2}, {11}, {12}});
}
