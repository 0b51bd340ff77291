#pragma once

#include <cstddef>

/// Memory for coroutine frames. A cache of freed frames per thread and size class, as an allocator
/// keeps: it decides where a frame lies, never what it does.
namespace leasehold::sim {

/// A block of at least `bytes` bytes, aligned for any frame. Cost: a few nanoseconds when a frame
/// of that size class was freed on this thread before.
void* allocate_frame(std::size_t bytes);

/// Gives back a block of allocate_frame(bytes), on any thread.
void free_frame(void* block, std::size_t bytes) noexcept;

}  // namespace leasehold::sim
