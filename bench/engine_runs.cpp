// engine_runs WORKLOAD OPERATIONS [THREADS]: carries a workload of bench/workload.hpp on for that
// many operations in each thread and prints the ns of CPU time that one took. `spin` is the control
// for two threads: a loop in registers, which tells what the machine grants at this moment.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/cpu_time.hpp"
#include "bench/mini.hpp"
#include "bench/workload.hpp"

namespace leasehold::bench {
namespace {

class Spin final : public Workload {
 public:
  std::uint64_t advance() override {
    for (int i = 0; i < 10'000; ++i) {
      word_ = word_ * 6364136223846793005u + 1;
      asm volatile("" : "+r"(word_));
    }
    return 10'000;
  }

 private:
  std::uint64_t word_ = 1;
};

class Mini final : public Workload {
 public:
  std::uint64_t advance() override {
    run_mini(++seed_);
    return 1;
  }

 private:
  std::uint64_t seed_ = 0;
};

std::unique_ptr<Workload> find(std::string_view name) {
  if (name == "spin") return std::make_unique<Spin>();
  if (name == "mini") return std::make_unique<Mini>();
  for (const NamedWorkload& workload : workloads()) {
    if (workload.name == name) return workload.make();
  }
  return nullptr;
}

/// In ns an operation, after a start that is not counted.
double measure(Workload& workload, std::uint64_t operations) {
  for (std::uint64_t done = 0; done < operations / 5;) done += workload.advance();
  const double start = cpu_time_ns();
  std::uint64_t done = 0;
  while (done < operations) done += workload.advance();
  return (cpu_time_ns() - start) / static_cast<double>(done);
}

int run(std::string_view name, std::uint64_t operations, unsigned threads) {
  if (find(name) == nullptr) {
    std::fprintf(stderr, "no such workload; see bench/workload.hpp\n");
    return 64;
  }
  std::vector<double> took(threads);
  std::vector<std::thread> others;
  for (unsigned i = 0; i < threads; ++i) {
    others.emplace_back([&, i] {
      const std::unique_ptr<Workload> workload = find(name);
      took[i] = measure(*workload, operations);
    });
  }
  double sum = 0;
  for (unsigned i = 0; i < threads; ++i) {
    others[i].join();
    sum += took[i];
  }
  std::printf("%.3f\n", sum / threads);
  return 0;
}

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: engine_runs WORKLOAD OPERATIONS [THREADS]\n");
    return 64;
  }
  const unsigned threads = argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)) : 1;
  return leasehold::bench::run(argv[1], std::strtoull(argv[2], nullptr, 10), threads);
}
