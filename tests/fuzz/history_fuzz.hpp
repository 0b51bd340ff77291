#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/formats/json_reader.hpp"
#include "checkers/formats/write_event.hpp"
#include "checkers/specifications/check_history.hpp"
#include "support/assert.hpp"

/// Any bytes as a history of a format: one target for each parser. Whatever they are, the answer is
/// events or a place and what was expected there; the same in whatever pieces the bytes come; what
/// was read survives being written and read again; and the verdict on it is the one that its proof
/// leads to.
namespace leasehold::checkers::fuzz {

struct Read {
  std::vector<RecordedEvent> events;
  std::optional<support::Diagnostic> error;
};

template <class Reader>
Read read_as(std::string_view text, std::size_t piece) {
  TextSource source(text, piece);
  Reader reader(source);
  Read read;
  RecordedEvent event;
  while (reader.next(event)) read.events.push_back(event);
  read.error = reader.error();
  if (read.error) {
    LH_ASSERT(read.error->line >= 1 && read.error->column >= 1);
    LH_ASSERT(!read.error->message.empty());
  }
  return read;
}

inline void must_survive(const std::vector<RecordedEvent>& events) {
  std::string as_edn;
  std::string as_json = json_lines_header();
  for (const RecordedEvent& event : events) {
    append_edn(as_edn, event);
    append_json(as_json, event);
  }
  LH_ASSERT(read_as<EdnReader>(as_edn, as_edn.size()).events == events);
  LH_ASSERT(read_as<JsonReader>(as_json, as_json.size()).events == events);
}

/// A proof, where every order can be tried, must hold.
inline void must_be_proved(const CheckedHistory& history) {
  constexpr std::size_t kMostCalls = 8;
  const HistoryJudgement& judgement = history.judgement;
  if (judgement.verdict == Verdict::holds) {
    LH_ASSERT(history.judge->proves(judgement.order));
  }
  if (judgement.verdict != Verdict::violated || history.calls.size() > kMostCalls) return;
  const auto refuted = judgement.contradiction.empty()
                           ? history.judge->refutes_until(judgement.blocked.value())
                           : history.judge->refutes(judgement.contradiction);
  LH_ASSERT(refuted.value_or(true));
}

/// Opens the bytes as `leasehold check` does, which recognises the format by the content.
inline void try_check(std::string_view text, const ChosenSpecification& specification) {
  CheckOptions options;
  options.specification = specification;
  options.budget.steps = 2'000;
  options.budget.bytes = std::size_t{1} << 20;
  options.certify = true;
  auto history = read_history(std::make_unique<TextSource>(text), options);
  if (!history) {
    for (const support::Diagnostic& problem : history.error()) LH_ASSERT(!problem.message.empty());
    return;
  }
  judge_history(*history, options);
  must_be_proved(*history);
}

template <class Reader>
int try_format(const std::uint8_t* data, std::size_t size,
               const ChosenSpecification& specification) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Read whole = read_as<Reader>(text, text.size() + 1);
  const Read pieces = read_as<Reader>(text, 7);
  LH_ASSERT(whole.events == pieces.events);
  LH_ASSERT(whole.error == pieces.error);
  must_survive(whole.events);
  try_check(text, specification);
  return 0;
}

}  // namespace leasehold::checkers::fuzz
