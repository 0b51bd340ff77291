#include "cli/command.hpp"
#include "cli/exit_code.hpp"

namespace leasehold::cli {
void add_compare(App&) {}
}  // namespace leasehold::cli
