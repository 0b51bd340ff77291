#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/formats/json_reader.hpp"
#include "checkers/formats/log_reader.hpp"
#include "checkers/formats/open_history.hpp"
#include "checkers/formats/write_event.hpp"
#include "support/assert.hpp"

/// Any bytes as a history of each format. Whatever they are, the answer is events or a place and
/// what was expected there; the same in whatever pieces the bytes come; and what was read survives
/// being written and read again.
namespace leasehold::checkers {
namespace {

struct Read {
  std::vector<RecordedEvent> events;
  std::optional<support::Diagnostic> error;
};

Read read_all(EventReader& reader) {
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

template <class Reader>
Read read_as(std::string_view text, std::size_t piece) {
  TextSource source(text, piece);
  Reader reader(source);
  return read_all(reader);
}

void must_survive(const std::vector<RecordedEvent>& events) {
  std::string as_edn;
  std::string as_json = json_lines_header();
  for (const RecordedEvent& event : events) {
    append_edn(as_edn, event);
    append_json(as_json, event);
  }
  LH_ASSERT(read_as<EdnReader>(as_edn, as_edn.size()).events == events);
  LH_ASSERT(read_as<JsonReader>(as_json, as_json.size()).events == events);
}

template <class Reader>
void try_reader(std::string_view text) {
  const Read whole = read_as<Reader>(text, text.size() + 1);
  const Read pieces = read_as<Reader>(text, 7);
  LH_ASSERT(whole.events == pieces.events);
  LH_ASSERT(whole.error == pieces.error);
  must_survive(whole.events);
}

}  // namespace
}  // namespace leasehold::checkers

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leasehold::checkers;
  if (size == 0) return 0;
  // The first byte says as what to read the others.
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      try_reader<EdnReader>(text);
      break;
    case 1:
      try_reader<JsonReader>(text);
      break;
    case 2:
      try_reader<LogReader>(text);
      break;
    default:
      if (auto opened = open_history(std::make_unique<TextSource>(text))) {
        must_survive(read_all(*opened->events).events);
      }
  }
  return 0;
}
