#include "checkers/linearizability/server_order.hpp"

namespace leasehold::checkers {

void ServerOrder::observe(Stamp at, const Grant& grant) {
  if (break_) return;
  if (grant.phase == Grant::Phase::begun) begin(at, grant, attempts_[grant.attempt]);
  if (grant.phase == Grant::Phase::ended) end(at, grant, attempts_[grant.attempt]);
}

void ServerOrder::begin(Stamp at, const Grant& grant, Attempt& attempt) {
  require(open_ == 0 || open_ == grant.attempt, Reason::two_grants, at, grant.attempt);
  open_ = grant.attempt;
  if (attempt.acquire == Told::asked || attempt.acquire == Told::lost) attempt.granted = true;
}

void ServerOrder::end(Stamp at, const Grant& grant, Attempt& attempt) {
  if (open_ == grant.attempt) open_ = 0;
  if (grant.end == Grant::End::released) {
    const bool asked = attempt.release == Told::asked || attempt.release == Told::lost;
    if (asked) attempt.ended_by_release = true;
    if (!asked) attempt.ended_unasked = true;
    require(asked || attempt.acquire != Told::yes, Reason::ended_unasked, at, grant.attempt);
  } else {
    attempt.ended_by_service = true;
    require(may_be_ended_by(specification_, grant.end), Reason::ended_by_no_right, at,
            grant.attempt);
  }
}

void ServerOrder::observe(Stamp at, const Operation& operation) {
  if (break_) return;
  Attempt& attempt = attempts_[operation.attempt];
  const auto told = [&] {
    switch (operation.phase) {
      case Operation::Phase::invoked:
        return Told::asked;
      case Operation::Phase::ok:
        return Told::yes;
      case Operation::Phase::refused:
        return Told::no;
      case Operation::Phase::indeterminate:
        break;
    }
    return Told::lost;
  }();
  switch (operation.kind) {
    case Operation::Kind::acquire:
      attempt.acquire = told;
      if (told == Told::yes) acquired(at, operation, attempt);
      break;
    case Operation::Kind::renew:
      if (told == Told::asked) attempt.renews_granted = open_ == operation.attempt;
      require(told != Told::yes || attempt.renews_granted, Reason::renewed_ungranted, at,
              operation.attempt);
      break;
    case Operation::Kind::release:
      attempt.release = told;
      if (told == Told::yes || told == Told::no) released(at, operation, attempt);
      break;
  }
}

void ServerOrder::acquired(Stamp at, const Operation& operation, const Attempt& attempt) {
  require(attempt.granted, Reason::acquired_ungranted, at, operation.attempt);
  require(!attempt.ended_unasked, Reason::ended_unasked, at, operation.attempt);
}

void ServerOrder::released(Stamp at, const Operation& operation, const Attempt& attempt) {
  if (operation.phase == Operation::Phase::refused) {
    require(!attempt.ended_by_release, Reason::refused_release_applied, at, operation.attempt);
    return;
  }
  const bool found_nothing =
      attempt.ended_by_service && rules_of(specification_).release_of_nothing_succeeds;
  require(attempt.ended_by_release || found_nothing, Reason::released_unended, at,
          operation.attempt);
}

void ServerOrder::require(bool met, Reason otherwise, Stamp at, AttemptId attempt) {
  if (!met && !break_) break_ = OrderBreak{otherwise, at, attempt};
}

void ServerOrder::reset() {
  open_ = 0;
  attempts_.clear();
  break_.reset();
}

}  // namespace leasehold::checkers
