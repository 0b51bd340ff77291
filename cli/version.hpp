#pragma once

namespace leasehold::cli {

inline constexpr const char* kEngineVersion = "0.1.0";

}  // namespace leasehold::cli
