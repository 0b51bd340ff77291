#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>

#include "sim/process/frame_pool.hpp"
#include "support/assert.hpp"

/// Task<T>: the coroutine type of everything that runs inside a simulated process.
///
/// A task is lazy, move-only and single-threaded. Awaiting it runs it on the spot up to its first
/// suspension. No resumption relies on symmetric transfer, which g++ 12 lacks at -O0 and under
/// sanitizers: a task that completes while its awaiter is starting it simply returns, and one that
/// completes later hands its awaiter to the Trampoline, so the stack never grows with the number of
/// awaits.
///
/// A crash destroys the frame; no algorithm ever sees a cancellation. Errors are values: an
/// exception that leaves a task is a bug in leasehold.
namespace leasehold::sim {

template <class T>
class Task;

/// A task that nobody awaits; what it is to its owner is the owner's business.
struct RootTask;

/// Where a completed task leaves the coroutine to resume next. One per world; its owner runs
/// resume() whenever it wakes a coroutine.
class Trampoline {
 public:
  /// Runs until everything that this resumption set going has suspended. Returns the root task
  /// that completed, if one did: its frame is for the owner to destroy.
  RootTask* resume(std::coroutine_handle<> coroutine) {
    coroutine.resume();
    return used_ ? go_on() : nullptr;
  }
  void resume_next(std::coroutine_handle<> coroutine) {
    LH_ASSERT(!next_);
    next_ = coroutine;
    used_ = true;
  }
  void complete(RootTask& root) {
    LH_ASSERT(completed_ == nullptr);
    completed_ = &root;
    used_ = true;
  }

 private:
  RootTask* go_on() {
    while (next_) std::exchange(next_, {}).resume();
    used_ = false;
    return std::exchange(completed_, nullptr);
  }

  bool used_ = false;  ///< one of these is set: most resumptions complete nothing
  std::coroutine_handle<> next_;
  RootTask* completed_ = nullptr;
};

namespace detail {

struct FinalAwaiter;

class PromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept;
  void unhandled_exception() noexcept {
    support::assertion_failed("no exception leaves a task", __FILE__, __LINE__);
  }

  static void* operator new(std::size_t bytes) { return allocate_frame(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { free_frame(frame, bytes); }

  Trampoline* trampoline = nullptr;
  /// Who awaits this task. Empty while the awaiter is still starting it, and for a root task.
  std::coroutine_handle<> continuation;
  RootTask* root = nullptr;  ///< set for a root task
};

struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> task) const noexcept {
    PromiseBase& promise = task.promise();
    if (promise.continuation) {
      promise.trampoline->resume_next(promise.continuation);
    } else if (promise.root != nullptr) {
      promise.trampoline->complete(*promise.root);
    }
  }
  void await_resume() const noexcept {}
};

inline FinalAwaiter PromiseBase::final_suspend() noexcept { return {}; }

template <class T>
class Promise : public PromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  void return_value(T value) { result_.emplace(std::move(value)); }
  T take() {
    LH_ASSERT(result_.has_value());
    return std::move(*result_);
  }

 private:
  std::optional<T> result_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() noexcept {}
};

}  // namespace detail

template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  class Awaiter {
   public:
    explicit Awaiter(Handle task) : task_(task) {}
    bool await_ready() const noexcept { return false; }
    template <class ParentPromise>
    bool await_suspend(std::coroutine_handle<ParentPromise> parent) {
      task_.promise().trampoline = parent.promise().trampoline;
      task_.resume();
      if (task_.done()) return false;
      task_.promise().continuation = parent;
      return true;
    }
    T await_resume() { return task_.promise().take(); }

   private:
    Handle task_;
  };

  Awaiter operator co_await() && noexcept {
    LH_ASSERT(handle_);
    return Awaiter(handle_);
  }

  /// Makes this a root task, one that nobody awaits; resuming the handle on the trampoline starts
  /// it. REQUIRES: not started.
  std::coroutine_handle<> prepare(Trampoline& trampoline, RootTask& root) {
    LH_ASSERT(handle_);
    handle_.promise().trampoline = &trampoline;
    handle_.promise().root = &root;
    return handle_;
  }

 private:
  Handle handle_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace detail

}  // namespace leasehold::sim
