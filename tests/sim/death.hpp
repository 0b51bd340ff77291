#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace leasehold::sim::test {

/// Whether `act` ends the program with exit code 70, as a failed assertion does. It runs in a child
/// process whose stderr is closed.
template <class Act>
bool asserts(Act act) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(STDERR_FILENO);
    act();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 70;
}

}  // namespace leasehold::sim::test
