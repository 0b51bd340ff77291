#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/etcd/kv.hpp"
#include "models/etcd/lessor.hpp"
#include "models/etcd/mutex.hpp"
#include "models/etcd/raft/node.hpp"
#include "models/etcd/store.hpp"
#include "models/standing.hpp"

namespace leasehold::models::etcd {

/// Told who leads. Survives the members.
class Leadership {
 public:
  void won(std::uint32_t slot, raft::Term term) {
    if (term >= term_) term_ = term, slot_ = slot;
  }
  void lost(std::uint32_t slot) {
    if (slot_ == slot) slot_.reset();
  }
  std::optional<std::uint32_t> slot() const { return slot_; }

 private:
  raft::Term term_ = 0;
  std::optional<std::uint32_t> slot_;
};

struct ServerOptions {
  Version version = Version::v3_5;
  sim::Distribution service = sim::Distribution::constant(sim::Duration::zero());
  ServiceObserver* observer = nullptr;
  Leadership* leadership = nullptr;
};

/// One member of an etcd cluster: Raft, the store it replicates, the leases, and the clients'
/// requests. Whatever changes the store goes through Raft and is answered by the member that was
/// asked once that member has applied it, or with `timeout` after 7 s: 5 s and two election
/// timeouts. While no leader is known a proposal waits; one that was sent to a leader that died
/// waits in vain.
class Server final : private raft::Application {
 public:
  Server(sim::Process& self, std::uint32_t slot, std::span<const sim::ProcessId> members,
         const ServerOptions& options);
  ~Server();

  /// Returns when the disk reports an error, which etcd does not survive, with every coroutine of
  /// this object ended.
  sim::Task<void> serve();

  const raft::Node& node() const { return node_; }
  /// The value of kLastRun, as far as this member knows.
  std::optional<std::uint64_t> last_run() const;
  /// What will rid the cluster of its first key, as far as this member, the leader, can tell.
  WayOut way_out() const;
  /// Its role and, of the keys that lock, whose come first.
  Standing standing() const;

 private:
  /// A reply that a coroutine of this process waits for.
  struct LocalCall {
    bool done = false;
    std::optional<Reply> reply;
  };
  /// Who is to be answered.
  struct Origin {
    enum class Kind : std::uint8_t { nobody, client, peer, local };
    Kind kind = Kind::nobody;
    sim::ConnectionId connection = 0;
    sim::ProcessId peer = 0;
    std::uint64_t id = 0;  ///< the asker's own name for the request
    LocalCall* local = nullptr;
  };
  struct Pending {
    enum class Stage : std::uint8_t {
      proposing,    ///< to Raft, when there is a leader
      proposed,     ///< until this member applies it
      reading,      ///< until the leader has named an index
      catching_up,  ///< until this member has applied that index
      renewing,     ///< a lease, here or at the leader
      confirming,   ///< the leadership, before a lease is renewed or revoked
    };
    std::uint32_t id = 0;
    Origin origin;
    Request request{};
    Stage stage = Stage::proposing;
    sim::MonoTime deadline;
    sim::MonoTime retry_at;
    raft::LogIndex index = 0;
  };
  struct Watcher {
    Origin origin;
    Key key = 0;
    Revision from = 0;
  };
  class LockCall;

  // Application: what Raft has decided.
  void on_commit(raft::LogIndex index, const raft::Entry& entry) override;
  void on_read(std::uint64_t context, raft::LogIndex index) override;
  void on_leader_change() override;

  // Loops and messages (server.cpp).
  sim::Task<void> run_raft();
  sim::Task<void> serve_lock(std::shared_ptr<LockCall> call, Request request);
  void take(const sim::Incoming& incoming);
  void tick();
  void take_datagram(const sim::Incoming& incoming);
  void drop_connection(sim::ConnectionId connection);
  void cancel_calls(sim::ConnectionId connection, std::optional<std::uint64_t> id);
  void stop_listening();

  // Requests (requests.cpp).
  void start(const Origin& origin, const Request& request);
  void propose(Pending& pending);
  void read(Pending& pending);
  void renew(Pending& pending);
  void revoke_due_leases();
  void confirm(Pending& pending);
  void retry_and_time_out();
  void answer(const Origin& origin, Reply reply);
  void answer_reads();
  void answer_watchers();
  void detach(const LocalCall& call);
  Pending* find(std::uint32_t id);
  void forget(std::uint32_t id);
  Reply look_up(const Request& request) const;
  bool is_surely_leader() const;
  std::uint64_t context_of(const Pending& pending) const {
    return std::uint64_t{slot_ + 1} << 32 | pending.id;
  }

  sim::Process& self_;
  std::uint32_t slot_;
  ServerOptions options_;
  raft::Node node_;
  Store store_;
  Lessor lessor_;
  std::vector<Pending> pending_;
  std::vector<Watcher> watchers_;
  std::vector<std::weak_ptr<LockCall>> lock_calls_;
  std::vector<sim::ConnectionId> connections_;
  sim::Signal answered_;  ///< a local call
  sim::Signal ended_;     ///< one of this object's coroutines
  std::uint32_t running_ = 0;
  std::uint32_t next_id_;
  std::uint32_t next_lease_;
  sim::Rng service_time_;
  sim::MonoTime next_scan_;
  bool stopping_ = false;
};

}  // namespace leasehold::models::etcd
