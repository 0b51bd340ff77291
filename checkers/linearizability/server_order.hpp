#pragma once

#include <cstdint>
#include <optional>

#include "checkers/attempt_table.hpp"
#include "checkers/linearizability/history.hpp"
#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// Where the recorded grants cease to explain what the clients were told.
struct OrderBreak {
  enum class Reason : std::uint8_t {
    two_grants,              ///< a grant began while another was open
    acquired_ungranted,      ///< an acquire succeeded, but no grant began in its time
    ended_unasked,           ///< a grant that its client was told of was released, but not by it
    ended_by_no_right,       ///< a deadline or a session ended what this kind of lock never ends so
    renewed_ungranted,       ///< a renewal succeeded after the grant had ended
    released_unended,        ///< a release succeeded, but ended no grant
    refused_release_applied  ///< a release was refused, but did end its grant
  };
  Reason reason{};
  Stamp at;
  AttemptId attempt = 0;
};

/// Verifies that the grants, as the service recorded them, linearize the clients' operations: every
/// successful acquire takes effect where its grant began, every release where it ended, and no two
/// grants are open at once. That is sufficient, not necessary: a break proves nothing yet, because
/// a client may never learn of the grant that was in the way. One pass; cost: a table lookup per
/// record.
class ServerOrder {
 public:
  /// REQUIRES: a lock with owners.
  explicit ServerOrder(LockSpecification specification) : specification_(specification) {}

  void observe(Stamp at, const Operation& operation);
  void observe(Stamp at, const Grant& grant);

  [[nodiscard]] const std::optional<OrderBreak>& first_break() const { return break_; }
  void reset();

 private:
  using Reason = OrderBreak::Reason;
  enum class Told : std::uint8_t { nothing, asked, yes, no, lost };
  struct Attempt {
    Told acquire = Told::nothing;
    Told release = Told::nothing;
    bool granted = false;           ///< in the time of its acquire
    bool ended_by_release = false;  ///< in the time of its release
    bool ended_by_service = false;
    bool ended_unasked = false;
    bool renews_granted = false;  ///< the grant was open when its last renewal was invoked
  };
  void begin(Stamp at, const Grant& grant, Attempt& attempt);
  void end(Stamp at, const Grant& grant, Attempt& attempt);
  void acquired(Stamp at, const Operation& operation, const Attempt& attempt);
  void released(Stamp at, const Operation& operation, const Attempt& attempt);
  void require(bool met, Reason otherwise, Stamp at, AttemptId attempt);

  LockSpecification specification_;
  AttemptId open_ = 0;  ///< the attempt whose grant is open
  AttemptTable<Attempt> attempts_;
  std::optional<OrderBreak> break_;
};

}  // namespace leasehold::checkers
