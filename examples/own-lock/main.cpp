#include "cli/app.hpp"
#include "examples/own-lock/ticket_lock.hpp"

// leasehold, with one lock more.
int main(int argc, char** argv) {
  leasehold::models::AlgorithmRegistry algorithms = leasehold::models::built_in_algorithms();
  algorithms.add(own_lock::ticket_lock());
  return leasehold::cli::run(argc, argv, algorithms);
}
