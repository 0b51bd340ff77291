#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/etcd/raft/node.hpp"
#include "sim/world/kernel.hpp"

/// A world that holds nothing but Raft nodes, each on a host of its own, and judges them: the four
/// safety properties of the Raft paper, evaluated whenever something could have broken them.
namespace leasehold::models::etcd::raft {

using sim::Duration;
using sim::Kernel;
using sim::Process;
using sim::Task;
using sim::TrueTime;

class RaftWorld {
 public:
  RaftWorld(std::uint64_t seed, std::uint32_t nodes, bool pre_vote,
            Duration fsync = Duration::microseconds(800))
      : kernel_(seed) {
    sim::HostSettings host;
    host.fsync = sim::Distribution::lognormal(fsync, 500);
    for (std::uint32_t i = 0; i < nodes; ++i) kernel_.add_host(host);
    const auto delay = sim::Distribution::lognormal(Duration::microseconds(300), 600);
    for (std::uint32_t from = 0; from < nodes; ++from) {
      for (std::uint32_t to = 0; to < nodes; ++to) kernel_.network().set_delay(from, to, delay);
    }
    members_.resize(nodes);
    for (NodeIndex i = 0; i < nodes; ++i) {
      processes_.push_back(kernel_
                               .add_process(i, "raft:" + std::to_string(i),
                                            [this, i, nodes, pre_vote](Process& self) {
                                              return live(self, *this,
                                                          Settings{i, nodes, pre_vote, true});
                                            })
                               .id());
    }
  }

  /// Runs for `span`, looking at all logs every 20 ms.
  void run(Duration span) {
    for (Duration step = Duration::milliseconds(20); span > Duration::zero(); span -= step) {
      kernel_.run_until(kernel_.now() + std::min(step, span));
      check_log_matching();
    }
  }
  Kernel& kernel() { return kernel_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(members_.size()); }
  const Node* node(NodeIndex i) const { return members_[i] ? &members_[i]->node : nullptr; }
  std::optional<NodeIndex> leader() const {
    std::optional<NodeIndex> found;
    for (NodeIndex i = 0; i < size(); ++i) {
      if (members_[i] == nullptr || !members_[i]->node.leads()) continue;
      if (!found || node(i)->term() > node(*found)->term()) found = i;
    }
    return found;
  }
  /// Proposes at a node that can: alive, running, recovered.
  bool propose(NodeIndex i, std::uint64_t value) {
    if (!can_act(i)) return false;
    return members_[i]->node.propose(Payload{1, value, 0});
  }
  bool read(NodeIndex i, std::uint64_t context) {
    if (!can_act(i)) return false;
    members_[i]->node.read_index(context);
    return true;
  }
  const std::map<LogIndex, Entry>& committed() const { return committed_; }
  const std::map<std::uint64_t, LogIndex>& reads() const { return reads_; }
  std::size_t elections() const { return leaders_.size(); }
  /// What was broken, in words; empty while all is well.
  const std::string& broken() const { return broken_; }

 private:
  struct Member final : Application {
    Member(RaftWorld& w, Process& self, const Settings& settings)
        : world(w), node(self, settings, w.processes_, *this) {
      world.members_[settings.self] = this;
    }
    ~Member() { world.members_[node.self()] = nullptr; }

    void on_commit(LogIndex index, const Entry& entry) override {
      world.see_commit(node.term(), index, entry);
    }
    void on_read(std::uint64_t context, LogIndex index) override { world.reads_[context] = index; }
    void on_leader_change() override {
      if (node.leads()) world.see_leader(node);
    }

    RaftWorld& world;
    Node node;
  };

  static Task<void> live(Process& self, RaftWorld& world, Settings settings) {
    Member member(world, self, settings);
    self.spawn(member.node.run());
    sim::MonoTime next_tick = self.mono_now() + kTick;
    while (true) {
      const std::optional<sim::Incoming> incoming = co_await self.inbox().receive_until(next_tick);
      if (incoming && member.node.recovered())
        member.node.receive(incoming->from, incoming->message);
      if (self.mono_now() < next_tick) continue;
      next_tick = self.mono_now() + kTick;
      if (member.node.recovered()) member.node.tick();
    }
  }

  bool can_act(NodeIndex i) const {
    return members_[i] != nullptr && members_[i]->node.recovered() && !kernel_.stopped(i);
  }

  /// Nothing moves from here on: what follows from a broken property is of no interest.
  void report(const std::string& what) {
    if (!broken_.empty()) return;
    broken_ = what;
    for (const sim::ProcessId process : processes_) kernel_.pause(process);
  }

  void see_commit(Term term, LogIndex index, const Entry& entry) {
    const auto [known, first] = committed_.try_emplace(index, entry);
    if (first) committed_in_[index] = term;
    if (known->second == entry) return;
    check_log_matching();  // the cause before its consequence
    report("state-machine safety at " + std::to_string(index));
  }

  void see_leader(const Node& node) {
    const auto [known, first] = leaders_.try_emplace(node.term(), node.self());
    if (known->second != node.self()) {
      report("election safety in term " + std::to_string(node.term()));
    }
    if (!first) return;
    for (const auto& [index, entry] : committed_) {
      const Log& log = node.raft().log();
      // One that was elected in the past, and learns of it now, need not know of it.
      if (committed_in_.at(index) >= node.term()) continue;
      if (index > log.last_index() || log.at(index) != entry) {
        return report("leader completeness at " + std::to_string(index));
      }
    }
  }

  void check_log_matching() {
    for (NodeIndex a = 0; a < size(); ++a) {
      for (NodeIndex b = a + 1; b < size(); ++b) {
        if (members_[a] == nullptr || members_[b] == nullptr) continue;
        if (!node(a)->recovered() || !node(b)->recovered()) continue;
        if (!match(node(a)->raft().log(), node(b)->raft().log())) report("log matching");
      }
    }
  }
  static bool match(const Log& a, const Log& b) {
    bool same_from_here_down = false;
    for (LogIndex i = std::min(a.last_index(), b.last_index()); i > 0; --i) {
      same_from_here_down = same_from_here_down || a.term_at(i) == b.term_at(i);
      if (same_from_here_down && a.at(i) != b.at(i)) return false;
    }
    return true;
  }

  std::vector<Member*> members_;
  std::vector<sim::ProcessId> processes_;
  std::map<LogIndex, Entry> committed_;
  std::map<LogIndex, Term> committed_in_;
  std::map<Term, NodeIndex> leaders_;
  std::map<std::uint64_t, LogIndex> reads_;
  std::string broken_;
  Kernel kernel_;  // last: its coroutines touch the above while they are destroyed
};

}  // namespace leasehold::models::etcd::raft
