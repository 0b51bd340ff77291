#include "scenarios/explanation/chronicle.hpp"

#include <utility>

#include "scenarios/injector.hpp"

namespace leasehold::scenarios {
namespace {

using checkers::FaultRecord;

/// The record of that kind among the alternatives.
template <std::size_t I = 0>
Happening happening(std::uint16_t kind, const void* record) {
  using Record = std::variant_alternative_t<I, Happening>;
  if (Record::kRecordKind == kind) return *static_cast<const Record*>(record);
  if constexpr (I + 1 < std::variant_size_v<Happening>) return happening<I + 1>(kind, record);
  LH_ASSERT(false);
  return {};
}

}  // namespace

std::optional<checkers::AttemptId> attempt_of(const Happening& what) {
  return std::visit(
      [](const auto& record) -> std::optional<checkers::AttemptId> {
        if constexpr (requires { record.attempt; }) {
          return record.attempt;
        } else {
          return std::nullopt;
        }
      },
      what);
}

Onlookers Chronicle::onlookers() {
  Onlookers onlookers;
  onlookers.records = this;
  onlookers.most_events = kMostEventsTold;
  onlookers.world = &world_;
  return onlookers;
}

void Chronicle::on_record(sim::TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                          const void* record) {
  Moment moment{{at.since_zero().ns(), sequence}, happening(kind, record), {}};
  for (std::size_t i = 0; i < world_.kernel->process_count(); ++i) {
    const sim::HostClock& clock =
        world_.kernel->clock(world_.kernel->host_of(static_cast<sim::ProcessId>(i)));
    moment.clocks.push_back(
        {clock.read(sim::ClockKind::mono, at), clock.read(sim::ClockKind::wall, at)});
  }
  if (const auto* fault = as<FaultRecord>(moment)) follow(*fault, moment.at.at_ns);
  moments_.push_back(std::move(moment));
}

std::optional<std::size_t> Chronicle::at(const checkers::Stamp& stamp) const {
  return find(0, [&](const Moment& moment) { return moment.at == stamp; });
}

// Every fault of the plan is recorded as scheduled before anything else happens.
void Chronicle::follow(const FaultRecord& fault, std::int64_t at_ns) {
  if (fault.fault >= spans_.size()) spans_.resize(fault.fault + std::size_t{1});
  FaultSpan& span = spans_[fault.fault];
  if (fault.phase == FaultRecord::Phase::bound) {
    span.began_ns = at_ns;
    span.targets = world_.injector->targets(fault.fault);
  }
  if (fault.phase == FaultRecord::Phase::ended) span.ended_ns = at_ns;
}

}  // namespace leasehold::scenarios
