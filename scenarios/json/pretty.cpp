#include "scenarios/json/pretty.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWidth = 100;
constexpr std::size_t kIndent = 2;

/// Bytes that are no UTF-8 come out as U+FFFD.
std::string scalar(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string on_one_line(const Json& value) {
  if (!value.is_structured()) return scalar(value);
  std::string text(1, value.is_object() ? '{' : '[');
  for (auto item = value.begin(); item != value.end(); ++item) {
    if (item != value.begin()) text += ", ";
    if (value.is_object()) text += scalar(item.key()) + ": ";
    text += on_one_line(*item);
  }
  return text + (value.is_object() ? '}' : ']');
}

class Printer {
 public:
  void print(const Json& value, std::size_t indent, std::size_t column) {
    const std::string line = on_one_line(value);
    // One column is left for the comma that may follow.
    if (!value.is_structured() || value.empty() || column + line.size() < kWidth) {
      text_ += line;
    } else if (value.is_array() && std::none_of(value.begin(), value.end(), [](const Json& item) {
                 return item.is_structured();
               })) {
      fill(value, indent + kIndent);
    } else {
      break_up(value, indent + kIndent);
    }
  }

  std::string take() { return std::move(text_) + "\n"; }

 private:
  void begin_line(std::size_t indent) { text_ += "\n" + std::string(indent, ' '); }

  void fill(const Json& list, std::size_t indent) {
    text_ += '[';
    std::size_t column = kWidth;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string item = scalar(list[i]) + (i + 1 < list.size() ? "," : "");
      if (column + 1 + item.size() > kWidth) {
        begin_line(indent);
        column = indent;
      } else {
        text_ += ' ';
        ++column;
      }
      text_ += item;
      column += item.size();
    }
    begin_line(indent - kIndent);
    text_ += ']';
  }

  void break_up(const Json& value, std::size_t indent) {
    text_ += value.is_object() ? '{' : '[';
    for (auto item = value.begin(); item != value.end(); ++item) {
      if (item != value.begin()) text_ += ',';
      begin_line(indent);
      const std::string key = value.is_object() ? scalar(item.key()) + ": " : "";
      text_ += key;
      print(*item, indent, indent + key.size());
    }
    begin_line(indent - kIndent);
    text_ += value.is_object() ? '}' : ']';
  }

  std::string text_;
};

}  // namespace

std::string pretty(const Json& value) {
  Printer printer;
  printer.print(value, 0, 0);
  return printer.take();
}

}  // namespace leasehold::scenarios
