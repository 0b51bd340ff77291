#include "cli/app.hpp"

int main(int argc, char** argv) {
  return leasehold::cli::run(argc, argv, leasehold::models::built_in_algorithms());
}
