#pragma once

#include <string>
#include <string_view>

#include "checkers/formats/event_fields.hpp"
#include "checkers/formats/scanner.hpp"

namespace leasehold::checkers {

/// leasehold's own histories, documented in docs/histories.md: JSON Lines, an event a line. An
/// array of such objects is read as well, and so are lines without the version before them.
class JsonReader final : public Scanner {
 public:
  explicit JsonReader(ByteSource& source) : Scanner(source) {}

 private:
  enum class Wrapping : std::uint8_t { unknown, none, array, closed };

  Found read_record(RecordedEvent& event) override;
  Found read_object(RecordedEvent& event);
  bool read_field(EventBuilder& builder, bool& version);
  bool skip_blank();
  /// The blank before it, the character, which must be there, and the blank after it.
  bool expect(char c, const char* what);
  /// True at the `close` of an object or an array, which is passed; `first`: nothing stood in it.
  bool at_close(char close, bool first, bool& closed, const char* what);

  bool read_form(Value& value) override;
  bool read_word(Value& value);
  bool read_array(Value& value);
  bool read_map(Value& value);
  bool read_special(Value& value);
  bool read_key(Value& key);

  Wrapping wrapping_ = Wrapping::unknown;
};

}  // namespace leasehold::checkers
