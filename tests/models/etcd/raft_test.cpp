#include <catch2/catch.hpp>

#include "tests/models/etcd/raft_world.hpp"

// Single behaviours of Raft that locks depend on.
namespace leasehold::models::etcd::raft {
namespace {

constexpr Duration kSettle = Duration::seconds(4);

void isolate(RaftWorld& world, NodeIndex node, bool begins) {
  for (NodeIndex i = 0; i < world.size(); ++i) {
    if (i == node) continue;
    sim::Network& network = world.kernel().network();
    for (const auto& [from, to] : {std::pair{i, node}, std::pair{node, i}}) {
      begins ? network.cut(from, to) : network.mend(from, to);
    }
  }
}

/// One node alone among peers that a test plays, by telling it what they say.
struct OneNode final : Application, sim::TraceSink {
  OneNode() : kernel(1) {
    for (int i = 0; i < 3; ++i) kernel.add_host();
    kernel.set_trace_sink(this);
    kernel.add_process(0, "raft:0", [this](Process& self) { return live(self, *this); });
    for (std::uint32_t i : {1u, 2u}) {
      kernel.add_process(i, "peer", [](Process&) { return nothing(); });
    }
    run(Duration::milliseconds(20));
  }
  static Task<void> live(Process& self, OneNode& world) {
    const std::vector<sim::ProcessId> peers{0, 1, 2};
    Node node(self, Settings{0, 3, false, true}, peers, world);
    world.node = &node;
    co_await node.run();
  }
  static Task<void> nothing() { co_return; }
  void run(Duration span) { kernel.run_until(kernel.now() + span); }
  /// The votes that `candidate` gets from the node for this term.
  std::size_t ask_for_vote(sim::ProcessId candidate, Term term) {
    granted = 0;
    node->receive(candidate, sim::Message::of(VoteRequest{term, 0, 0, 0}));
    run(Duration::milliseconds(20));
    return granted;
  }

  void on_commit(LogIndex, const Entry&) override {}
  void on_read(std::uint64_t, LogIndex) override {}
  void on_leader_change() override {}
  void on_event(const sim::TraceEvent& event) override {
    if (event.kind != sim::TraceEvent::Kind::datagram_sent || !event.message->is<VoteReply>())
      return;
    granted += event.message->as<VoteReply>().granted;
  }

  Kernel kernel;
  Node* node = nullptr;
  std::size_t granted = 0;
};

}  // namespace

TEST_CASE("a vote is durable before it is given and survives a power loss") {
  OneNode world;
  CHECK(world.ask_for_vote(1, 5) == 1);
  world.kernel.power_loss(0);
  world.kernel.power_on(0);
  world.run(Duration::milliseconds(20));
  CHECK(world.ask_for_vote(2, 5) == 0);
  CHECK(world.ask_for_vote(1, 5) == 1);
  CHECK(world.ask_for_vote(2, 6) == 1);
}

TEST_CASE("a fresh cluster elects one leader within two election timeouts and a little") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RaftWorld world(seed, 3, true);
    CHECK_FALSE(world.leader());
    world.run(Duration::milliseconds(900));
    CHECK_FALSE(world.leader());
    world.run(Duration::milliseconds(3100));
    CHECK(world.leader());
  }
}

TEST_CASE("a killed leader is replaced one to three seconds later") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RaftWorld world(seed, 3, true);
    world.run(kSettle);
    const NodeIndex old = *world.leader();
    world.kernel().crash(old);
    world.run(Duration::milliseconds(800));
    CHECK_FALSE(world.leader());
    world.run(Duration::milliseconds(2500));
    CHECK(world.leader());
  }
}

TEST_CASE("a leader cut off from the majority steps down within two election timeouts") {
  RaftWorld world(7, 3, true);
  world.run(kSettle);
  const NodeIndex old = *world.leader();
  isolate(world, old, true);
  world.run(Duration::milliseconds(2100));
  CHECK_FALSE(world.node(old)->leads());
}

TEST_CASE("pre-vote keeps a node that was cut off from deposing the leader when it returns") {
  for (const bool pre_vote : {true, false}) {
    RaftWorld world(11, 3, pre_vote);
    world.run(kSettle);
    const NodeIndex leader = *world.leader();
    const Term term = world.node(leader)->term();
    const NodeIndex outsider = (leader + 1) % 3;
    isolate(world, outsider, true);
    world.run(Duration::seconds(5));
    isolate(world, outsider, false);
    world.run(Duration::seconds(3));
    CHECK((world.node(*world.leader())->term() == term) == pre_vote);
  }
}

TEST_CASE("a proposal survives the power loss of every node once it is committed") {
  RaftWorld world(3, 3, true);
  world.run(kSettle);
  REQUIRE(world.propose(*world.leader(), 42));
  world.run(Duration::milliseconds(50));
  const auto committed = world.committed();
  for (std::uint32_t host = 0; host < 3; ++host) world.kernel().power_loss(host);
  for (std::uint32_t host = 0; host < 3; ++host) world.kernel().power_on(host);
  world.run(kSettle);
  CHECK(world.broken() == "");
  CHECK(world.committed().size() == committed.size() + 1);  // the new leader's no-op
  CHECK(world.node(*world.leader())->applied() == committed.size() + 1);
}

TEST_CASE("a disk that stalls on the leader costs it the leadership") {
  RaftWorld world(5, 3, true);
  world.run(kSettle);
  const NodeIndex old = *world.leader();
  world.kernel().disk(old).set_slowdown(20'000);
  REQUIRE(world.propose(old, 1));
  world.run(Duration::milliseconds(3500));
  REQUIRE(world.leader());
  CHECK(*world.leader() != old);
  CHECK(world.broken() == "");
}

TEST_CASE("a linearizable read waits for what was committed before it, and for a majority") {
  RaftWorld world(9, 3, true);
  world.run(kSettle);
  const NodeIndex leader = *world.leader();
  const NodeIndex follower = (leader + 1) % 3;
  world.propose(leader, 5);
  world.run(Duration::milliseconds(50));
  REQUIRE(world.read(follower, 101));
  REQUIRE(world.read(leader, 102));
  world.run(Duration::milliseconds(20));
  CHECK(world.reads().at(101) == world.committed().rbegin()->first);
  CHECK(world.reads().at(102) == world.committed().rbegin()->first);

  isolate(world, leader, true);
  world.read(leader, 103);
  world.run(Duration::seconds(4));
  CHECK_FALSE(world.reads().contains(103));
}

TEST_CASE("an idle cluster exchanges one heartbeat per follower and tick") {
  RaftWorld world(1, 3, true);
  world.run(kSettle);
  const std::uint64_t before = world.kernel().network().counters().datagrams_sent;
  world.run(Duration::seconds(10));
  const std::uint64_t sent = world.kernel().network().counters().datagrams_sent - before;
  CHECK(sent >= 390);
  CHECK(sent <= 410);
}

}  // namespace leasehold::models::etcd::raft
