#include "checkers/histogram.hpp"

#include <algorithm>

namespace leasehold::checkers {

std::int64_t Histogram::upper_end(Bucket bucket) {
  if (bucket.octave == 0) return static_cast<std::int64_t>(bucket.slot);
  const std::uint64_t next = std::uint64_t{kPageSize + bucket.slot + 1} << (bucket.octave - 1);
  return static_cast<std::int64_t>(next - 1);
}

namespace {

/// Of a length that the compiler does not know, so that it leaves the loop to the library's.
[[gnu::noinline]] void make_zero(std::uint64_t* begin, const std::uint64_t* end) {
  std::fill_n(begin, end - begin, std::uint64_t{0});
}

}  // namespace

void Histogram::begin_page(std::size_t octave) {
  const std::size_t used = pages_ * kPageSize;
  if (counts_.size() == used) counts_.resize(used + kPageSize);
  make_zero(counts_.data() + used, counts_.data() + used + kPageSize);
  page_of_[octave] = static_cast<std::uint8_t>(++pages_);
}

const std::uint64_t* Histogram::page_if_used(std::size_t octave) const {
  if (page_of_[octave] == 0) return nullptr;
  return counts_.data() + (page_of_[octave] - std::size_t{1}) * kPageSize;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t octave = 0; octave < kOctaves; ++octave) {
    if (other.page_of_[octave] == 0) continue;
    std::uint64_t* into = page(octave);
    const std::uint64_t* from = other.page_if_used(octave);
    for (std::size_t slot = 0; slot < kPageSize; ++slot) into[slot] += from[slot];
  }
  min_ns_ = std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
  sum_ns_ += other.sum_ns_;
  count_ += other.count_;
}

void Histogram::clear() {
  if (count_ == 0) return;
  page_of_.fill(0);
  pages_ = 0;
  count_ = 0;
  sum_ns_ = 0;
  min_ns_ = std::numeric_limits<std::int64_t>::max();
  max_ns_ = 0;
}

std::optional<std::int64_t> Histogram::min_ns() const {
  return count_ == 0 ? std::nullopt : std::optional(min_ns_);
}

std::optional<std::int64_t> Histogram::max_ns() const {
  return count_ == 0 ? std::nullopt : std::optional(max_ns_);
}

std::optional<std::int64_t> Histogram::mean_ns() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<std::int64_t>((sum_ns_ + count_ / 2) / count_);
}

std::uint64_t Histogram::rank(Quantile p, std::uint64_t count) {
  LH_ASSERT(p.denominator > 0);
  LH_ASSERT(p.numerator <= p.denominator);
  LH_ASSERT(count > 0);
  const Sum scaled = Sum{count} * p.numerator;
  const auto rank = static_cast<std::uint64_t>((scaled + p.denominator - 1) / p.denominator);
  return std::max<std::uint64_t>(rank, 1);
}

std::optional<std::int64_t> Histogram::quantile_ns(Quantile p) const {
  if (count_ == 0) return std::nullopt;
  return value_at_rank(rank(p, count_));
}

std::int64_t Histogram::value_at_rank(std::uint64_t rank) const {
  LH_ASSERT(rank >= 1);
  LH_ASSERT(rank <= count_);
  std::uint64_t seen = 0;
  for (std::size_t octave = 0; octave < kOctaves; ++octave) {
    const std::uint64_t* counts = page_if_used(octave);
    if (counts == nullptr) continue;
    for (std::size_t slot = 0; slot < kPageSize; ++slot) {
      seen += counts[slot];
      if (seen >= rank) return std::min(upper_end({octave, slot}), max_ns_);
    }
  }
  return max_ns_;
}

bool operator==(const Histogram& a, const Histogram& b) {
  if (a.count_ != b.count_ || a.sum_ns_ != b.sum_ns_) return false;
  if (a.min_ns_ != b.min_ns_ || a.max_ns_ != b.max_ns_) return false;
  for (std::size_t octave = 0; octave < Histogram::kOctaves; ++octave) {
    const std::uint64_t* in_a = a.page_if_used(octave);
    const std::uint64_t* in_b = b.page_if_used(octave);
    // A page is used only once it counts something, so a page of one side alone is a difference.
    if ((in_a == nullptr) != (in_b == nullptr)) return false;
    if (in_a != nullptr && !std::equal(in_a, in_a + Histogram::kPageSize, in_b)) return false;
  }
  return true;
}

CensoredHistogram::Value CensoredHistogram::quantile_ns(Quantile p) const {
  const std::uint64_t total = served.count() + unserved.count();
  if (total == 0) return {};
  Histogram all = served;
  all.merge(unserved);
  const std::uint64_t wanted = Histogram::rank(p, total);
  if (wanted > served.count()) return {std::nullopt, all.quantile_ns(p)};
  return {served.value_at_rank(wanted), std::nullopt};
}

void CensoredHistogram::merge(const CensoredHistogram& other) {
  served.merge(other.served);
  unserved.merge(other.unserved);
}

void CensoredHistogram::clear() {
  served.clear();
  unserved.clear();
}

}  // namespace leasehold::checkers
