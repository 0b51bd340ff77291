#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scenarios/incident/incident.hpp"
#include "scenarios/json/problems.hpp"
#include "support/assert.hpp"

/// Any bytes as an incident file. Whatever they are, the answer is an incident or diagnostics; an
/// incident survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto incident = scenarios::parse_incident(text, "fuzz.json");
  if (!incident) {
    LH_ASSERT(!incident.error().empty());
    LH_ASSERT(incident.error().size() <= scenarios::Problems::kMost);
    for (const support::Diagnostic& diagnostic : incident.error()) {
      LH_ASSERT(!diagnostic.message.empty());
      LH_ASSERT(diagnostic.text().find('\n') == std::string::npos);
    }
    return 0;
  }
  const auto again = scenarios::parse_incident(scenarios::to_text(*incident), "fuzz.json");
  LH_ASSERT(again.has_value());
  LH_ASSERT(*again == *incident);
  return 0;
}
