#include "sim/process/frame_pool.hpp"

#include <array>
#include <cstdlib>
#include <new>
#include <utility>

namespace leasehold::sim {
namespace {

constexpr std::size_t kClassBytes = 16;
constexpr std::size_t kClasses = 128;  // frames up to 2 KiB are cached

struct FreeFrame {
  FreeFrame* next;
};

class FrameCache {
 public:
  FrameCache() = default;
  FrameCache(const FrameCache&) = delete;
  FrameCache& operator=(const FrameCache&) = delete;
  ~FrameCache() {
    for (FreeFrame* frame : free_) {
      while (frame != nullptr) std::free(std::exchange(frame, frame->next));
    }
  }

  void* take(std::size_t size_class) {
    FreeFrame* frame = free_[size_class];
    if (frame != nullptr) free_[size_class] = frame->next;
    return frame;
  }
  void give(void* block, std::size_t size_class) {
    free_[size_class] = new (block) FreeFrame{free_[size_class]};
  }

 private:
  std::array<FreeFrame*, kClasses> free_{};
};

// A cache of empty blocks: no run can tell what another left in it.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
thread_local FrameCache cache;

// AddressSanitizer can only see the use of a dead frame if frames really die.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kCached = false;
#elif defined(__has_feature)
constexpr bool kCached = !__has_feature(address_sanitizer);
#else
constexpr bool kCached = true;
#endif

constexpr std::size_t class_of(std::size_t bytes) { return (bytes - 1) / kClassBytes; }

}  // namespace

void* allocate_frame(std::size_t bytes) {
  const std::size_t size_class = class_of(bytes);
  if (kCached && size_class < kClasses) {
    if (void* cached = cache.take(size_class)) return cached;
  }
  void* block = std::malloc((size_class + 1) * kClassBytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void free_frame(void* block, std::size_t bytes) noexcept {
  const std::size_t size_class = class_of(bytes);
  if (kCached && size_class < kClasses) {
    cache.give(block, size_class);
  } else {
    std::free(block);
  }
}

}  // namespace leasehold::sim
