// memory_runs SCENARIO ALGORITHM [RUNS]: the most bytes that the heap held during a run, over what
// it held before any, the worst of the runs. A run owns its world and its checkers' histories; what
// one run leaves for the next, as frames and buffers, counts as its own.
//
// Takes the place of glibc's malloc to count.
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "bench/algorithm.hpp"

extern "C" {
void* __libc_malloc(std::size_t);
void __libc_free(void*);
void* __libc_realloc(void*, std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

std::int64_t held = 0;
std::int64_t most = 0;

void* counted(void* block) {
  held += static_cast<std::int64_t>(malloc_usable_size(block));
  most = std::max(most, held);
  return block;
}

void uncount(void* block) { held -= static_cast<std::int64_t>(malloc_usable_size(block)); }

}  // namespace

extern "C" {
void* malloc(std::size_t bytes) { return counted(__libc_malloc(bytes)); }
void* calloc(std::size_t count, std::size_t bytes) { return counted(__libc_calloc(count, bytes)); }
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return counted(__libc_memalign(alignment, bytes));
}
void* realloc(void* block, std::size_t bytes) {
  uncount(block);
  return counted(__libc_realloc(block, bytes));
}
void free(void* block) {
  uncount(block);
  __libc_free(block);
}
}

int main(int argc, char** argv) {
  using namespace leasehold;
  if (argc < 3) {
    std::fprintf(stderr, "usage: memory_runs SCENARIO ALGORITHM [RUNS]\n");
    return 64;
  }
  const auto cell = bench::find_cell(argv[1], argv[2]);
  if (!cell) return 64;
  const std::uint64_t runs = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 20;
  const std::int64_t before = held;
  scenarios::Runner runner(cell->cell());
  most = held;
  for (std::uint64_t seed = 0; seed < runs; ++seed) runner.run(seed);
  std::printf("KiB/world %.1f\n", static_cast<double>(most - before) / 1024);
}
