#include "checkers/formats/log_reader.hpp"
#include "tests/fuzz/history_fuzz.hpp"

/// The etcd logs that Porcupine is tested with.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  static const ChosenSpecification specification = find_specification("cas-register").value();
  return fuzz::try_format<LogReader>(data, size, specification);
}
