#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/models/etcd/raft_world.hpp"

// The safety of Raft under random faults: RaftWorld judges, these tests break the world.
namespace leasehold::models::etcd::raft {
namespace {

enum class Fault : std::uint8_t {
  cut,
  cut_one_way,
  pause,
  crash,
  power_loss,
  blackout,  ///< every host loses power
  clock_rate,
  loss,
};

/// From this node number on: whoever leads when the fault begins. Two leaders that fall while a
/// third node is away leave it a log that differs from theirs in more than its end.
constexpr std::uint32_t kLeader = 5;

/// One fault: what it does to whom, when it begins after the one before, and for how long.
struct Trouble {
  Fault fault{};
  std::uint32_t node = 0;
  std::uint32_t other = 0;
  std::uint32_t after_ms = 0;
  std::uint32_t for_ms = 0;
};

std::ostream& operator<<(std::ostream& out, const Trouble& t) {
  return out << "{fault " << static_cast<int>(t.fault) << " node " << t.node << " other " << t.other
             << " after " << t.after_ms << " ms for " << t.for_ms << " ms}";
}

rc::Gen<Trouble> any_trouble() {
  const auto kind = rc::gen::map(rc::gen::inRange(0, 8), [](int k) { return Fault(k); });
  return rc::gen::build<Trouble>(rc::gen::set(&Trouble::fault, kind),
                                 rc::gen::set(&Trouble::node, rc::gen::inRange(0u, 2 * kLeader)),
                                 rc::gen::set(&Trouble::other, rc::gen::inRange(0u, 5u)),
                                 rc::gen::set(&Trouble::after_ms, rc::gen::inRange(0u, 500u)),
                                 rc::gen::set(&Trouble::for_ms, rc::gen::inRange(1u, 8000u)));
}

/// Begins and ends faults at their times. Every one ends.
class Injector final : public sim::Action {
 public:
  Injector(RaftWorld& world, std::vector<Trouble> troubles)
      : world_(world), troubles_(std::move(troubles)) {
    TrueTime at = TrueTime::at(Duration::seconds(1));
    for (std::size_t i = 0; i < troubles_.size(); ++i) {
      Trouble& t = troubles_[i];
      if (t.node < kLeader) t.node %= world.size();
      t.other %= world.size();
      at = at + Duration::milliseconds(t.after_ms);
      world.kernel().at(at, *this, 2 * i);
      world.kernel().at(at + Duration::milliseconds(t.for_ms), *this, 2 * i + 1);
      end_ = std::max(end_, at + Duration::milliseconds(t.for_ms));
    }
  }
  TrueTime end() const { return end_; }

 private:
  void act(std::uint64_t cookie) override {
    Trouble& t = troubles_[cookie / 2];
    const bool begins = cookie % 2 == 0;
    if (t.node >= kLeader) t.node = world_.leader().value_or(t.node % world_.size());
    Kernel& kernel = world_.kernel();
    switch (t.fault) {
      case Fault::cut:
        for (std::uint32_t i = 0; i < world_.size(); ++i) {
          if (i == t.node) continue;
          cut(t.node, i, begins);
          cut(i, t.node, begins);
        }
        return;
      case Fault::cut_one_way:
        if (t.node != t.other) cut(t.node, t.other, begins);
        return;
      case Fault::pause:
        return begins ? kernel.pause(t.node) : kernel.resume(t.node);
      case Fault::crash:
        return begins ? kernel.crash(t.node) : kernel.restart(t.node);
      case Fault::power_loss:
        return begins ? kernel.power_loss(t.node) : kernel.power_on(t.node);
      case Fault::blackout:
        for (std::uint32_t i = 0; i < world_.size(); ++i) {
          begins ? kernel.power_loss(i) : kernel.power_on(i);
        }
        return;
      case Fault::clock_rate:
        return kernel.set_clock_rate(t.node, begins ? 200'000'000 : 0);
      case Fault::loss:
        for (std::uint32_t i = 0; i < world_.size(); ++i) {
          kernel.network().set_loss(t.node, i, begins ? 300'000 : 0);
        }
        return;
    }
  }
  void cut(std::uint32_t from, std::uint32_t to, bool begins) {
    sim::Network& network = world_.kernel().network();
    begins ? network.cut(from, to) : network.mend(from, to);
  }

  RaftWorld& world_;
  std::vector<Trouble> troubles_;
  TrueTime end_ = TrueTime::at(Duration::seconds(2));
};

/// Proposes something somewhere every 10 ms while the faults last, then lets the world heal.
void run_under_faults(RaftWorld& world, const std::vector<Trouble>& troubles) {
  const Injector injector(world, troubles);
  std::uint64_t value = 0;
  while (world.kernel().now() < injector.end()) {
    ++value;
    world.propose(static_cast<NodeIndex>(value % world.size()), value);
    world.run(Duration::milliseconds(10));
    RC_ASSERT(world.broken() == "");
  }
  world.run(Duration::seconds(8));
  RC_ASSERT(world.broken() == "");
}

}  // namespace

TEST_CASE("Raft keeps its four safety properties under random faults and recovers afterwards") {
  const bool held = rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>().as("seed");
    const auto nodes = *rc::gen::element(3u, 5u).as("nodes");
    const auto pre_vote = *rc::gen::arbitrary<bool>().as("pre-vote");
    // Few faults, but of all kinds and lengths: a range shrinks with the size that it is drawn at.
    const auto trouble = rc::gen::resize(rc::kNominalSize, any_trouble());
    const auto troubles =
        *rc::gen::resize(40, rc::gen::container<std::vector<Trouble>>(trouble)).as("faults");
    // Slow disks leave room for a crash between a write and its sync.
    const auto fsync_ms = *rc::gen::element(1, 30).as("fsync, ms");
    RaftWorld world(seed, nodes, pre_vote, Duration::milliseconds(fsync_ms));
    run_under_faults(world, troubles);

    const std::optional<NodeIndex> leader = world.leader();
    RC_ASSERT(leader.has_value());
    RC_ASSERT(world.propose(*leader, 77'777));
    world.run(Duration::milliseconds(300));
    for (NodeIndex i = 0; i < world.size(); ++i) {
      RC_ASSERT(world.node(i)->applied() == world.node(*leader)->raft().log().last_index());
    }
  });
  CHECK(held);
}

TEST_CASE("the same seed gives the same Raft world") {
  const auto digest_of = [](std::uint64_t seed) {
    RaftWorld world(seed, 3, true);
    world.kernel().run_until(TrueTime::at(Duration::seconds(5)));
    return world.kernel().digest();
  };
  CHECK(digest_of(1) == digest_of(1));
  CHECK(digest_of(1) != digest_of(2));
}

}  // namespace leasehold::models::etcd::raft
