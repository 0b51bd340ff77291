#include "reports/svg.hpp"

#include <algorithm>
#include <cmath>

#include "reports/number.hpp"
#include "reports/page_kit.hpp"

namespace leasehold::reports::svg {

std::string number(double value) {
  const std::string text = fixed_point(std::llround(value * 10), 1);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string at(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

std::string rect(std::string_view kind, double x, double y, double width, double height,
                 std::string_view title) {
  std::string out = "<rect" + attribute("class", kind) + at("x", x) + at("y", y) +
                    at("width", std::max(width, 1.0)) + at("height", height);
  if (title.empty()) return out + "/>";
  return out + "><title>" + escaped(title) + "</title></rect>";
}

std::string line(std::string_view kind, double x1, double y1, double x2, double y2,
                 std::string_view title) {
  std::string out = "<line" + attribute("class", kind) + at("x1", x1) + at("y1", y1) +
                    at("x2", x2) + at("y2", y2);
  if (title.empty()) return out + "/>";
  return out + "><title>" + escaped(title) + "</title></line>";
}

std::string label(std::string_view kind, double x, double y, std::string_view text) {
  return "<text" + attribute("class", kind) + at("x", x) + at("y", y) + ">" + escaped(text) +
         "</text>";
}

}  // namespace leasehold::reports::svg
