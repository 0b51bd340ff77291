#include "checkers/formats/edn_reader.hpp"
#include "tests/fuzz/history_fuzz.hpp"

/// Jepsen's histories: maps of EDN.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  static const ChosenSpecification specification = find_specification("owner-mutex").value();
  return fuzz::try_format<EdnReader>(data, size, specification);
}
