#include "checkers/formats/edn_reader.hpp"
#include "tests/fuzz/history_fuzz.hpp"

/// The key-value logs that Porcupine is tested with.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  static const ChosenSpecification specification = find_specification("kv").value();
  return fuzz::try_format<EdnReader>(data, size, specification);
}
