#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace leasehold::support {

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`, each
/// place edited at most once (optimal string alignment). Letters of either case are equal, and so
/// are `-` and `_`. Time and memory: the product of the lengths.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that a mistyped `word` most likely stands for, the first of equals; empty if none
/// is close: at most one edit per three letters, rounded, but one is always allowed.
std::string nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace leasehold::support
