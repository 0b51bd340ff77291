#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Lines of UTF-8 text on a terminal. Widths are in columns: most characters take one, those of
/// East Asian scripts and emoji two, combining ones none.
namespace leasehold::reports {

std::size_t display_width(std::string_view text);

/// Names come from files: whatever a terminal would act upon, and what is not UTF-8, becomes
/// U+FFFD. Line ends stay.
std::string printable(std::string_view text);

/// At most so wide, with `…` for what was cut off. REQUIRES: width > 0.
std::string abbreviate(std::string_view text, std::size_t width);

/// At least so wide, with blanks at the end.
std::string padded(std::string_view text, std::size_t width);

std::string joined(const std::vector<std::string>& items, std::string_view separator);

enum class Break : std::uint8_t {
  at_spaces,
  at_hyphens_too,  ///< the hyphen stays on the upper line
};

/// Lines at most so wide, broken at line ends and where allowed, but never between a number and its
/// unit; a longer word is abbreviated.
/// Never empty. REQUIRES: width > 0.
std::vector<std::string> wrap(std::string_view text, std::size_t width,
                              Break where = Break::at_spaces);

/// The least width at which wrap() abbreviates nothing.
std::size_t unbreakable_width(std::string_view text, Break where = Break::at_spaces);

/// The paragraph with so many spaces before every line but the first, each line with a line end.
std::string paragraph(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace leasehold::reports
