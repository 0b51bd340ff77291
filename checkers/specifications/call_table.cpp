#include "checkers/specifications/call_table.hpp"

#include <algorithm>

namespace leasehold::checkers {
namespace {

std::uint32_t narrow(std::uint64_t line) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(line, kMost));
}

std::optional<std::int64_t> unless(std::int64_t none, std::int64_t time) {
  return time == none ? std::nullopt : std::optional(time);
}

}  // namespace

void CallTable::push_back(const CheckedCall& call) {
  const bool narrow_process =
      call.process > kWide && call.process <= std::numeric_limits<std::int32_t>::max();
  if (!narrow_process) wide_[rows_.size()] = call.process;
  if (call.invoked_ns || call.answered_ns) {
    times_.resize(rows_.size(), {kNoTime, kNoTime});
    times_.push_back({call.invoked_ns.value_or(kNoTime), call.answered_ns.value_or(kNoTime)});
  }
  if (wants_text()) {
    texts_ += call.text;
    text_ends_.push_back(static_cast<std::uint32_t>(texts_.size()));
  }
  rows_.push_back({narrow_process ? static_cast<std::int32_t>(call.process) : kWide, call.invoked,
                   call.responded, narrow(call.line), narrow(call.answered_line)});
}

CheckedCall CallTable::operator[](std::size_t call) const {
  const Row& row = rows_[call];
  CheckedCall shown;
  shown.process = row.process == kWide ? wide_.at(call) : row.process;
  shown.invoked = row.invoked;
  shown.responded = row.responded;
  shown.line = row.line;
  shown.answered_line = row.answered_line;
  if (call < times_.size()) {
    shown.invoked_ns = unless(kNoTime, times_[call].invoked);
    shown.answered_ns = unless(kNoTime, times_[call].answered);
  }
  if (call < text_ends_.size()) {
    const std::size_t begin = call == 0 ? 0 : text_ends_[call - 1];
    shown.text = std::string_view(texts_).substr(begin, text_ends_[call] - begin);
  }
  return shown;
}

std::size_t CallTable::bytes() const {
  constexpr std::size_t kNode = 64;  // of the map, about
  return rows_.size() * sizeof(Row) + times_.size() * sizeof(Times) +
         text_ends_.size() * sizeof(std::uint32_t) + texts_.capacity() + wide_.size() * kNode;
}

}  // namespace leasehold::checkers
