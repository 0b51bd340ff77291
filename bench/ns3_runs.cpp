// ns3_runs WORKLOAD OPERATIONS: the same on ns-3 and its default scheduler: hold-100 and hold-10k
// keep so many events pending, post ten. Prints the ns of CPU time that one event took. C++17, as
// ns-3's headers ask for.
#include <ns3/core-module.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "bench/cpu_time.hpp"
#include "bench/increments.hpp"

namespace leasehold::bench {
namespace {

class Hold {
 public:
  explicit Hold(std::uint64_t operations) : warm_up_(operations / 5), left_(operations) {}

  double run(std::uint32_t pending) {
    for (std::uint32_t i = 0; i < pending; ++i) post();
    ns3::Simulator::Run();
    return end_ - start_;
  }

 private:
  void post() { ns3::Simulator::Schedule(ns3::NanoSeconds(next_()), &Hold::act, this); }
  void act() {
    if (warm_up_ > 0) {
      if (--warm_up_ == 0) start_ = cpu_time_ns();
    } else if (--left_ == 0) {
      end_ = cpu_time_ns();
      return ns3::Simulator::Stop();
    }
    post();
  }

  NextIncrement next_;
  std::uint64_t warm_up_;
  std::uint64_t left_;
  double start_ = 0;
  double end_ = 0;
};

}  // namespace
}  // namespace leasehold::bench

int main(int argc, char** argv) {
  const std::map<std::string, std::uint32_t> pending{
      {"hold-100", 100}, {"hold-10k", 10'000}, {"post", 10}};
  if (argc != 3 || pending.count(argv[1]) == 0) {
    std::fprintf(stderr, "usage: ns3_runs hold-100|hold-10k|post OPERATIONS\n");
    return 64;
  }
  const std::uint64_t operations = std::strtoull(argv[2], nullptr, 10);
  leasehold::bench::Hold hold(operations);
  std::printf("%.3f\n", hold.run(pending.at(argv[1])) / static_cast<double>(operations));
  ns3::Simulator::Destroy();
}
