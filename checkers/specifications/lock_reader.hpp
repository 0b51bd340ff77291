#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "checkers/linearizability/lock_specification.hpp"
#include "checkers/specifications/reading.hpp"

namespace leasehold::checkers {

/// What a lock's specification wants to know of a call.
struct LockReading {
  bool owned = false;       ///< who asks matters
  bool fenced = false;      ///< tokens matter
  bool strict_try = false;  ///< refused acquires matter
  bool renewable = false;   ///< there are leases to renew
};

/// A call as a lock's specification sees it.
struct LockRead {
  /// Why a release failed; each policy makes something else of it.
  enum class Failure : std::uint8_t {
    none,        ///< it did not fail
    lease_gone,  ///< the lease or session behind the hold was gone
    not_held,    ///< its caller did not hold the lock, for whatever reason
    other        ///< it was not even tried, or who knows
  };
  LockOperation operation;
  Failure failure = Failure::none;
};

/// Reads calls as those of a lock: acquire (or lock, try-acquire …), release (or unlock) and, with
/// leases, renew. The owner is the `:owner` of the value, else its `:client`, else whoever the
/// process was known to be last, else the process. The token is the `:fence` or `:token` of an
/// answer; 0 is none.
class LockReader {
 public:
  explicit LockReader(LockReading reading) : reading_(reading) {}

  /// Nothing: the call says nothing to the specification, under any policy.
  support::Expected<std::optional<LockRead>> read(const RecordedCall& call);
  /// From 1, the same for the same owner.
  OwnerId number_of(const Value& owner);
  [[nodiscard]] std::size_t bytes() const {
    constexpr std::size_t kNode = 4 * sizeof(void*);
    return owners_.size() * (kNode + sizeof(decltype(owners_)::value_type)) +
           by_process_.size() * (kNode + sizeof(decltype(by_process_)::value_type));
  }
  /// REQUIRES: once for each call, in the order in which they are read.
  OwnerId owner_of(const RecordedCall& call);

 private:
  LockReading reading_;
  std::map<Value, OwnerId> owners_;             ///< numbered from 1
  std::map<std::int64_t, OwnerId> by_process_;  ///< the owner that each process was last
};

/// What an operation of a lock may be called in a history.
std::optional<LockOperation::Kind> lock_operation_named(std::string_view f);

/// What a release that failed with that error says.
LockRead::Failure failure_of(const Value& error);

}  // namespace leasehold::checkers
