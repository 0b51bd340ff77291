#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checkers/specifications/check_history.hpp"
#include "support/expected.hpp"

/// What `leasehold check` says of histories.
namespace leasehold::reports {

/// A history with the name that the user gave it.
struct NamedCheck {
  std::string file;
  checkers::CheckedHistory history;
};

/// A few lines about each history, and a summary of several.
std::string check_text(const std::vector<NamedCheck>& checks,
                       const checkers::CheckOptions& options);
std::string check_json(const std::vector<NamedCheck>& checks,
                       const checkers::CheckOptions& options);

std::string_view word(checkers::FailedReleases policy);

/// Why a history is what it is said to be, for somebody who does not believe leasehold: a legal
/// order of its calls, or those that cannot all have happened. Calls are named by the number of
/// their invocation among the events of the file, from 0.
struct Certificate {
  std::string specification;
  checkers::FailedReleases policy{};
  std::optional<checkers::Value> initial;
  checkers::Verdict verdict{};  ///< holds or violated
  /// What the calls are.
  enum class Names : std::uint8_t {
    order,    ///< holds: a legal order
    core,     ///< violated: they contradict one another
    answers,  ///< violated: no order explains the answers to them, whatever became of all others
    until     ///< violated: none explains the answers up to the one to this only call
  };
  Names names{};
  std::vector<std::uint64_t> calls;
};

/// Nothing if the verdict is unknown, or holds without a legal order at hand. Of a violation, what
/// verify() can check, if anything can be.
std::optional<Certificate> certificate_of(const checkers::CheckedHistory& history,
                                          const checkers::CheckOptions& options);
std::string certificate_json(const Certificate& certificate);
support::Expected<Certificate> parse_certificate(const std::string& text, const std::string& file);

/// Whether the certificate proves what it says of the history. `unknown`: there are too many orders
/// to try; `not_applicable`: it does not.
checkers::Verdict verify(const Certificate& certificate, const checkers::CheckedHistory& history);

}  // namespace leasehold::reports
