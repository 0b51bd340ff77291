#pragma once

#include <string_view>

#include "checkers/formats/event_fields.hpp"
#include "checkers/formats/scanner.hpp"
#include "support/expected.hpp"

namespace leasehold::checkers {

/// Reads EDN values from a scanner's window. Discards (`#_`), comments and metadata are skipped, a
/// tagged form is read as the form.
class EdnScanner : public Scanner {
 protected:
  using Scanner::Scanner;

  /// False if the window ends before the next form begins, or before a comment or a discard ends.
  /// At the end of the file it is true, and at_end().
  bool skip_blank();
  /// REQUIRES: at a `#`. Past the tag, if it is one, and the blank after it.
  bool skip_tag();
  /// From here up to the next delimiter.
  bool read_token(std::string_view& token);

 private:
  bool skip_discard();
  bool read_form(Value& value) override;
  bool read_dispatch(Value& value);
  bool read_keyword(Value& value);
  bool read_character(Value& value);
  bool read_word(Value& value);
  bool read_items(Value& value, char close);
};

/// Jepsen's histories, and Porcupine's of its key-value store: one map a line, or one vector or
/// list of maps.
class EdnReader final : public EdnScanner {
 public:
  explicit EdnReader(ByteSource& source) : EdnScanner(source) {}

 private:
  enum class Wrapping : std::uint8_t { unknown, none, list, vector, closed };

  Found read_record(RecordedEvent& event) override;
  bool read_event(RecordedEvent& event);
  bool read_field(EventBuilder& builder);

  Wrapping wrapping_ = Wrapping::unknown;
};

/// A single EDN value, as in `--initial`.
support::Expected<Value> parse_edn(std::string_view text);

}  // namespace leasehold::checkers
