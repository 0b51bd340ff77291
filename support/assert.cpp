#include "support/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace leasehold::support {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "leasehold: internal error: %s does not hold (%s:%d)\n", condition, file,
               line);
  std::fflush(nullptr);
  std::_Exit(70);
}

}  // namespace leasehold::support
