#include "reports/page_kit.hpp"

#include "reports/text.hpp"

namespace leasehold::reports {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::int64_t value) {
  return " " + std::string(name) + "=\"" + std::to_string(value) + "\"";
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

std::string scrolled(std::string_view name, const std::string& wide) {
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\"" + attribute("aria-label", name) +
         ">" + wide + "</div>\n";
}

std::string page_text(const Page& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '";
  out += page.style.hash;
  out += "'";
  if (page.script) out += "; script-src '" + std::string(page.script->hash) + "'";
  out += "; base-uri 'none'; form-action 'none'\">";
  out += "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(page.title) +
         "</title><style>";
  out += page.style.text;
  out += "</style></head><body>\n" + page.body;
  if (page.script) out += "<script>" + std::string(page.script->text) + "</script>\n";
  return out + "</body></html>\n";
}

namespace {

/// As escaped() does for markup: nothing in a name turns the direction of writing, or is no text.
void make_printable(nlohmann::ordered_json& value) {
  if (value.is_string()) {
    value = printable(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (nlohmann::ordered_json& part : value) make_printable(part);
  }
}

}  // namespace

// Without these three letters no text can be taken for markup, and beyond ASCII all is escaped.
std::string data_block(std::string_view id, nlohmann::ordered_json data) {
  make_printable(data);
  using ErrorHandler = nlohmann::ordered_json::error_handler_t;
  std::string out = "<script type=\"application/json\"" + attribute("id", id) + ">";
  for (const char c : data.dump(-1, ' ', true, ErrorHandler::replace)) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out + "</script>\n";
}

}  // namespace leasehold::reports
