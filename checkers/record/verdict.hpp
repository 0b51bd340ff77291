#pragma once

#include <cstdint>

namespace leasehold::checkers {

/// What a checker says of one property in one run. A timeout, a full budget or a missing record is
/// `unknown`, never one of the first two.
enum class Verdict : std::uint8_t { holds, violated, unknown, not_applicable };

}  // namespace leasehold::checkers
