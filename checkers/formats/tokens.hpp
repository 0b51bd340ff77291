#pragma once

#include <string>
#include <string_view>

#include "checkers/formats/value.hpp"

/// The words of EDN: what may stand unquoted, and what it means.
namespace leasehold::checkers {

/// White space, as EDN has it: the comma is some.
bool is_blank(char c);
/// What ends a token: a blank, a bracket, a quote or a semicolon.
bool is_delimiter(char c);

/// What may follow the colon of a keyword, and what may be a symbol.
bool is_keyword(std::string_view text);
bool is_symbol(std::string_view text);
bool is_character(std::string_view text);

/// Reads a number as EDN spells it (JSON's are some of them) into an integer or, if it is not one
/// or has more than 64 bits, a `number`. False if it is none.
bool read_number(std::string_view text, Value& value);

/// Appends the code point to the text as UTF-8. False if there is no such.
bool append_utf8(std::string& text, std::uint32_t code_point);

/// The value of a hexadecimal digit, or -1.
int hex_digit(char c);

}  // namespace leasehold::checkers
