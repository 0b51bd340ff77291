#pragma once

#include <string>
#include <string_view>

/// The elements that pictures are made of; the kind is what the style knows them by, and a title
/// what is told to whoever points at one.
namespace leasehold::reports::svg {

/// With one decimal at most.
std::string number(double value);

/// ` name="value"`
std::string at(std::string_view name, double value);

std::string rect(std::string_view kind, double x, double y, double width, double height,
                 std::string_view title = "");

std::string line(std::string_view kind, double x1, double y1, double x2, double y2,
                 std::string_view title = "");

std::string label(std::string_view kind, double x, double y, std::string_view text);

}  // namespace leasehold::reports::svg
