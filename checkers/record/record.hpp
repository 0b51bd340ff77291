#pragma once

#include <cstdint>

/// The plain records that everyone shares: models emit them, the world stamps them, checkers fold
/// them. Standard library only. The words are those of docs/glossary.md.
///
/// All records are trivially copyable. A stream of them is ordered by Stamp; that order is true
/// time, which no simulated process can read.
namespace leasehold::checkers {

/// Where a record stands in true time. `sequence` is unique and rises with the order of emission,
/// so two records of one nanosecond are still ordered.
struct Stamp {
  std::int64_t at_ns = 0;
  std::uint64_t sequence = 0;

  friend constexpr auto operator<=>(const Stamp&, const Stamp&) = default;
};

/// A client of the lock: 0, 1, 2 … in the order of the scenario.
using ClientId = std::uint32_t;

/// One logical acquisition of one client, retries included: unique in a run, never 0.
/// It is also the identity of the grant that the attempt may obtain.
using AttemptId = std::uint64_t;

/// A fencing token; 0 means that the lock has none.
using Token = std::uint64_t;

/// What a client asked of the lock and what it was told. Retries of one acquire are one operation.
struct Operation {
  static constexpr std::uint16_t kRecordKind = 1;
  enum class Kind : std::uint8_t { acquire, renew, release };
  /// `refused` is a definite no: nothing took effect. `indeterminate`: may have taken effect.
  enum class Phase : std::uint8_t { invoked, ok, refused, indeterminate };
  Kind kind{};
  Phase phase{};
  ClientId client = 0;
  AttemptId attempt = 0;
  Token token = 0;
};

/// The service as a whole began or ceased to refuse everyone else for the sake of one attempt.
/// Loss of state does not end a grant.
struct Grant {
  static constexpr std::uint16_t kRecordKind = 2;
  enum class Phase : std::uint8_t { begun, renewed, ended };
  /// Why it ended: its release was applied, its promised deadline passed on the server's clock with
  /// steps removed, or the session or lease behind it came to its documented end.
  enum class End : std::uint8_t { none, released, deadline, session };
  Phase phase{};
  End end{};
  ClientId client = 0;
  AttemptId attempt = 0;
  Token token = 0;
};

/// A client began or ceased to believe that it holds the lock.
struct Belief {
  static constexpr std::uint16_t kRecordKind = 3;
  enum class Phase : std::uint8_t { begun, ended };
  /// Why it ended. `deadline`: the client's own, on its own clock.
  enum class End : std::uint8_t { none, released, lost, deadline };
  Phase phase{};
  End end{};
  ClientId client = 0;
  AttemptId attempt = 0;
};

/// A client entered or left the critical section, by program position. Once per attempt.
struct Work {
  static constexpr std::uint16_t kRecordKind = 4;
  enum class Phase : std::uint8_t { entered, left };
  Phase phase{};
  ClientId client = 0;
  AttemptId attempt = 0;
  /// On `left`: how many effects (distinct requests) this work sent in all …
  std::uint32_t effects_sent = 0;
  /// … and how many of them were not yet answered (an exposure when not 0).
  std::uint32_t effects_outstanding = 0;
};

/// What the protected resource did with one request. Emitted by the resource when it processes the
/// request, once per request: its retries carry the same `request` and are answered from memory.
struct Effect {
  static constexpr std::uint16_t kRecordKind = 5;
  /// `notice`: somebody was told of a write; it changes nothing, and cannot be taken back.
  enum class Kind : std::uint8_t { read, write, notice };
  /// `fenced`: refused because of its token.
  enum class Outcome : std::uint8_t { accepted, fenced };
  Kind kind{};
  Outcome outcome{};
  /// With fencing off: whether full fencing (every read and write checked) would have refused it.
  bool would_be_fenced = false;
  ClientId client = 0;
  AttemptId attempt = 0;
  Token token = 0;
  std::uint64_t request = 0;   ///< unique per logical effect in a run
  std::uint64_t version = 0;   ///< of the resource, or of the job's row in it, after the effect
  std::uint64_t based_on = 0;  ///< write: the version its value was computed from
  std::uint64_t job = 0;       ///< logical job or period, 0 if the workload has none
};

/// The resource never processed this effect and never will: the client no longer waits for it and
/// nothing of it is on its way any more. Every effect sent by a client that lives on ends in
/// exactly one of Effect and EffectGone.
struct EffectGone {
  static constexpr std::uint16_t kRecordKind = 6;
  ClientId client = 0;
  AttemptId attempt = 0;
  std::uint64_t request = 0;
};

/// The life of a client's process. A crash ends its belief and its work.
struct ClientLife {
  static constexpr std::uint16_t kRecordKind = 7;
  enum class Phase : std::uint8_t { started, crashed, finished };
  Phase phase{};
  ClientId client = 0;
};

/// The run entered a new phase. `healed`: faults have ended and the world must converge.
struct RunPhase {
  static constexpr std::uint16_t kRecordKind = 8;
  enum class Phase : std::uint8_t { started, healed, ended };
  Phase phase{};
};

/// A fault's life. `applied`: the world was changed; `in_effect`, some time after that or never:
/// for the first time that changed what some process or message did.
struct FaultRecord {
  static constexpr std::uint16_t kRecordKind = 9;
  enum class Phase : std::uint8_t { scheduled, bound, applied, ended, in_effect };
  Phase phase{};
  std::uint16_t kind = 0;   ///< an index into the scenario's fault kinds
  std::uint32_t fault = 0;  ///< its index in the plan
};

/// A process came to a point at which a fault may be triggered.
struct Milestone {
  static constexpr std::uint16_t kRecordKind = 11;
  enum class What : std::uint8_t {
    acquire_sent,
    granted,  ///< the client learnt that it has the lock
    checked,  ///< it has just made sure that it still has it, and is about to rely on that
    work,
    effect_sent,
    renew_sent,
    release_sent,
    elected,
  };
  What what{};
  ClientId client = 0;  ///< elected: the server's slot
  AttemptId attempt = 0;
};

/// A run of the period job was accepted by the resource or the scheduler under test.
struct JobRun {
  static constexpr std::uint16_t kRecordKind = 10;
  ClientId client = 0;
  AttemptId attempt = 0;
};

}  // namespace leasehold::checkers
