#include "scenarios/effect_watch.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "scenarios/resolve.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;
using sim::Process;
using sim::Task;

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

struct Ping {
  static constexpr std::uint16_t kMessageType = 0x7f00;
  std::uint64_t number;
};

/// Two hosts a hundred ms apart; the first pings, reads its clocks, syncs and computes on the full
/// seconds 1, 2, 3 and 4, in this order, and else sleeps.
class World final : public EffectListener {
 public:
  World() : kernel_(1) {
    kernel_.add_host();
    kernel_.add_host();
    for (const auto& [from, to] : EffectWatch::Links{{0, 1}, {1, 0}}) {
      kernel_.network().set_delay(from, to, Distribution::constant(ms(100)));
    }
    kernel_.add_process(0, "busy", [](Process& self) { return work(self); });
    kernel_.add_process(1, "idle", [](Process& self) { return listen(self); });
    watch_ = std::make_unique<EffectWatch>(kernel_, *this);
  }

  sim::Kernel& kernel() { return kernel_; }
  void run_to(std::int64_t at_ms) { kernel_.run_until(sim::TrueTime::at(ms(at_ms))); }

  /// Applies a fault on the first process, or on its link, as the injector does.
  template <class Apply>
  void apply(FaultKind kind, Apply&& change, const EffectWatch::Links& links = {}) {
    PlannedFault planned;
    planned.kind = kind;
    const bool at_once = watch_->acts_at_once(planned, {0}, links);
    change(kernel_);
    if (at_once) return on_in_effect(0);
    watch_->begin(0, planned, {0}, links);
  }
  void end() { watch_->end(0); }
  void on_in_effect(std::size_t) override {
    felt_at_ms.push_back(kernel_.now().since_zero().ns() / 1'000'000);
  }

  std::vector<std::int64_t> felt_at_ms;

 private:
  static sim::MonoTime second(std::int64_t n) { return sim::MonoTime::at(Duration::seconds(n)); }
  static Task<void> work(Process& self) {
    co_await self.sleep_until(second(1));
    self.send(1, sim::Message::of(Ping{1}));
    co_await self.sleep_until(second(2));
    self.wall_now();
    co_await self.sleep_until(second(3));
    co_await self.sync(self.file(1));
    co_await self.sleep_until(second(4));
    co_await self.compute(ms(500));
    self.inbox().clear();
  }
  static Task<void> listen(Process& self) {
    while (true) co_await self.inbox().receive();
  }

  sim::Kernel kernel_;
  std::unique_ptr<EffectWatch> watch_;
};

const EffectWatch::Links kThere{{0, 1}};

/// A fault, when it begins, when it ends, and when it is felt.
struct Case {
  std::string name;
  FaultKind kind;
  void (*change)(sim::Kernel&);
  std::int64_t begins_ms;
  std::vector<std::int64_t> felt_at_ms;
  std::int64_t ends_ms = 9'000;
};

void cut(sim::Kernel& kernel) { kernel.network().cut(0, 1); }
void lose(sim::Kernel& kernel) { kernel.network().set_loss(0, 1, 1'000'000); }
void slow_down(sim::Kernel& kernel) { kernel.network().add_delay(0, 1, ms(5)); }
void pause(sim::Kernel& kernel) { kernel.pause(0); }
void step(sim::Kernel& kernel) { kernel.step_wall_clock(0, ms(10)); }
void slew(sim::Kernel& kernel) { kernel.set_clock_slew(0, 1'000); }
void slow_disk(sim::Kernel& kernel) { kernel.disk(0).set_slowdown(9); }

bool hits_links(FaultKind kind) {
  return kind == FaultKind::partition || kind == FaultKind::loss || kind == FaultKind::delay;
}

TEST_CASE("a fault is felt when the first thing is no more as it would have been") {
  using K = FaultKind;
  for (const Case& c : std::vector<Case>{
           {"a packet that is sent into a partition", K::partition, cut, 500, {1'000}},
           {"one that was on its way", K::partition, cut, 1'050, {1'100}},
           {"a partition after all packets", K::partition, cut, 1'150, {}},
           {"one that was over before", K::partition, cut, 500, {}, 900},
           {"the first packet that is lost", K::loss, lose, 500, {1'000}},
           {"the first packet that is delayed", K::delay, slow_down, 500, {1'000}},
           {"who is paused in its sleep, when it should wake", K::pause, pause, 1'500, {2'000}},
           {"who computes, at once", K::pause, pause, 4'200, {4'200}},
           {"who has nothing more to do, never", K::pause, pause, 4'600, {}},
           {"a step, when the wall clock is read", K::clock_step, step, 1'500, {2'000}},
           {"a step too late", K::clock_step, step, 2'500, {}},
           {"a slew, at once, by whoever sleeps", K::clock_slew, slew, 1'500, {1'500}},
           {"a slow disk, by the first sync", K::slow_disk, slow_disk, 1'500, {3'000}}}) {
    CAPTURE(c.name);
    World world;
    world.run_to(c.begins_ms);
    world.apply(c.kind, c.change, hits_links(c.kind) ? kThere : EffectWatch::Links{});
    world.run_to(c.ends_ms);
    if (c.ends_ms < 9'000) world.end();
    world.run_to(9'000);
    CHECK(world.felt_at_ms == c.felt_at_ms);
  }
}

TEST_CASE("a machine that stands still is felt by whoever sends to it") {
  World world;
  world.run_to(1'050);
  PlannedFault planned;
  planned.kind = FaultKind::vm_suspend;
  EffectWatch watch(world.kernel(), world);
  REQUIRE_FALSE(watch.acts_at_once(planned, {1}, {}));
  world.kernel().freeze_machine(1);
  watch.begin(0, planned, {1}, {});
  world.run_to(9'000);
  CHECK(world.felt_at_ms == std::vector<std::int64_t>{1'100});
}

TEST_CASE("a crash is felt by who is alive") {
  World world;
  world.run_to(1'500);
  world.kernel().crash(0);
  world.apply(FaultKind::crash, [](sim::Kernel& kernel) { kernel.crash(0); });
  CHECK(world.felt_at_ms.empty());
  World other;
  other.apply(FaultKind::crash, [](sim::Kernel& kernel) { kernel.crash(0); });
  CHECK(other.felt_at_ms.size() == 1);
}

/// The phases of each fault of a run, in order.
class Phases final : public sim::RecordSink {
 public:
  void on_record(sim::TrueTime, std::uint64_t, std::uint16_t kind, const void* record) override {
    if (kind != checkers::FaultRecord::kRecordKind) return;
    const auto& fault = *static_cast<const checkers::FaultRecord*>(record);
    of_fault[fault.fault].push_back(fault.phase);
  }
  std::map<std::uint32_t, std::vector<checkers::FaultRecord::Phase>> of_fault;
};

TEST_CASE("in a run every fault takes effect once at most, while it is applied") {
  using Phase = checkers::FaultRecord::Phase;
  const models::AlgorithmRegistry registry = models::built_in_algorithms();
  const auto cells = resolve(registry, {{"mixed"}, {"redis-ttl"}, {}, {}});
  REQUIRE(cells.has_value());
  Runner runner(cells->front().cell());
  std::size_t felt = 0;
  std::size_t unfelt = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Phases phases;
    runner.run(seed, Onlookers{nullptr, &phases});
    for (const auto& [fault, seen] : phases.of_fault) {
      CAPTURE(seed, fault);
      const auto begin = seen.begin();
      const auto at = std::find(begin, seen.end(), Phase::in_effect);
      CHECK(std::count(begin, seen.end(), Phase::in_effect) <= 1);
      if (std::find(begin, seen.end(), Phase::applied) == seen.end()) {
        CHECK(at == seen.end());
      } else if (at == seen.end()) {
        ++unfelt;
      } else {
        ++felt;
        CHECK(std::find(begin, at, Phase::applied) != at);
        CHECK(std::find(begin, at, Phase::ended) == at);
      }
    }
  }
  CHECK(felt > 50);
  CHECK(unfelt > 0);
}

}  // namespace
}  // namespace leasehold::scenarios
