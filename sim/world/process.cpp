// What sim/process promises, done by the kernel.
#include "sim/process/process.hpp"

#include <algorithm>
#include <utility>

#include "sim/world/connection_parts.hpp"
#include "sim/world/event_path.hpp"
#include "sim/world/kernel.hpp"

namespace leasehold::sim {

Process::Process(Kernel& kernel, ProcessId id, std::uint32_t host, const HostClock& clock,
                 std::string name, Body body)
    : kernel_(&kernel),
      clock_(&clock),
      id_(id),
      host_(host),
      inbox_(*this),
      name_(std::move(name)),
      body_(std::move(body)) {}

Process::~Process() = default;

std::int64_t Process::read_watched(ClockKind clock) const {
  kernel_->clock_read(*this, clock);
  return clock_->read(clock, kernel_->now_);
}

WallTime Process::wall_now() const {
  return WallTime::at(Duration::nanoseconds(read(ClockKind::wall)));
}
MonoTime Process::mono_now() const {
  return MonoTime::at(Duration::nanoseconds(read(ClockKind::mono)));
}
BootTime Process::boot_now() const {
  return BootTime::at(Duration::nanoseconds(read(ClockKind::boot)));
}

void Process::Sleep::await_suspend(std::coroutine_handle<> coroutine) {
  park(coroutine);
  std::int64_t deadline = 0;
  const bool forever =
      __builtin_add_overflow(process().read(ClockKind::mono), span_.ns(), &deadline);
  process().kernel().sleep(*this, ClockKind::mono, forever ? Duration::max().ns() : deadline);
}

void Process::SleepUntil::await_suspend(std::coroutine_handle<> coroutine) {
  park(coroutine);
  process().kernel().sleep(*this, clock_, deadline_ns_);
}

void Process::Compute::await_suspend(std::coroutine_handle<> coroutine) {
  park(coroutine);
  process().kernel().compute(*this);
}

void Process::Sync::await_suspend(std::coroutine_handle<> coroutine) {
  park(coroutine);
  process().kernel().sync(*this);
}

void Process::spawn(Task<void> task) { kernel_->spawn(*this, std::move(task)); }

Rng Process::stream(std::uint64_t purpose) const {
  LH_ASSERT(alive());
  return Rng::stream(kernel_->seed(), std::uint64_t{id_} << 32 | incarnation_, purpose);
}

void Process::listen(const ConnectionOptions& accepted) {
  LH_ASSERT(alive());
  listening_ = true;
  accepted_options_ = accepted;
}

Connection Process::connect(ProcessId to, const ConnectionOptions& options) {
  LH_ASSERT(alive());
  auto mailbox = std::make_unique<Mailbox>(*this);
  const ConnectionId id = kernel_->network_.connect(*this, *mailbox, to, options);
  return Connection(*this, id, std::move(mailbox));
}

void Process::send_over(ConnectionId accepted, const Message& message) {
  LH_ASSERT(alive());
  Network& network = kernel_->network_;
  Network::Stream* const stream = network.find(accepted);
  if (stream != nullptr) network.send(*stream, Network::side_of(*stream, id_), message);
}

void Process::close(ConnectionId accepted) {
  Network& network = kernel_->network_;
  const Network::Stream* const stream = network.find(accepted);
  if (stream != nullptr) network.close(accepted, Network::side_of(*stream, id_));
}

void Connection::send(const Message& message) {
  LH_ASSERT(process_ != nullptr && process_->alive());
  Network& network = process_->kernel_->network_;
  Network::Stream* const stream = network.find(id_);
  if (stream != nullptr) network.send(*stream, 0, message);
}

void Connection::shut_down() {
  mailbox_->put(Incoming::Kind::closed, process_->id(), id_, Message());
}

Connection::~Connection() {
  if (process_ != nullptr) process_->kernel_->network_.let_go(id_);
}

File& Process::file(std::uint32_t name) {
  LH_ASSERT(alive());
  return kernel_->disk(host_).file(id_, name);
}

Recorder& Process::recorder() { return kernel_->recorder_; }

void Process::wake(Waiter& waiter) { kernel_->wake(waiter); }

void Waiter::abandon() { process_->kernel().abandon(*this); }

// ------------------------------------------------------------------------- mailboxes and signals

Mailbox::Mailbox(Process& process)
    : process_(&process), spent_(&process.kernel().packets_.spent()) {}

Mailbox::~Mailbox() {
  clear();
  if (receiver_ != nullptr) static_cast<Receive*>(receiver_)->mailbox_ = nullptr;
}

void Mailbox::put(Incoming::Kind kind, ProcessId from, ConnectionId connection,
                  const Message& message) {
  Letter& letter = process_->kernel().packets_.take_or_grow();
  letter.incoming = {kind, from, connection, message};
  if (Waiter* const receiver = add(letter)) process_->wake(*receiver);
}

std::size_t Mailbox::size() const {
  std::size_t size = 0;
  for (const Letter* letter = first_; letter != nullptr; letter = letter->next) ++size;
  return size;
}

void Mailbox::clear() {
  while (first_ != nullptr) spent_->put(*std::exchange(first_, first_->next));
  end_ = &first_;
}

void Mailbox::ReceiveUntil::await_suspend(std::coroutine_handle<> coroutine) {
  Receive::await_suspend(coroutine);
  mailbox_->process_->arm(*this, deadline_);
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
  return kernel_->arm_observer(kernel_->host_of(on.id()), clock, reading.ns(), {&observer, cookie});
}

void Recorder::cancel(TimerId timer) { kernel_->cancel(timer); }

void Recorder::emit_words(std::uint16_t kind, const void* record, const std::uint64_t* words,
                          std::size_t count) {
  kernel_->emit(kind, record, words, count);
}

void Recorder::hand_on(std::uint16_t kind, const void* record) { kernel_->hand_on(kind, record); }

}  // namespace leasehold::sim
