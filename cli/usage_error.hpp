#pragma once

#include <CLI/CLI.hpp>

namespace leasehold::cli {

/// Says on stderr what is wrong with a command line that CLI11 has refused, with the nearest word
/// where one is misspelt, or prints the help that was asked for. Returns the exit code.
int tell(const CLI::App& parser, const CLI::ParseError& error, int argc, char** argv);

}  // namespace leasehold::cli
