#include "cli/history_sink.hpp"

#include "scenarios/workload/workloads.hpp"

namespace leasehold::cli {
namespace {

using checkers::RunHistory;
using checkers::Stamp;

/// Tells the history of the record if it is one of these kinds.
template <class... Records>
void tell(RunHistory& history, Stamp at, std::uint16_t kind, const void* record) {
  ((kind == Records::kRecordKind ? history.observe(at, *static_cast<const Records*>(record))
                                 : void()),
   ...);
}

}  // namespace

HistorySink::HistorySink(const scenarios::ResolvedCell& cell, std::uint64_t seed)
    : history_(scenarios::effect_rules(cell.scenario().workload),
               {{"recipe", cell.recipe(seed).text()}}) {}

void HistorySink::on_record(sim::TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                            const void* record) {
  using namespace checkers;
  tell<Operation, Grant, Belief, Work, Effect, ClientLife, FaultRecord>(
      history_, {at.since_zero().ns(), sequence}, kind, record);
}

}  // namespace leasehold::cli
