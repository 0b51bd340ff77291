#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace leasehold::scenarios {

/// JSON for people: what fits into 100 columns stands on one line, longer lists of numbers and
/// words fill theirs, everything else is indented by two. Ends with a line end.
std::string pretty(const nlohmann::ordered_json& value);

}  // namespace leasehold::scenarios
