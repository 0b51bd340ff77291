#pragma once

namespace leasehold::models {

/// Lets the observer look at something that lives in a process, for as long as it lives there.
/// Nothing in the world depends on it.
template <class T>
class Window {
 public:
  /// Held in the frame of the coroutine that owns what is shown.
  class Opening {
   public:
    Opening(Window& window, const T& shown) : window_(window) { window_.shown_ = &shown; }
    Opening(const Opening&) = delete;
    Opening& operator=(const Opening&) = delete;
    ~Opening() { window_.shown_ = nullptr; }

   private:
    Window& window_;
  };

  /// Null while there is nothing to see: its process is dead.
  const T* get() const { return shown_; }

 private:
  const T* shown_ = nullptr;
};

}  // namespace leasehold::models
