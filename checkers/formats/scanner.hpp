#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "checkers/formats/byte_source.hpp"
#include "checkers/formats/event_reader.hpp"
#include "checkers/formats/value.hpp"

namespace leasehold::checkers {

/// What the readers of all formats share: a window over the source that holds the record being read
/// and is as long as the longest of them, and where in the file one is. A record that does not end
/// within the window is read again from its beginning once the window has grown.
class Scanner : public EventReader {
 public:
  bool next(RecordedEvent& event) final;

 protected:
  /// `stopped`: the record could not be read; ask again with more of the file, unless it is wrong.
  enum class Found : std::uint8_t { event, nothing, end, stopped };

  /// How many forms may stand within one another, or tags before one.
  static constexpr int kDeepest = 100;

  explicit Scanner(ByteSource& source);

  /// Reads one record. REQUIRES of the reader: that it returns `stopped` exactly after ran_out() or
  /// wrong().
  virtual Found read_record(RecordedEvent& event) = 0;
  /// Reads a value of the format into one that read_value() has emptied but for its kind.
  virtual bool read_form(Value& value) = 0;

  bool read_value(Value& value);

  [[nodiscard]] bool at_end() const { return at_ == size_; }
  [[nodiscard]] char here() const { return window_[at_]; }
  [[nodiscard]] const char* pointer() const { return window_.get() + at_; }
  [[nodiscard]] const char* limit() const { return window_.get() + size_; }
  [[nodiscard]] std::string_view rest() const { return {pointer(), size_ - at_}; }
  void move_to(const char* where) { at_ = static_cast<std::size_t>(where - window_.get()); }
  void skip(std::size_t bytes) { at_ += bytes; }
  /// To be called after each line end that was passed.
  void new_line() {
    ++line_;
    counted_ = at_;
    column_ = 1;
  }
  /// Where the reader is.
  Place place();
  /// From here on, nothing before is needed again.
  void commit();

  /// False, for the caller to return: the window ends within `what`, as in "a string".
  bool ran_out(std::string_view what);
  /// False, likewise: the file is wrong here.
  bool wrong(std::string message, std::string expected = "");
  bool wrong_at(Place place, std::string message, std::string expected = "",
                std::string nearest = "");

  /// REQUIRES: at the quote that opens it. The escapes of EDN and JSON.
  bool read_string(std::string& text);

  /// Hides from a reader of lines what follows the line.
  std::size_t limit_to(std::size_t bytes) {
    const std::size_t whole = size_;
    size_ = at_ + bytes;
    limited_ = true;
    return whole;
  }
  void lift_limit(std::size_t whole) {
    size_ = whole;
    limited_ = false;
  }
  /// Whether what touches the end of the window ends there.
  [[nodiscard]] bool is_last_window() const { return final_ || limited_; }

 private:
  static constexpr std::size_t kWindow = std::size_t{1} << 18;
  static constexpr std::size_t kLongestRecord = std::size_t{1} << 26;

  bool grow();
  bool read_escape(const char*& at, std::string& text);
  bool read_code_point(const char*& at, std::string& text);
  bool read_code_unit(const char*& at, std::uint32_t& unit);

  ByteSource& source_;
  std::unique_ptr<char[]> window_;
  std::size_t capacity_ = 0;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  int depth_ = 0;         ///< of the forms being read
  bool final_ = false;    ///< nothing of the source is left beyond the window
  bool limited_ = false;  ///< as if it were so
  // The code points from counted_ to at_ are not in column_ yet.
  std::uint64_t line_ = 1;
  std::uint32_t column_ = 1;
  std::size_t counted_ = 0;
  struct Mark {
    std::size_t at = 0;
    std::uint64_t line = 1;
    std::uint32_t column = 1;
  };
  Mark record_;  ///< where the record being read begins
};

}  // namespace leasehold::checkers
