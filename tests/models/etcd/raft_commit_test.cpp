#include <catch2/catch.hpp>

#include "models/etcd/raft/raft.hpp"

namespace leasehold::models::etcd::raft {
namespace {

using sim::Message;

// Figure 8 of the Raft paper: a majority has an entry of an earlier term, and yet a later leader
// may overwrite it.
TEST_CASE("an entry of an earlier term commits only behind one of the leader's own") {
  Raft raft(Settings{0, 3, false, true}, HardState{2, kNobody, 0},
            Log({Entry{1, Payload{}}, Entry{2, Payload{}}}), sim::Rng::stream(1, 0, 0));
  while (raft.role() != Role::candidate) raft.tick();
  raft.step(1, Message::of(VoteReply{raft.term(), 1, 0}));
  REQUIRE(raft.role() == Role::leader);
  REQUIRE(raft.log().last_index() == 3);

  raft.persisted(2, 2);
  raft.step(1, Message::of(AppendReply{raft.term(), 2, 0, 0}));
  CHECK(raft.commit() == 0);
  raft.persisted(3, raft.term());
  raft.step(1, Message::of(AppendReply{raft.term(), 3, 0, 0}));
  CHECK(raft.commit() == 3);
}

}  // namespace
}  // namespace leasehold::models::etcd::raft
