#include "checkers/linearizability/invocation_order.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace leasehold::checkers {
namespace {

/// So many positions fall into a bucket, which is those of two events of a file.
constexpr Position kBucket = 8;
constexpr std::size_t kMostBucketsPerCall = 4;

/// Puts in order what is in order but for neighbours within a bucket.
void sort_within_buckets(const LockHistory& history, std::vector<std::uint32_t>& order) {
  for (std::size_t i = 1; i < order.size(); ++i) {
    for (std::size_t j = i; j > 0; --j) {
      if (history[order[j - 1]].invoked <= history[order[j]].invoked) break;
      std::swap(order[j - 1], order[j]);
    }
  }
}

}  // namespace

std::vector<std::uint32_t> by_invocation(const LockHistory& history) {
  Position last = 0;
  for (const LockCall& call : history) last = std::max(last, call.invoked);
  if (last / kBucket > kMostBucketsPerCall * history.size()) {
    return in_order(history, [](const LockCall& call) { return call.invoked; });
  }
  std::vector<std::uint32_t> next(last / kBucket + 2, 0);  // place in the order, by bucket
  for (const LockCall& call : history) ++next[call.invoked / kBucket + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint32_t> order(history.size());
  for (std::uint32_t i = 0; i < history.size(); ++i) {
    order[next[history[i].invoked / kBucket]++] = i;
  }
  sort_within_buckets(history, order);
  return order;
}

}  // namespace leasehold::checkers
