#include "checkers/formats/open_history.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/formats/json_reader.hpp"
#include "checkers/formats/log_reader.hpp"
#include "checkers/formats/tokens.hpp"

namespace leasehold::checkers {
namespace {

constexpr std::size_t kLooked = std::size_t{1} << 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A source of which the beginning has been read already.
class Resumed final : public ByteSource {
 public:
  Resumed(std::string begun, std::unique_ptr<ByteSource> rest)
      : begun_(std::move(begun)), rest_(std::move(rest)) {}
  std::size_t read(char* into, std::size_t most) override {
    if (given_ == begun_.size()) return rest_->read(into, most);
    const std::size_t count = begun_.copy(into, most, given_);
    given_ += count;
    return count;
  }

 private:
  std::string begun_;
  std::size_t given_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

/// Keeps what a reader reads from.
template <class Reader>
class Owning final : public EventReader {
 public:
  explicit Owning(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), reader_(*source_) {}
  bool next(RecordedEvent& event) override {
    if (reader_.next(event)) return true;
    error_ = reader_.error();
    return false;
  }

 private:
  std::unique_ptr<ByteSource> source_;
  Reader reader_;
};

std::string read_beginning(ByteSource& source) {
  std::string text(kLooked, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const std::size_t count = source.read(text.data() + size, text.size() - size);
    if (count == 0) break;
    size += count;
  }
  text.resize(size);
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return text;
}

std::optional<HistoryFormat> format_of_log(std::string_view text) {
  for (LogTail tail; !text.empty();) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!find_log_tail(line, tail)) continue;
    const bool porcupine = line.substr(0, tail.begin).ends_with("jepsen.util - ");
    return porcupine ? HistoryFormat::porcupine_log : HistoryFormat::jepsen_log;
  }
  return std::nullopt;
}

/// Past blanks and EDN's comments.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == ';')) {
    const std::size_t line = text.front() == ';' ? text.find('\n') : 0;
    text.remove_prefix(std::min(line, text.size() - 1) + 1);
  }
  return text;
}

std::optional<HistoryFormat> format_of(std::string_view whole) {
  std::string_view text = trimmed(whole);
  if (text.empty()) return HistoryFormat::json_lines;  // nothing happened, in any format
  const bool wrapped = text.front() == '[' || text.front() == '(';
  if (wrapped) text = trimmed(text.substr(1));
  if (wrapped && text.empty()) return HistoryFormat::edn;
  constexpr std::string_view kEdnForms = "{#^])";
  if (kEdnForms.find(text.front()) == std::string_view::npos) return format_of_log(whole);
  // JSON has its braces in common with EDN, but the first key of an event tells them apart.
  const std::string_view inside = trimmed(text.substr(1));
  if (text.front() == '{' && inside.starts_with('"')) return HistoryFormat::json_lines;
  const bool key = text.substr(0, text.find('\n')).find(":key ") != std::string_view::npos;
  return key ? HistoryFormat::porcupine_kv : HistoryFormat::edn;
}

}  // namespace

std::string_view name_of(HistoryFormat format) {
  switch (format) {
    case HistoryFormat::json_lines:
      return "JSON Lines";
    case HistoryFormat::edn:
      return "EDN";
    case HistoryFormat::porcupine_kv:
      return "Porcupine's key-value log";
    case HistoryFormat::jepsen_log:
      return "Jepsen's log";
    case HistoryFormat::porcupine_log:
      break;
  }
  return "Porcupine's etcd log";
}

ReadingRules rules_of(HistoryFormat format) {
  ReadingRules rules;
  rules.nil_is_absent = format == HistoryFormat::porcupine_log;
  rules.failed_cas_compared = format == HistoryFormat::porcupine_log;
  if (format == HistoryFormat::porcupine_kv) rules.initial = Value::string("");
  return rules;
}

support::Expected<OpenHistory> open_history(std::unique_ptr<ByteSource> source) {
  std::string text = read_beginning(*source);
  const std::optional<HistoryFormat> format = format_of(text);
  auto whole = std::make_unique<Resumed>(std::move(text), std::move(source));
  if (!format) {
    support::Diagnostic diagnostic;
    diagnostic.line = 1;
    diagnostic.column = 1;
    diagnostic.message = "no history of a known format";
    diagnostic.expected = "JSON Lines, EDN, or the lines of a Jepsen log";
    return support::Diagnostics{diagnostic};
  }
  switch (*format) {
    case HistoryFormat::json_lines:
      return OpenHistory{*format, std::make_unique<Owning<JsonReader>>(std::move(whole))};
    case HistoryFormat::edn:
    case HistoryFormat::porcupine_kv:
      return OpenHistory{*format, std::make_unique<Owning<EdnReader>>(std::move(whole))};
    default:
      return OpenHistory{*format, std::make_unique<Owning<LogReader>>(std::move(whole))};
  }
}

}  // namespace leasehold::checkers
