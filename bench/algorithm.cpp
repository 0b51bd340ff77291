#include "bench/algorithm.hpp"

#include <cstdio>

namespace leasehold::bench {

std::optional<scenarios::ResolvedCell> find_cell(const std::string& scenario,
                                                 const std::string& algorithm) {
  static const models::AlgorithmRegistry registry = models::built_in_algorithms();
  scenarios::Selection selection;
  selection.scenarios = {scenario};
  selection.algorithms = {algorithm};
  auto cells = scenarios::resolve(registry, selection);
  if (cells) return cells.value().front();
  std::fprintf(stderr, "%s\n", support::text(cells.error()).c_str());
  return std::nullopt;
}

}  // namespace leasehold::bench
