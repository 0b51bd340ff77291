#pragma once

#include <deque>
#include <map>
#include <memory>

#include "models/postgres/job_table.hpp"
#include "models/postgres/lock_table.hpp"
#include "models/postgres/protocol.hpp"
#include "models/postgres/session_grant.hpp"
#include "models/standing.hpp"
#include "sim/process/process.hpp"

namespace leasehold::models::postgres {

struct ServerOptions {
  sim::Distribution service;                ///< CPU for one statement
  sim::ConnectionOptions tcp;               ///< tcp_keepalives_*, tcp_user_timeout
  std::uint32_t max_connections = 97;       ///< for ordinary users: 100 less 3 reserved
  sim::Duration connection_check_interval;  ///< client_connection_check_interval; 0: off
  bool synchronous = false;                 ///< a commit waits until the standby has flushed it too
};

/// One PostgreSQL server, 15: a backend for each connection, which runs one statement at a time and
/// looks at its socket only between statements. So a client's death frees its locks at once when
/// the backend is idle and the news arrives, when the statement ends when it is busy, and after
/// the keepalive's or the user timeout's verdict when no news can arrive.
class Server {
 public:
  /// `jobs`: its table of jobs, if it has one.
  Server(sim::Process& self, const ServerOptions& options, SessionGrant& grants,
         JobTable* jobs = nullptr);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { grants_.server_forgot(self_.id()); }
  sim::Task<void> serve();

  std::optional<sim::ConnectionId> holder(std::uint64_t key) const { return locks_.holder(key); }
  /// Whose sessions hold the key and wait for it.
  Standing standing(std::uint64_t key) const;

 private:
  /// One connection's backend.
  struct Backend {
    Backend(sim::Process& self, sim::ConnectionId connection) : id(connection), turn(self) {}
    sim::ConnectionId id;
    sim::Signal turn;  ///< something arrived, or a lock was granted
    std::deque<sim::Incoming> arrived;
    std::uint64_t attempt = 0;  ///< on whose behalf it holds or waits
    bool in_transaction = false;
    bool wrote = false;          ///< something that no sync covers yet
    bool has_to_commit = false;  ///< it wrote, or holds a lock of the transaction
    sim::Duration lock_timeout;
    sim::MonoTime next_look;  ///< whether its client is still there, while it is busy
    bool over = false;
  };

  void dispatch(const sim::Incoming& incoming);
  sim::Task<void> run(std::shared_ptr<Backend> backend);
  sim::Task<sim::Incoming> next(Backend& backend);
  sim::Task<Result> execute(Backend& backend, Query query);
  void begin_statement(Backend& backend) const;
  sim::Task<void> wait_busy(Backend& backend, sim::MonoTime until);
  sim::Task<void> stay_busy(Backend& backend, sim::Duration span);
  sim::Task<bool> lock(Backend& backend, Query query, Scope scope);
  bool try_lock(Backend& backend, const Query& query, Scope scope);
  bool unlock(Backend& backend, std::uint64_t key);
  std::uint64_t next_token(Backend& backend);
  sim::Task<void> commit(Backend& backend);
  sim::Task<std::uint64_t> replicate(Backend& backend, std::uint64_t position);
  void grant_next(std::uint64_t key);
  void end(Backend& backend);
  void recover();
  void panic();
  static bool client_left(const Backend& backend);

  sim::Process& self_;
  ServerOptions options_;
  SessionGrant& grants_;
  JobTable* jobs_;
  sim::Rng service_time_;
  LockTable locks_;
  std::map<sim::ConnectionId, std::shared_ptr<Backend>> backends_;
  std::uint64_t sequence_ = 0;
  std::uint64_t sequence_logged_ = 0;
  std::size_t flushed_ = 0;              ///< records of the log
  sim::ConnectionId standby_ = 0;        ///< whose session replicates, or did
  std::uint64_t confirmed_records_ = 0;  ///< that the standby has flushed
  sim::Signal confirmed_;
};

}  // namespace leasehold::models::postgres
