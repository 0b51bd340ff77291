#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/run.hpp"

namespace leasehold::reports {

/// Turns the events of a run into text as they happen: a line per event, a column per process with
/// a mark where something happened to it, and what it was. 80 columns; what tells nobody anything
/// (wake-ups, keepalives) is left out.
class TraceView final : public sim::TraceSink {
 public:
  explicit TraceView(const scenarios::Cell& cell);
  void on_event(const sim::TraceEvent& event) override;
  std::string header() const;
  const std::string& text() const { return text_; }

 private:
  void line(const sim::TraceEvent& event, char mark, const std::string& what);
  void record(const sim::TraceEvent& event);
  std::string name(std::uint32_t process) const;
  std::string describe(const sim::Message& message) const;

  const models::Algorithm* algorithm_;
  std::vector<std::string> names_;
  std::string text_;
};

}  // namespace leasehold::reports
