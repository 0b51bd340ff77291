#include "checkers/formats/log_reader.hpp"
#include "tests/fuzz/history_fuzz.hpp"

/// Jepsen's history.txt and jepsen.log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  static const ChosenSpecification specification = find_specification("mutex").value();
  return fuzz::try_format<LogReader>(data, size, specification);
}
