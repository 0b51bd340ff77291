#include "checkers/formats/json_reader.hpp"
#include "tests/fuzz/history_fuzz.hpp"

/// leasehold's own format: JSON Lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  static const ChosenSpecification specification = find_specification("leased-mutex").value();
  return fuzz::try_format<JsonReader>(data, size, specification);
}
