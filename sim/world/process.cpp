// What sim/process promises, done by the kernel.
#include "sim/process/process.hpp"

#include <utility>

#include "sim/world/kernel.hpp"

namespace leasehold::sim {

Process::Process(Kernel& kernel, ProcessId id, std::uint32_t host, std::string name, Body body)
    : kernel_(&kernel),
      id_(id),
      host_(host),
      name_(std::move(name)),
      body_(std::move(body)),
      inbox_(*this) {}

Process::~Process() = default;

WallTime Process::wall_now() const {
  return WallTime::at(Duration::nanoseconds(kernel_->read_clock(*this, ClockKind::wall)));
}
MonoTime Process::mono_now() const {
  return MonoTime::at(Duration::nanoseconds(kernel_->read_clock(*this, ClockKind::mono)));
}
BootTime Process::boot_now() const {
  return BootTime::at(Duration::nanoseconds(kernel_->read_clock(*this, ClockKind::boot)));
}

Process::Sleep Process::sleep(Duration span) { return sleep_until(mono_now() + span); }
Process::Sleep Process::sleep_until(MonoTime deadline) {
  return Sleep(*this, ClockKind::mono, deadline.since_zero().ns());
}
Process::Sleep Process::sleep_until(BootTime deadline) {
  return Sleep(*this, ClockKind::boot, deadline.since_zero().ns());
}
Process::Sleep Process::sleep_until(WallTime deadline) {
  return Sleep(*this, ClockKind::wall, deadline.since_zero().ns());
}
Process::Compute Process::compute(Duration span) { return Compute(*this, span); }

void Process::Sleep::await_suspend(std::coroutine_handle<> coroutine) {
  waiter_.park(coroutine);
  waiter_.process().kernel().sleep(waiter_, clock_, deadline_ns_);
}

void Process::Compute::await_suspend(std::coroutine_handle<> coroutine) {
  waiter_.park(coroutine);
  waiter_.process().kernel().compute(waiter_, span_);
}

void Process::Sync::await_suspend(std::coroutine_handle<> coroutine) {
  waiter_.park(coroutine);
  pending_.file = &file_;
  pending_.waiter = &waiter_;
  waiter_.process().kernel().sync(pending_);
}

void Process::spawn(Task<void> task) { kernel_->spawn(*this, std::move(task)); }

Rng Process::stream(std::uint64_t purpose) const {
  LH_ASSERT(alive_);
  return Rng::stream(kernel_->seed(), std::uint64_t{id_} << 32 | incarnation_, purpose);
}

void Process::send(ProcessId to, const Message& message) {
  LH_ASSERT(alive_);
  kernel_->network_.send_datagram(id_, to, message);
}

void Process::listen(const ConnectionOptions& accepted) {
  listening_ = true;
  accepted_options_ = accepted;
}

Connection Process::connect(ProcessId to, const ConnectionOptions& options) {
  LH_ASSERT(alive_);
  auto mailbox = std::make_unique<Mailbox>(*this);
  const ConnectionId id = kernel_->network_.connect(*this, *mailbox, to, options);
  return Connection(*this, id, std::move(mailbox));
}

void Process::send_over(ConnectionId accepted, const Message& message) {
  LH_ASSERT(alive_);
  kernel_->network_.send(accepted, id_, message);
}

void Process::close(ConnectionId accepted) { kernel_->network_.close(accepted, id_); }

void Connection::send(const Message& message) { process_->send_over(id_, message); }

Connection::~Connection() {
  if (process_ != nullptr) process_->close(id_);
}

File& Process::file(std::uint32_t name) { return kernel_->disk(host_).file(id_, name); }

Process::Sync Process::sync(File& file) { return Sync(*this, file); }

Recorder& Process::recorder() { return kernel_->recorder_; }

void Process::wake(Waiter& waiter) { kernel_->wake(waiter); }

void Process::arm(Waiter& waiter, MonoTime deadline) {
  if (!deadline.is_never()) {
    kernel_->sleep(waiter, ClockKind::mono, deadline.since_zero().ns());
  }
}

void Waiter::abandon() { process_->kernel_->abandon(*this); }

// ------------------------------------------------------------------------- mailboxes and signals

Incoming Mailbox::take() {
  LH_ASSERT(!empty());
  const Incoming incoming = items_[first_++];
  if (first_ == items_.size()) clear();
  return incoming;
}

void Mailbox::put(const Incoming& incoming) {
  items_.push_back(incoming);
  if (!receivers_.empty()) process_->wake(static_cast<Waiter&>(*receivers_.front()));
}

void Mailbox::clear() {
  items_.clear();
  first_ = 0;
}

void Mailbox::ReceiveUntil::await_suspend(std::coroutine_handle<> coroutine) {
  waiter_.park(coroutine);
  mailbox_.receivers_.push_back(waiter_);
  mailbox_.process_->arm(waiter_, deadline_);
}

void Signal::Wait::await_suspend(std::coroutine_handle<> coroutine) {
  waiter_.park(coroutine);
  signal_.waiting_.push_back(waiter_);
  signal_.process_->arm(waiter_, deadline_);
}

void Signal::notify_all() {
  while (!waiting_.empty()) process_->wake(static_cast<Waiter&>(*waiting_.front()));
}

// ------------------------------------------------------------------------------------- recorder

TimerId Recorder::at(const Process& on, ClockKind clock, Duration reading,
                     DeadlineObserver& observer, std::uint64_t cookie) {
  const HostId host = kernel_->host_of(on.id());
  const TimerId timer = kernel_->arm_clocked(Kernel::EventKind::observe, host, clock, reading.ns());
  kernel_->events_[timer.slot].observer = &observer;
  kernel_->events_[timer.slot].cookie = cookie;
  return timer;
}

void Recorder::cancel(TimerId timer) { kernel_->cancel(timer); }

void Recorder::emit_bytes(std::uint16_t kind, const void* record) { kernel_->emit(kind, record); }

}  // namespace leasehold::sim
