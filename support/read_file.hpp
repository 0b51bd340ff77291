#pragma once

#include <cstddef>
#include <string>

#include "support/expected.hpp"

namespace leasehold::support {

/// The whole of a file of at most `most` bytes. The error says what hinders.
Expected<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace leasehold::support
