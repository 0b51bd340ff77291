#pragma once

#include "checkers/formats/run_history.hpp"
#include "scenarios/resolve.hpp"
#include "sim/world/trace.hpp"

namespace leasehold::cli {

/// Writes down a run as a history that `leasehold check` can judge.
class HistorySink final : public sim::RecordSink {
 public:
  HistorySink(const scenarios::ResolvedCell& cell, std::uint64_t seed);

  void on_record(sim::TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                 const void* record) override;
  [[nodiscard]] const std::string& text() const { return history_.text(); }

 private:
  checkers::RunHistory history_;
};

}  // namespace leasehold::cli
