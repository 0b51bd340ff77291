#pragma once

#include <string>
#include <vector>

namespace leasehold::support {

/// What is wrong with an input, where, and what would have been accepted. Bad input (a file, a
/// flag, a history) is always told in this form and never asserted.
struct Diagnostic {
  std::string file;      ///< as the user named it; may be a flag such as `--set scenario.lease`
  int line = 0;          ///< from 1; 0 if the input has no lines
  int column = 0;        ///< from 1, in code points
  std::string pointer;   ///< JSON pointer of the value, empty for the whole document
  std::string message;   ///< what is wrong, without a full stop
  std::string expected;  ///< what would have been accepted; empty if the message says it
  std::string nearest;   ///< the nearest valid word, empty if none is close

  /// `FILE:LINE:COLUMN: POINTER: MESSAGE; did you mean "…"? expected …`, without a line end.
  std::string text() const;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// All that is wrong with one input, in the order of the input; never empty where it is an error.
using Diagnostics = std::vector<Diagnostic>;

/// One line per diagnostic, each with a line end.
std::string text(const Diagnostics& diagnostics);

/// `word` in double quotes for a message: control characters escaped, at most 60 characters.
std::string quoted(const std::string& word);

}  // namespace leasehold::support
