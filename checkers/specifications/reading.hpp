#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "checkers/formats/recorded_call.hpp"
#include "checkers/linearizability/specification.hpp"
#include "support/expected.hpp"

/// How a specification makes its own operations of a recorded history.
namespace leasehold::checkers {

/// What a release that failed says.
enum class FailedReleases : std::uint8_t {
  drop,        ///< nothing: it did not happen
  ends_hold,   ///< if it found its lease gone: the hold is over, as if it had succeeded
  observation  ///< that its caller did not hold the lock (without owners: that nobody did) when it
               ///< was answered
};

/// What the user or the format says about a history beside its lines.
struct ReadingRules {
  std::optional<Value> initial;  ///< of a register, a map …; nothing: absent
  FailedReleases failed_releases = FailedReleases::drop;
  /// A read of nil: the Porcupine logs mean that nothing was there, Jepsen that it is not known.
  bool nil_is_absent = false;
  /// A cas that failed: the Porcupine logs mean that it compared unequal, Jepsen that nothing is
  /// known of it.
  bool failed_cas_compared = false;
};

/// What reads histories for a specification: fed with the calls in the order of their invocations
/// within one process, it gives the operation of each, nothing if the call says nothing to the
/// specification, or what is wrong with it, at its line. Afterwards it gives the specification
/// itself.
template <class R, class S>
concept ReaderOf = Specification<S> && std::constructible_from<R, const ReadingRules&> &&
                   requires(R& reader, const R& done, const RecordedCall& call) {
                     {
                       reader.read(call)
                     } -> std::same_as<support::Expected<std::optional<typename S::Operation>>>;
                     { done.specification() } -> std::same_as<S>;
                   };

/// A diagnostic at the line of a call's invocation; the caller adds the name of the file.
inline support::Diagnostic at_call(const RecordedCall& call, std::string message,
                                   std::string expected) {
  support::Diagnostic diagnostic;
  diagnostic.line = static_cast<int>(call.invocation.place.line);
  diagnostic.column = static_cast<int>(call.invocation.place.column);
  diagnostic.message = std::move(message);
  diagnostic.expected = std::move(expected);
  return diagnostic;
}

}  // namespace leasehold::checkers
