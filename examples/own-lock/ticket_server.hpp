#pragma once

#include <deque>
#include <map>

#include "examples/own-lock/protocol.hpp"
#include "models/way_out.hpp"

namespace own_lock {

class TicketServer;

/// What the observer knows of the server, whatever becomes of its process: whose turn it promised,
/// and until when. A restart ends no promise; a second one would show as two grants at once.
class Promises final : private sim::DeadlineObserver {
 public:
  void begin(sim::Process& server, models::AttemptId attempt, models::Token ticket,
             sim::MonoTime until);
  void end(models::AttemptId attempt, leasehold::checkers::Grant::End why);

  const TicketServer* server = nullptr;  ///< while it runs

 private:
  void on_deadline(std::uint64_t attempt) override;

  sim::Recorder* recorder_ = nullptr;
  std::map<models::AttemptId, sim::TimerId> promised_;
};

/// Serves the tickets of one lock in the order in which they were taken. The turn of the first in
/// line lasts a lease on the server's monotonic clock, from when it became the first.
class TicketServer {
 public:
  struct Options {
    sim::Duration lease;
    sim::Distribution service;  ///< CPU for one request
  };
  TicketServer(sim::Process& self, const Options& options, Promises& promises);
  TicketServer(const TicketServer&) = delete;
  TicketServer& operator=(const TicketServer&) = delete;
  ~TicketServer();

  sim::Task<void> serve();
  models::WayOut way_out() const;

 private:
  struct Place {
    models::AttemptId attempt = 0;
    models::Token ticket = 0;
  };

  sim::Task<void> open();
  Answer answer(const Ask& ask);
  Answer take(const Ask& ask);
  bool leave(models::AttemptId attempt);
  void call_first();

  sim::Process& self_;
  Options options_;
  Promises& promises_;
  sim::Rng service_time_;
  sim::MonoTime opens_;
  std::deque<Place> line_;
  models::Token last_ticket_ = 0;
  sim::MonoTime turn_ends_ = sim::MonoTime::never();
};

}  // namespace own_lock
