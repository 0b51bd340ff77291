#pragma once

#include <string>

#include "scenarios/incident/reproduction.hpp"

/// Runs of the locks that leasehold knows.
namespace leasehold::scenarios::test {

inline const models::AlgorithmRegistry& registry() {
  static const models::AlgorithmRegistry kRegistry = models::built_in_algorithms();
  return kRegistry;
}

/// What the recipe's seed draws.
inline Reproduction drawn(const std::string& recipe) {
  return reproduction_of(registry(), recipe).value();
}

}  // namespace leasehold::scenarios::test
