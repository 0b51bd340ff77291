#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "checkers/record/record.hpp"
#include "scenarios/run.hpp"
#include "sim/world/trace.hpp"

/// All records of one run with what the clocks showed: what an explanation is told from.
namespace leasehold::scenarios {

using Happening =
    std::variant<checkers::Operation, checkers::Grant, checkers::Belief, checkers::Work,
                 checkers::Effect, checkers::EffectGone, checkers::ClientLife, checkers::RunPhase,
                 checkers::FaultRecord, checkers::JobRun, checkers::Milestone>;

/// The readings of one host's clocks.
struct Readings {
  std::int64_t mono_ns = 0;
  std::int64_t wall_ns = 0;
};

struct Moment {
  checkers::Stamp at;
  Happening what;
  std::vector<Readings> clocks;  ///< of every host, by process
};

/// Whose attempt it is about, if any.
std::optional<checkers::AttemptId> attempt_of(const Happening& what);
/// Null if it is something else.
template <class Record>
const Record* as(const Moment& moment) {
  return std::get_if<Record>(&moment.what);
}

class Chronicle final : public sim::RecordSink {
 public:
  /// For the one run that is written down here.
  Onlookers onlookers();
  void on_record(sim::TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                 const void* record) override;

  const std::vector<Moment>& moments() const { return moments_; }
  /// The first moment from `from` on that satisfies it.
  template <class Wanted>
  std::optional<std::size_t> find(std::size_t from, Wanted wanted) const {
    for (std::size_t i = from; i < moments_.size(); ++i) {
      if (wanted(moments_[i])) return i;
    }
    return std::nullopt;
  }
  /// The last moment before `before` that satisfies it.
  template <class Wanted>
  std::optional<std::size_t> find_last(std::size_t before, Wanted wanted) const {
    for (std::size_t i = before; i-- > 0;) {
      if (wanted(moments_[i])) return i;
    }
    return std::nullopt;
  }
  /// The moment of that stamp.
  std::optional<std::size_t> at(const checkers::Stamp& stamp) const;

  /// When a fault of the plan began and ended, in true time (none: it did not), and whom it hit.
  struct FaultSpan {
    std::optional<std::int64_t> began_ns;
    std::optional<std::int64_t> ended_ns;
    std::vector<sim::ProcessId> targets = {};
  };
  /// By the faults' indices in the plan.
  const std::vector<FaultSpan>& fault_spans() const { return spans_; }

 private:
  void follow(const checkers::FaultRecord& fault, std::int64_t at_ns);

  WorldView world_;
  std::vector<Moment> moments_;
  std::vector<FaultSpan> spans_;
};

}  // namespace leasehold::scenarios
