#include "scenarios/run.hpp"

#include "models/resource/resource.hpp"
#include "scenarios/cast.hpp"
#include "scenarios/cost_meter.hpp"
#include "scenarios/injector.hpp"
#include "scenarios/outlook.hpp"
#include "scenarios/run_too_long.hpp"
#include "scenarios/workload/workloads.hpp"

namespace leasehold::scenarios {
namespace {

using sim::Distribution;
using sim::Duration;
using sim::Kernel;
using sim::Process;
using sim::Rng;
using sim::Task;
using sim::TrueTime;

models::resource::Fencing fencing_of(Fencing fencing) {
  switch (fencing) {
    case Fencing::off:
      return models::resource::Fencing::off;
    case Fencing::on:
      return models::resource::Fencing::on;
    case Fencing::write_only:
      break;
  }
  return models::resource::Fencing::write_only;
}

Task<void> run_resource(Process& self, Fencing fencing, Distribution service) {
  models::resource::Resource resource(self, fencing_of(fencing), service);
  co_await resource.serve();
}

Task<void> run_client(Process& self, checkers::ClientId client, const WorkloadContext& context) {
  if (context.rounds->is_done(client)) co_return;
  self.recorder().emit(checkers::ClientLife{checkers::ClientLife::Phase::started, client});
  const std::unique_ptr<Worker> worker = make_worker(self, client, context);
  co_await worker->run();
  // It stays, with its connections, and wants nothing any more.
  co_await self.sleep_until(sim::MonoTime::never());
}

/// The world of one run, from its building to its last record.
class World final : public sim::RecordSink {
 public:
  World(const Cell& cell, std::uint64_t seed, const FaultPlan& faults, const WorkloadPlan* rounds,
        checkers::RunChecker& checker, const Onlookers& onlookers)
      : cell_(cell),
        scenario_(*cell.scenario),
        measure_(scenario_.yardsticks()),
        deployment_(cell.algorithm->deploy(setting_of(cell), cell.parameters)),
        servers_(deployment_->servers()),
        cast_(scenario_.clients, static_cast<std::uint32_t>(servers_.size())),
        rounds_(scenario_.clients, rounds, onlookers.rounds),
        windows_(scenario_.clients),
        context_(scenario_, *deployment_, cast_.resource(), rounds_, windows_),
        kernel_(seed),
        injector_(kernel_, cast_, *deployment_, faults),
        costs_(kernel_, cast_),
        checker_(checker),
        onlookers_(onlookers) {
    kernel_.set_record_sink(this);
    kernel_.set_trace_sink(onlookers.trace);
    kernel_.allow_events(onlookers.most_events);
    if (onlookers.world != nullptr) {
      *onlookers.world = {&kernel_, deployment_.get(), &injector_, windows_};
    }
    add_hosts(seed);
    set_links();
    add_processes();
  }

  RunResult run() {
    kernel_.recorder().emit(checkers::RunPhase{checkers::RunPhase::Phase::started});
    injector_.start();
    run_until(scenario_.horizon);
    injector_.heal();
    kernel_.recorder().emit(checkers::RunPhase{checkers::RunPhase::Phase::healed});
    const Duration end = scenario_.horizon + scenario_.heal.resolve(measure_);
    run_until(end);
    kernel_.recorder().emit(checkers::RunPhase{checkers::RunPhase::Phase::ended});
    checkers::Outlook ahead;
    if (checker_.starving()) ahead = outlook(kernel_, *deployment_, cast_.any_releasing());
    checker_.finish(checkers::Stamp{end.ns(), kernel_.counters().records}, ahead);
    return result(end);
  }

 private:
  void add_hosts(std::uint64_t seed) {
    const auto ppb = std::int64_t{scenario_.clocks.rate_ppm} * 1'000;
    const std::int64_t offset = scenario_.clocks.wall_offset.ns();
    for (std::uint32_t i = 0; i < cast_.everyone(); ++i) {
      Rng clock = Rng::stream(seed, i, sim::purpose("host.clock"));
      sim::HostSettings host;
      host.rate_ppb = within(clock, ppb);
      host.wall_offset = kWallClockOrigin + Duration::nanoseconds(within(clock, offset));
      host.fsync = scenario_.disk.fsync.resolve(measure_);
      kernel_.add_host(host);
    }
  }

  static std::int64_t within(Rng& rng, std::int64_t bound) {
    const auto values = static_cast<std::uint64_t>(2 * bound + 1);
    return static_cast<std::int64_t>(rng.below(values)) - bound;
  }

  void set_links() {
    const Distribution client_server = scenario_.network.client_server.resolve(measure_);
    const Distribution client_resource = scenario_.network.client_resource.resolve(measure_);
    const Distribution server_server = scenario_.network.server_server.resolve(measure_);
    for (std::uint32_t from = 0; from < cast_.everyone(); ++from) {
      for (std::uint32_t to = 0; to < cast_.everyone(); ++to) {
        const bool resource = from == cast_.resource() || to == cast_.resource();
        const bool servers = cast_.is_server(from) && cast_.is_server(to);
        kernel_.network().set_delay(from, to,
                                    resource  ? client_resource
                                    : servers ? server_server
                                              : client_server);
        kernel_.network().set_loss(from, to, scenario_.network.loss_ppm);
      }
    }
  }

  void add_processes() {
    for (std::uint32_t i = 0; i < cast_.clients(); ++i) {
      kernel_.add_process(cast_.client(i), "client:" + std::to_string(i),
                          [this, i](Process& self) { return run_client(self, i, context_); });
    }
    const Distribution service = scenario_.cpu.service.resolve(measure_);
    kernel_.add_process(cast_.resource(), "resource", [this, service](Process& self) {
      return run_resource(self, cell_.fencing, service);
    });
    std::vector<Process*> servers;
    for (std::uint32_t slot = 0; slot < cast_.servers(); ++slot) {
      servers.push_back(
          &kernel_.add_process(cast_.server(slot), servers_[slot].name, servers_[slot].body));
    }
    deployment_->bind(servers);
  }

  void run_until(Duration end) {
    if (costs_.run_until(kernel_, TrueTime::at(end))) return;
    throw RunTooLong(scenario_.name + " " + cell_.algorithm->info().id + ", seed " +
                         std::to_string(kernel_.seed()),
                     {kernel_.counters().events, kernel_.now().since_zero().ns(), end.ns()});
  }

  RunResult result(Duration end) const {
    RunResult result;
    result.seed = kernel_.seed();
    result.digest = kernel_.digest();
    result.events = kernel_.counters().events;
    result.simulated_ns = end.ns();
    result.cost = costs_.cost();
    result.checker = &checker_;
    return result;
  }

  void on_record(TrueTime at, std::uint64_t sequence, std::uint16_t kind,
                 const void* record) override {
    const checkers::Stamp stamp{at.since_zero().ns(), sequence};
    switch (kind) {
      case checkers::Operation::kRecordKind: {
        const auto& operation = see<checkers::Operation>(stamp, record);
        if (operation.kind == checkers::Operation::Kind::acquire) costs_.on_acquire(operation);
        if (operation.kind == checkers::Operation::Kind::release) {
          cast_.set_releasing(operation.client,
                              operation.phase == checkers::Operation::Phase::invoked);
        }
        break;
      }
      case checkers::Grant::kRecordKind:
        injector_.on_grant(see<checkers::Grant>(stamp, record));
        break;
      case checkers::Belief::kRecordKind:
        see<checkers::Belief>(stamp, record);
        break;
      case checkers::Work::kRecordKind: {
        const auto& work = see<checkers::Work>(stamp, record);
        cast_.set_in_work(work.client, work.phase == checkers::Work::Phase::entered);
        injector_.on_work(work);
        break;
      }
      case checkers::Effect::kRecordKind:
        see<checkers::Effect>(stamp, record);
        break;
      case checkers::EffectGone::kRecordKind:
        see<checkers::EffectGone>(stamp, record);
        break;
      case checkers::ClientLife::kRecordKind: {
        const auto& life = see<checkers::ClientLife>(stamp, record);
        cast_.set_in_work(life.client, false);
        cast_.set_releasing(life.client, false);
        break;
      }
      case checkers::RunPhase::kRecordKind:
        see<checkers::RunPhase>(stamp, record);
        break;
      case checkers::FaultRecord::kRecordKind:
        see<checkers::FaultRecord>(stamp, record);
        break;
      case checkers::JobRun::kRecordKind:
        see<checkers::JobRun>(stamp, record);
        break;
      case checkers::Milestone::kRecordKind:
        injector_.on_milestone(*static_cast<const checkers::Milestone*>(record));
        break;
      default:
        LH_ASSERT(false);
    }
    if (onlookers_.records != nullptr) onlookers_.records->on_record(at, sequence, kind, record);
  }

  template <class Record>
  const Record& see(checkers::Stamp stamp, const void* record) {
    const auto& typed = *static_cast<const Record*>(record);
    checker_.observe(stamp, typed);
    return typed;
  }

  const Cell& cell_;
  const Scenario& scenario_;
  Yardsticks measure_;
  std::unique_ptr<models::Deployment> deployment_;
  std::vector<models::ServerSlot> servers_;
  Cast cast_;
  Rounds rounds_;
  std::vector<LockWindow> windows_;
  WorkloadContext context_;
  Kernel kernel_;  // after what its coroutines still touch while they are destroyed
  Injector injector_;
  CostMeter costs_;
  checkers::RunChecker& checker_;
  Onlookers onlookers_;
};

checkers::RunCheckerOptions checker_options(const Cell& cell) {
  const Scenario& scenario = *cell.scenario;
  checkers::RunCheckerOptions options;
  options.specification = cell.algorithm->info().specification;
  options.expects_faults = !scenario.faults.empty();
  options.effects = effect_rules(scenario.workload);
  options.progress_within_ns = scenario.progress_within.resolve(scenario.yardsticks()).ns();
  options.frequency = frequency_rule(scenario.workload);
  return options;
}

}  // namespace

models::Setting setting_of(const Scenario& scenario) {
  const Yardsticks measure = scenario.yardsticks();
  return {scenario.lease, scenario.retry.resolve(measure), scenario.cpu.service.resolve(measure),
          scenario.clients};
}

models::Setting setting_of(const Cell& cell) {
  const models::Setting setting = setting_of(*cell.scenario);
  if (!cell.vendor_defaults) return setting;
  return cell.algorithm->vendor_setting(setting, cell.parameters).value();
}

std::size_t server_count(const Cell& cell) {
  return cell.algorithm->deploy(setting_of(cell), cell.parameters)->servers().size();
}

Runner::Runner(const Cell& cell) : cell_(cell), checker_(checker_options(cell)) {}
Runner::~Runner() = default;

RunResult Runner::run(std::uint64_t seed, const Onlookers& onlookers) {
  return run(seed, draw_fault_plan(*cell_.scenario, seed), onlookers);
}

RunResult Runner::run(std::uint64_t seed, const RunPlan& plan, const Onlookers& onlookers) {
  return run(seed, plan.faults, plan.workload ? &*plan.workload : nullptr, onlookers);
}

RunResult Runner::run(std::uint64_t seed, const FaultPlan& faults, const Onlookers& onlookers) {
  return run(seed, faults, nullptr, onlookers);
}

RunResult Runner::run(std::uint64_t seed, const FaultPlan& faults, const WorkloadPlan* rounds,
                      const Onlookers& onlookers) {
  checker_.reset();
  World world(cell_, seed, faults, rounds, checker_, onlookers);
  return world.run();
}

WorkloadPlan draw_rounds(const Cell& cell, std::uint64_t seed, const FaultPlan& faults) {
  WorkloadPlan rounds;
  Onlookers onlookers;
  onlookers.rounds = &rounds;
  Runner(cell).run(seed, faults, onlookers);
  return rounds;
}

RunPlan draw_run_plan(const Cell& cell, std::uint64_t seed) {
  RunPlan plan;
  plan.faults = draw_fault_plan(*cell.scenario, seed);
  plan.workload = draw_rounds(cell, seed, plan.faults);
  return plan;
}

}  // namespace leasehold::scenarios
