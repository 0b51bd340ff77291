#pragma once

#include <string_view>

namespace leasehold::scenarios {

/// `*` stands for any run of characters, `?` for any one.
bool matches(std::string_view glob, std::string_view text);

}  // namespace leasehold::scenarios
